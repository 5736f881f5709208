"""What stands around a text and is none of its clauses: orders, letterheads, bylines, source lines, codes."""

from __future__ import annotations

from datetime import date

from ingest.model import Kind, ParsedFile, PolicyDocument, Region, SourceText, Status
from ingest.pipeline import parse_source


def parsed(text: str) -> ParsedFile:
    return parse_source(SourceText("云溪.txt", text))


def only(text: str) -> PolicyDocument:
    (document,) = parsed(text).documents
    return document


def paths(document: PolicyDocument) -> list[str]:
    return ["›".join(clause.path) for clause in document.clauses]


ORDER = """云溪市渡口管理规定

云溪市人民政府令

第72号

《云溪市渡口管理规定》已经市人民政府第9次常务会议通过，现予公布。

市长　顾望舟

2026年4月2日

第一章　总则

第一条　为了保障渡运安全，制定本规定。

第二条　渡口由县（区）人民政府管理。

第二章　附则

第三条　本规定自2026年6月1日起施行。
"""


def test_an_order_above_a_text_is_no_heading_over_its_chapters() -> None:
    assert "第一章 总则›第一条" in paths(only(ORDER))


def test_an_order_gives_number_and_issuer() -> None:
    document = only(ORDER)
    assert document.number == "云溪市人民政府令第72号"
    assert document.issuers == ("云溪市人民政府",)
    assert (document.issued_on, document.effective_on) == (date(2026, 4, 2), date(2026, 6, 1))


def test_the_signature_of_an_order_does_not_send_the_first_chapter_elsewhere() -> None:
    document = only(ORDER)
    assert all(clause.order_confidence == 1.0 for clause in document.clauses)


def test_a_letterhead_leaves_addressee_and_text_alone() -> None:
    document = only(
        "云溪市渔业局文件\n云渔发〔2026〕4号\n关于做好休渔期工作的通知\n各县（区）渔业主管部门，各渔港：\n"
        "今年休渔期自五月一日开始，现将有关事项通知如下：\n一、加强巡查\n每日巡查两次。\n二、加强宣传\n张贴告示。\n"
        "云溪市渔业局\n2026年4月20日\n"
    )
    assert paths(document)[:3] == ["题名", "主送", "引言"]
    assert document.issuers == ("云溪市渔业局",)


def test_a_speaker_under_the_title_is_no_heading_over_the_speech() -> None:
    document = only(
        "在全市造林动员会上的讲话\n\n（2026年2月6日）\n\n云溪市市长　顾望舟\n\n"
        "同志们：今天我们开会，部署今年的造林工作。下面我讲两点意见。\n\n"
        "一、认清形势\n\n去年我们造林三万亩，离目标还差两千亩，山塬上的造林地块越来越远，越来越难。\n\n"
        "二、抓紧行动\n\n三月底以前要完成整地，四月中旬以前要完成栽植，苗木由市苗圃统一供应。\n"
    )
    assert "一、认清形势" in paths(document)
    assert document.kind is Kind.SPEECH


def test_a_dateline_with_its_source_is_no_heading() -> None:
    document = only(
        "云溪建成首座渔港冷库\n\n2026年03月05日 09:30　来源：云溪日报　记者 方知白\n\n"
        "日前，云溪首座渔港冷库建成投用，可以储存水产品八千吨，渔民可以就近储存渔获。\n\n"
        "冷库由渔业合作社运营，储存费每吨每日两元，渔民凭社员证享受八折优惠，冷库全年不停机。\n\n责任编辑：江映雪\n"
    )
    assert all("来源" not in step for clause in document.clauses for step in clause.path)
    assert document.issued_on == date(2026, 3, 5)


def test_codes_and_days_on_the_cover_of_a_standard_are_no_headings() -> None:
    document = only(
        "渔港冷库运行规范\n\nDB91/T 2209—2026\n\n2026-01-10发布　2026-03-01实施\n\n云溪市市场监督管理局　发布\n\n"
        "1 范围\n\n本文件规定了渔港冷库的运行要求。\n\n2 规范性引用文件\n\n下列文件是必不可少的。\n\n"
        "DB91/T 1105—2023　冷库通用要求\n\nDB91/T 1188—2024　渔港通用要求\n\n3 运行\n\n冷库温度不高于零下十八度。\n"
    )
    assert [clause.label for clause in document.clauses if clause.label] == ["1", "2", "3"]
    inside = next(clause for clause in document.clauses if clause.label == "2")
    assert "DB91/T 1188—2024" in inside.text
    assert (document.kind, document.status) == (Kind.STANDARD, Status.IN_FORCE)


