"""The forms in which official texts point elsewhere, each with what it points to, in texts about an invented city."""

from __future__ import annotations

import re

import pytest

from ingest.model import PolicyDocument, SourceText
from ingest.pipeline import parse_source

LAW = """云溪市渔港条例

第一章　总则

第一条　根据《中华人民共和国渔业法》，制定本条例。

第二条　渔港分为下列三类：
（一）中心渔港；
（二）一级渔港；
（三）二级渔港。
前款第一项所称中心渔港，由市人民政府认定。
前两款规定不适用于临时停泊点。

第三条　渔港经营单位应当履行下列义务：
（一）维护码头；
（二）清理港池；
（三）报告险情。

第三条之一　渔港经营单位可以委托他人履行前条第二项规定的义务。

第二章　管理

第四条　依照本条例第二条第一款第（二）项认定的渔港，适用第三条至第五条的规定。

第五条　渔船进港，应当遵守《云溪市渔船管理办法》第十二条和本条例第三条第一项、第三项。
违反前款规定的，依照本条例第七条、第八条之一处理。

第六条　本条第一款、本章规定的程序，见附件2。

第三章　法律责任

第七条　违反本条例第三条第三项规定的，处一千元罚款；有前项行为的，从重处罚。
违反第二章规定的，依照《治安管理处罚法》第四十九条处罚。

第八条　依照前条规定处罚的，可以依照行政处罚法第三十三条不予处罚。

第八条之一　违反本条例第三条之一规定的，责令改正。

第九条　本条例自2026年6月1日起施行。《云溪市渔港管理办法》同时废止。

附件1
渔港名录
望潮、北礁。

附件2
渔船进港程序
按附件1所列渔港申报。
"""
LAW_EXPECTED = [
    ("一", "《中华人民共和国渔业法》", "=中华人民共和国渔业法"),
    ("二", "前款第一项", "（一）"),
    ("二", "前两款", "第二条"),
    ("三之一", "前条第二项", "（二）"),
    ("四", "第二条第一款第（二）项", "（二）"),
    ("四", "第三条", "第三条"),
    ("四", "第五条", "第五条"),
    ("五", "《云溪市渔船管理办法》", "=云溪市渔船管理办法"),
    ("五", "第十二条", "=云溪市渔船管理办法"),
    ("五", "第三条第一项", "（一）"),
    ("五", "第三项", "（三）"),
    ("五", "前款", "第五条"),
    ("五", "第七条", "第七条"),
    ("五", "第八条之一", "第八条之一"),
    ("六", "本条第一款", "第六条"),
    ("六", "本章", "第二章"),
    ("六", "附件2", "附件2"),
    ("七", "第三条第三项", "（三）"),
    ("七", "前项", "第七条"),
    ("七", "第二章", "第二章"),
    ("七", "《治安管理处罚法》", "=治安管理处罚法"),
    ("七", "第四十九条", "=治安管理处罚法"),
    ("八", "前条", "第七条"),
    ("八", "第三十三条", "=行政处罚法"),
    ("八之一", "第三条之一", "第三条之一"),
    ("九", "《云溪市渔港管理办法》", "=云溪市渔港管理办法"),
    ("附件2", "附件1", "附件1"),
]
DECISION = """云溪市人民政府关于修改《云溪市渔船检验办法》的决定

一、将第二条第一款修改为：“渔船每年检验一次。”

二、删去第五条、第九条第二项。

三、将第六条、第八条、第十条中的“渔政站”修改为“渔业局”。

四、增加一条，作为第十一条：“违反本办法第六条规定的，依照《渔业法》第三十八条处罚。”

本决定自2026年5月1日起施行。
"""
OTHER = "=云溪市渔船检验办法"
DECISION_EXPECTED = [
    ("题名", "《云溪市渔船检验办法》", OTHER),
    ("一", "第二条第一款", OTHER),
    ("二", "第五条", OTHER),
    ("二", "第九条第二项", OTHER),
    ("三", "第六条", OTHER),
    ("三", "第八条", OTHER),
    ("三", "第十条", OTHER),
    ("四", "第十一条", OTHER),
    ("四", "第六条", OTHER),
    ("四", "《渔业法》", "=渔业法"),
    ("四", "第三十八条", "=渔业法"),
]
PLAN = """云溪市渔港建设行动计划

为落实《云溪市“十五五”规划》（以下简称《规划》），制定本计划。

一、北礁县
北礁县的渔港建设要求如下。
（一）基本要求
1.冷库。冷库容量不少于五百吨。
2.码头。码头长度不少于两百米。
（二）专项要求
1.监控。与专栏1所列标准一致，并符合《规划》要求。
专栏1 监控标准
每百米安装探头两个。

二、望潮县
（一）基本要求
1.冷库。与北礁县冷库要求相同。
2.码头。与北礁县码头要求相同。
（二）专项要求
1.监控。（与北礁县监控要求相同）

三、保障措施
（一）资金保障
资金安排见附件，任务分工见附表1。
（二）监督检查
按照第一条规定的办法检查，考核适用本计划第二部分第（二）项。

附件
资金安排
共两千万元。

附表1
任务分工表
渔业局牵头。
"""
PLAN_EXPECTED = [
    ("引言", "《云溪市“十五五”规划》", "=云溪市“十五五”规划"),
    ("引言", "《规划》", "=云溪市“十五五”规划"),
    ("一", "专栏1", "专栏1"),
    ("一", "《规划》", "=云溪市“十五五”规划"),
    ("二", "与北礁县冷库要求相同", "1."),
    ("二", "与北礁县码头要求相同", "2."),
    ("二", "与北礁县监控要求相同", "1."),
    ("三", "附件", "附件"),
    ("三", "附表1", "附表1"),
    ("三", "第二部分第（二）项", "（二）"),
]
GUIDE = """云溪市渔船补贴申报指南

一、申报条件
申报人应当符合《云溪市渔船补贴办法》第四条、第六条第一款以及《渔业船员管理办法》第九条之二的规定。
不符合《云溪市渔船补贴办法》（云渔规〔2025〕1号）第五条第（三）项规定的，不予受理。
申报人依照中华人民共和国渔业法第二十三条取得捕捞许可证。

二、办理
违反民法典第五百条的，退还补贴。
补贴第一条渔船三万元，第二条渔船两万元。
按照本指南第一部分办理。
弄虚作假的，依照《云溪市渔港建设行动计划》第三部分第（二）项处理。
"""
GUIDE_EXPECTED = [
    ("一", "《云溪市渔船补贴办法》", "=云溪市渔船补贴办法"),
    ("一", "第四条", "=云溪市渔船补贴办法"),
    ("一", "第六条第一款", "=云溪市渔船补贴办法"),
    ("一", "《渔业船员管理办法》", "=渔业船员管理办法"),
    ("一", "第九条之二", "=渔业船员管理办法"),
    ("一", "《云溪市渔船补贴办法》", "=云溪市渔船补贴办法"),
    ("一", "第五条第（三）项", "=云溪市渔船补贴办法"),
    ("一", "第二十三条", "=中华人民共和国渔业法"),
    ("二", "第五百条", "=民法典"),
    ("二", "第一部分", "一、"),
    ("二", "《云溪市渔港建设行动计划》", "=云溪市渔港建设行动计划"),
    ("二", "第三部分第（二）项", "=云溪市渔港建设行动计划"),
]
ENGLISH = """Yunxi Measures for Fishing Harbours

Chapter I General

Article 1 These Measures are made under Article 12 of the Yunxi Harbour Law.

Article 2 A harbour shall have:
(1) a quay;
(2) a cold store.

Article 3 A harbour that lacks what Article 2(2) requires shall be closed under Article 4.

Article 4 A harbour closed under Article 3 may open again once it meets Article 2 of these Measures.
"""
ENGLISH_EXPECTED = [
    ("Article", "Article 12 of the Yunxi Harbour Law", "=Yunxi Harbour Law"),
    ("Article", "Article 2(2)", "(2)"),
    ("Article", "Article 4", "Article"),
    ("Article", "Article 3", "Article"),
    ("Article", "Article 2 of these Measures", "Article"),
]
TRADITIONAL = """雲溪市漁港管理條例

第一條　為管理漁港，制定本條例。

第二條　漁港經營者應維護碼頭。

第三條　違反前條規定者，處罰鍰；依第二條限期改善者，免罰。
"""
TRADITIONAL_EXPECTED = [("三", "前條", "第二條"), ("三", "第二條", "第二條")]
TEXTS = {"english": ENGLISH, "traditional": TRADITIONAL, "law": LAW, "decision": DECISION, "plan": PLAN, "guide": GUIDE}
EXPECTED = {
    "english": ENGLISH_EXPECTED,
    "traditional": TRADITIONAL_EXPECTED,
    "law": LAW_EXPECTED,
    "decision": DECISION_EXPECTED,
    "plan": PLAN_EXPECTED,
    "guide": GUIDE_EXPECTED,
}


