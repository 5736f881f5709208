"""The pipeline over a small store of a fictional city: answers cite literally, refusals say why."""

from pathlib import Path

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.reply import MARKER, Answer, Refusal


def test_amount_is_answered_with_the_article_that_gives_it(assistant: Assistant) -> None:
    reply = assistant.ask("买一级能效的空调补多少钱?")
    assert isinstance(reply, Answer)
    assert "三百元" in reply.text
    assert reply.citations[0].clause.label == "第四条"


def test_quotation_is_what_its_spans_hold(assistant: Assistant) -> None:
    reply = assistant.ask("骗补贴会怎么罚?")
    assert isinstance(reply, Answer)
    source = assistant.store.source("补贴办法.txt").text
    for citation in reply.citations:
        assert citation.quote == "\n".join(source[a:b] for a, b in citation.spans)
    assert {int(m) for m in MARKER.findall(reply.text)} == {c.marker for c in reply.citations}


def test_article_asked_by_number_always_wins(assistant: Assistant) -> None:
    reply = assistant.ask("补贴办法第6条怎么规定的")
    assert isinstance(reply, Answer)
    assert reply.citations[0].clause.label == "第六条"
    assert reply.retrieved[0].clause.label == "第六条"


def test_article_that_does_not_exist_is_refused_by_name(assistant: Assistant) -> None:
    reply = assistant.ask("补贴办法第二十条写了什么?")
    assert isinstance(reply, Refusal)
    assert reply.reason == "missing_clause"
    assert "第二十条" in reply.text


def test_conditions_come_as_the_whole_list_in_order(assistant: Assistant) -> None:
    reply = assistant.ask("申请补贴有哪些条件?")
    assert isinstance(reply, Answer)
    positions = [reply.text.find(word) for word in ("居住证", "2031年1月1日以后", "回收企业")]
    assert -1 not in positions
    assert positions == sorted(positions)


def test_question_about_another_matter_is_refused(assistant: Assistant) -> None:
    reply = assistant.ask("机动车驾驶证考试要考几门?")
    assert isinstance(reply, Refusal)
    assert reply.nearest


def test_empty_question_is_refused(assistant: Assistant) -> None:
    reply = assistant.ask("  ")
    assert isinstance(reply, Refusal)
    assert reply.reason == "empty_question"


def test_runnable_gives_the_same_reply(assistant: Assistant) -> None:
    reply = assistant.as_runnable().invoke({"question": "补贴由哪个部门负责?"})
    assert isinstance(reply, Answer)
    assert "市商务局" in reply.text


LISTS = """云湖市充电桩补贴指南

一、补贴对象
在本市建设充电桩的企业。

二、申报条件
申报企业应当同时具备下列条件:
1. 在本市注册满一年;
2. 充电桩已通过验收;
有下列情形之一的,不予支持:
1. 已获得其他财政补贴;
2. 处于破产程序。

三、附则
本指南自2031年5月1日起施行。
"""


def test_what_is_excluded_stands_below_its_own_heading(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        store.ingest(parse_bytes("指南.txt", LISTS.encode()), LISTS.encode())
        reply = Assistant(store).ask("申报充电桩补贴要符合哪些条件?")
    assert isinstance(reply, Answer)
    lines = reply.text.splitlines()
    heading = next(i for i, line in enumerate(lines) if "不予支持" in line)
    assert any("注册满一年" in line for line in lines[:heading])
    assert [line.startswith("  - ") for line in lines[heading + 1 :]] == [True, True]


PLAN = """云湖市冷链建设行动计划（2031—2033年）

一、目标
到2033年建成冷库二十座。

二、保障
（一）资金
市财政每年安排五百万元。
（二）监管
以虚假材料骗取资金的，追回资金，五年内不再受理其申报。
"""
GUIDE = """2031年度云湖市冷库补助申报指南

一、对象
本市的冷库经营企业可以申报。

二、违规处理
弄虚作假、骗取补助的，依照《云湖市冷链建设行动计划（2031—2033年）》第二部分第（二）项处理。
"""


def test_part_of_another_document_is_followed(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        for name, text in (("计划.txt", PLAN), ("指南.txt", GUIDE)):
            store.ingest(parse_bytes(name, text.encode()), text.encode())
        reply = Assistant(store).ask("骗取冷库补助的怎么处理?")
    assert isinstance(reply, Answer)
    assert [citation.clause.label for citation in reply.citations] == ["二、", "（二）"]
    assert "五年内不再受理" in reply.text