def test_a_guide_that_cites_a_standard_is_no_standard() -> None:
    document = only(
        "云溪市渔港冷库补贴申报指南\n\n一、支持对象\n\n符合DB91/T 2209—2026的冷库。\n\n"
        "二、补贴标准\n\n每吨库容补贴二十元。\n"
    )
    assert document.kind is Kind.NORMATIVE


MAGAZINE = """目录

云溪推出渔港二十条/01
云溪市渔港建设“十五五”规划/02

01

云溪志

来源:云溪渔业观察

云溪推出渔港二十条

3月1日,市政府常务会议审议通过渔港二十条,提出五方面政策措施,渔港码头、冷库和修船坞都在支持之列。

市渔业局有关负责人表示,渔港二十条立足渔民需要,简化申请材料,压缩办理时间,渔民在家里就能提出申请。

02

云溪志

来源:云溪市人民政府办公室

为建设现代渔港,促进渔业增效、渔民增收,根据全市国民经济和社会发展规划,编制本规划,规划期为五年。

一、发展基础

全市有渔港七座,冷库容量三万吨,渔船一千二百艘,渔民收入连续五年增长,渔港功能逐步完善。

云溪市渔港建设“十五五”规划

03

云溪志

二、主要任务

新建渔港两座,扩建渔港三座,冷库容量翻一番,渔船更新改造四百艘,渔港监控全覆盖。

04

云溪志
"""


def test_a_source_line_goes_to_the_text_of_its_page_that_has_none() -> None:
    news, plan = parsed(MAGAZINE).documents
    assert "来源:云溪市人民政府办公室" not in " ".join(clause.text for clause in news.clauses)
    assert "来源:云溪市人民政府办公室" in " ".join(clause.text for clause in plan.clauses)
    assert plan.issuers == ("云溪市人民政府办公室",)


def test_what_is_wrong_with_things_belongs_to_the_section_and_not_to_its_last_topic() -> None:
    document = only(
        "云溪市渔业发展规划\n\n为发展渔业，编制本规划。\n\n一、发展基础\n\n全市渔业稳步发展。\n"
        "渔港建设成效显著。全市建成渔港七座，冷库容量达到三万吨，渔港监控覆盖率达到九成以上。\n"
        "渔船装备不断改善。更新渔船四百艘，渔船平均船龄下降三年，安全设备配备率达到百分之百。\n"
        "同时，渔业发展还存在一些问题，主要表现为：渔港淤积严重，渔民老龄化，品牌效应不强。\n\n"
        "二、主要任务\n\n建设现代渔港。\n"
    )
    section = next(clause for clause in document.clauses if clause.label == "一、")
    assert "渔港淤积严重" in section.text
    assert "一、发展基础›渔船装备不断改善" in paths(document)


def test_an_alias_has_both_its_title_marks() -> None:
    document = only(
        "关于印发《关于加强渔港治理的指导意见》的通知\n云渔发〔2026〕8号\n各县（区）渔业主管部门：\n现印发给你们。\n云溪市渔业局\n2026年5月1日\n"
    )
    assert all(alias.count("《") == alias.count("》") for alias in document.aliases)


def test_english_articles_that_end_in_a_full_stop_are_not_cut_off() -> None:
    document = only(
        "Yunxi Measures for Fishing Harbours\n\nChapter I General\n\n"
        "Article 1 These Measures are made to keep harbours safe, to support fishers, and to protect the coast.\n\n"
        "Article 2 A harbour shall have: a quay, a cold store, and a slipway; and\n\n"
        "Article 3 These Measures shall come into force on 1 May 2026.\n"
    )
    assert not document.warnings
    assert document.status is Status.IN_FORCE


def test_a_clause_that_runs_over_the_page_carries_both_pages() -> None:
    text = "云溪市渔港办法\n第一条 渔港由渔业局管理，渔船进港应当报告。\n第二条 本办法自公布之日起施行。\n"
    first, second = text.index("第一条"), text.index("第二条")
    cut = text.index("渔船进港")
    box = (0.0, 0.0, 100.0, 10.0)
    source = SourceText(
        "办法.pdf",
        text,
        media_type="application/pdf",
        page_starts=(0, second),
        regions=(
            Region(1, (first, cut), box),
            Region(2, (cut, second - 1), box),
            Region(2, (second, len(text) - 1), box),
        ),
    )
    (document,) = parse_source(source).documents
    assert {clause.label: clause.pages for clause in document.clauses if clause.label} == {
        "第一条": (1, 2),
        "第二条": (2,),
    }
