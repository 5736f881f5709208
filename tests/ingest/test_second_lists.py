"""Several announced lists in one section, topics among other paragraphs, news that goes on, captions of tables."""

from __future__ import annotations

import pytest

from ingest.model import PolicyDocument, SourceText
from ingest.pipeline import parse_bytes, parse_source


def parsed(text: str) -> PolicyDocument:
    (document,) = parse_source(SourceText("云溪.txt", text)).documents
    return document


def place(document: PolicyDocument, words: str) -> tuple[str, ...]:
    """The path of the one clause that holds the words."""
    (path,) = [clause.path for clause in document.clauses if words in clause.text]
    return path


GUIDE = """云溪市渔船更新补贴申报指南

一、支持对象
在云溪市登记的渔船所有人。
二、申报条件
申报补贴的渔船应当同时具备下列条件:
1.在云溪市登记满三年;
2.证书齐全有效;
3.近两年没有发生责任事故。
{announcement}
1.已享受报废补贴的;
2.船龄不满十年的。
三、申报程序
向县渔业主管部门提出申请。
"""


@pytest.mark.parametrize(
    ("announcement", "name"),
    [
        ("有下列情形之一的,不予支持:", "有下列情形之一的,不予支持"),
        ("下列渔船不予补贴:", "下列渔船不予补贴"),
        ("此外,存在以下情形的暂缓受理:", "存在以下情形的暂缓受理"),
    ],
)
def test_a_second_announced_list_is_a_clause_with_its_own_items(announcement: str, name: str) -> None:
    document = parsed(GUIDE.format(announcement=announcement))
    assert place(document, "登记满三年") == ("二、申报条件", "1.在云溪市登记满三年")
    assert place(document, announcement) == ("二、申报条件", name)
    assert place(document, "船龄不满十年")[:2] == ("二、申报条件", name)
    assert place(document, "向县渔业主管部门") == ("三、申报程序",)
    assert len({clause.path for clause in document.clauses}) == len(document.clauses)


def test_a_second_list_of_sections_keeps_its_sections_apart_from_the_first_ones() -> None:
    document = parsed(
        "云溪市渔港评定条件\n\n一、国家级\n国家级渔港的条件分两类。\n(一)基本条件\n1.水域面积二十万平方米;\n2.陆域面积二十万平方米。\n"
        "(二)专项条件\n1.冷库容量五千吨;\n2.码头长度六百米。\n此外,县级渔港也可以自荐,自荐条件分为基本条件和经营条件两类,由第三方评价。具体如下:\n"
        "(一)基本条件\n1.运营三年以上;\n2.没有失信记录。\n(二)经营条件\n1.年卸港量四万吨;\n2.年交易额五亿元。\n二、省级\n省级渔港由省定条件。\n"
    )
    assert place(document, "陆域面积")[:2] == ("一、国家级", "(一)基本条件")
    assert place(document, "失信记录")[:3] == ("一、国家级", "县级渔港也可以自荐", "(一)基本条件")
    assert place(document, "年卸港量")[:3] == ("一、国家级", "县级渔港也可以自荐", "(二)经营条件")
    assert place(document, "省定条件") == ("二、省级",)


def test_the_second_list_of_an_article_stays_with_the_article() -> None:
    document = parsed(
        "云溪市渔港条例\n\n第一条 设立渔港应当具备下列条件:\n(一)有岸线;\n(二)有水深。\n有下列情形之一的,不得设立:\n"
        "(一)在航道内;\n(二)在保护区内。\n第二条 本条例自公布之日起施行。\n"
    )
    assert place(document, "在保护区内")[0] == "第一条"
    assert "不得设立" in next(clause.text for clause in document.clauses if clause.path == ("第一条",))


TOPICS = [
    "建成远洋渔业示范区。远洋渔船达到一百二十艘,远洋捕捞量占全市的三成以上,产品全部可以追溯。",
    "建成水产加工集聚区。加工企业达到八十家,精深加工比重超过一半,冷链覆盖所有渔港和批发市场。",
    "建成海洋牧场先行区。人工鱼礁区面积达到六十平方公里,增殖放流苗种每年不少于两亿尾。",
]