def found(name: str) -> list[tuple[str, str, str]]:
    """(top place, words, target's label or =name) of every reference."""
    (document,) = parse_source(SourceText(f"{name}.txt", TEXTS[name])).documents
    return [
        (place(clause.path), reference.text, target(document, reference.target_clause, reference.named))
        for clause in document.clauses
        for reference in clause.references
    ]


def place(path: tuple[str, ...]) -> str:
    article = next(
        (step for step in path if step.startswith(("第", "Article")) and re.search("[条條]|Article", step)), path[0]
    )
    return re.sub("[条條]", "", article.split("、")[0].removeprefix("第")).split(" ")[0]


def target(document: PolicyDocument, clause_id: str | None, named: str | None) -> str:
    if clause_id is not None:
        return document.clause(clause_id).label.split(" ")[0]
    return f"={named}" if named else "document"


def scored(name: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """What was missed, and what was found and should not have been."""
    extra = found(name)
    missed = []
    for wanted in EXPECTED[name]:
        if wanted in extra:
            extra.remove(wanted)
        else:
            missed.append(wanted)
    return missed, extra


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_references_lead_where_they_say(name: str) -> None:
    missed, extra = scored(name)
    assert len(missed) <= 0.1 * len(EXPECTED[name]), missed
    assert len(extra) <= 0.1 * len(EXPECTED[name]), extra


def test_nearly_all_references_are_found_and_hardly_any_invented() -> None:
    wanted = sum(map(len, EXPECTED.values()))
    missed, extra = ([pair for name in TEXTS for pair in scored(name)[side]] for side in (0, 1))
    recall = 1 - len(missed) / wanted
    precision = (wanted - len(missed)) / (wanted - len(missed) + len(extra))
    assert recall >= 0.95, missed
    assert precision >= 0.95, extra


TWO_LISTS = """云溪市渡口条例

第一条　渡口经营者应当遵守下列规定：
（一）按时开船；
（二）不得超载；
（三）备足救生衣。
乘客不得有下列行为：
（一）携带易燃物品；
（二）翻越护栏。
违反前款规定的，可以拒绝其乘船。

第二条　违反第一条第一款第（二）项规定的，处五千元罚款；违反第一条第二款第（一）项、第（二）项规定的，处二百元罚款。

第三条　违反第一条第三项规定的，处一千元罚款；违反第一条第二项规定的，予以警告。
"""


def test_item_of_an_article_with_two_lists_is_that_of_the_paragraph_named() -> None:
    (document,) = parse_source(SourceText("渡口.txt", TWO_LISTS)).documents
    text = {clause.clause_id: clause.text for clause in document.clauses}
    second, third = (clause for clause in document.clauses if clause.label in {"第二条", "第三条"})
    assert [text[r.target_clause or ""] for r in second.references] == [
        "（二）不得超载；",
        "（一）携带易燃物品；",
        "（二）翻越护栏。",
    ]
    only, either = (text[r.target_clause or ""] for r in third.references)
    assert only == "（三）备足救生衣。"
    assert either.startswith("第一条")  # which of two is meant is not said: the article, and no item


def test_agreement_with_somebody_points_nowhere() -> None:
    text = TWO_LISTS + "\n第四条　渡口经营者与乘客协商一致，可以变更开船时间。\n"
    (document,) = parse_source(SourceText("渡口.txt", text)).documents
    assert not next(clause for clause in document.clauses if clause.label == "第四条").references