def test_aims_for_two_years_around_topics_stay_with_the_section() -> None:
    text = "\n".join(TOPICS)
    document = parsed(
        "云溪市渔业发展规划\n\n一、总体要求\n(一)目标。\n到2027年,渔业综合实力明显增强,建成三个区。\n"
        f"{text}\n到2035年,全面建成现代渔业强市,渔民收入比2025年翻一番。\n二、保障措施\n加强领导。\n"
    )
    assert place(document, "远洋渔船")[-1] == "建成远洋渔业示范区"
    assert place(document, "增殖放流")[-1] == "建成海洋牧场先行区"
    assert place(document, "到2035年") == place(document, "到2027年") == ("一、总体要求", "(一)目标")


def test_facets_of_a_situation_are_clauses() -> None:
    document = parsed(
        "云溪市渔业发展规划\n\n一、发展环境\n(一)面临形势。\n渔业发展面临新的形势和任务。\n"
        "从国际看,远洋渔业资源管理趋严,配额分配竞争加剧,入渔成本持续上升。\n从国内看,水产品消费稳步增长,优质水产品供不应求。\n"
        "从市内看,渔港设施老化,加工能力不足,品牌影响力有待提升。\n二、保障措施\n加强领导。\n"
    )
    assert place(document, "配额分配") == ("一、发展环境", "(一)面临形势", "从国际看")
    assert place(document, "渔港设施老化") == ("一、发展环境", "(一)面临形势", "从市内看")


def test_a_paragraph_that_names_no_topic_leaves_the_topics_around_it_alone() -> None:
    items = "\n".join(
        f"{name}渔港扩建工程:扩建码头{n}百米,新建冷库一座,年内开工建设。"
        for n, name in enumerate(["北礁", "望潮", "临海", "青石"], 2)
    ).split("\n")
    document = parsed(
        "云溪市重点项目计划\n\n一、续建项目\n以下项目继续建设。\n"
        f"{items[0]}\n{items[1]}\n上面两个项目的资金已经到位,工期也已经排定。\n{items[2]}\n{items[3]}\n二、保障措施\n加强领导。\n"
    )
    assert place(document, "临海渔港") == ("一、续建项目", "临海渔港扩建工程")
    assert place(document, "资金已经到位") == ("一、续建项目",)


NEWS = """云溪出台渔港管理新规

来源:云溪日报

近日,云溪市渔业局发布《渔港管理规定》,对渔港的规划、建设、使用和安全作出规定,自明年一月一日起施行。

{opening}渔港经营者应当配备消防设施,每季度组织一次演练,演练情况报县渔业主管部门,不得以检修为名停用设施。

市渔业局负责人表示,新规施行后将开展为期半年的检查,重点检查消防和防台设施,检查结果向社会公布。
云溪日报记者 林知远
"""


@pytest.mark.parametrize(
    "opening", ["同时,", "此外,", "为此,", "值得注意的是,", "根据《渔港管理规定》,", "《规定》提出,", "与此同时,"]
)
def test_the_opening_of_a_sentence_is_no_heading_in_news(opening: str) -> None:
    document = parsed(NEWS.format(opening=opening))
    names = [step for clause in document.clauses for step in clause.path]
    assert opening.rstrip(",") not in names
    assert place(document, "配备消防设施") == place(document, "近日,云溪市渔业局")
    assert place(document, "为期半年") != place(document, "配备消防设施")
    assert place(document, "林知远") == ("题名",)


def test_a_table_stands_below_the_section_that_is_open_with_its_caption() -> None:
    page = (
        "<html><body><h1>云溪市渔港分级指南</h1><h2>1　范围</h2><p>本指南适用于本市渔港。</p><h2>2　分级</h2>"
        "<p>渔港按照表1分级。</p><p>表1　渔港分级表</p><table><tr><th>级别</th><th>码头</th></tr>"
        "<tr><td>一级</td><td>六百米</td></tr><tr><td>二级</td><td>三百米</td></tr></table>"
        "<h2>3　管理</h2><p>渔港由县级管理。</p></body></html>"
    )
    (document,) = parse_bytes("渔港.html", page.encode()).documents
    assert place(document, "三百米") == ("2 分级", "表1　渔港分级表")
    assert place(document, "由县级管理") == ("3 管理",)
