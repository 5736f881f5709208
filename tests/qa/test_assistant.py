"""The pipeline over a small store of a fictional city: answers cite literally, refusals say why."""

from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.reply import MARKER, Answer, Refusal

RULES = """云湖市家用电器以旧换新补贴办法

第一章 总则
第一条 为了促进绿色消费,规范补贴资金管理,制定本办法。
第二条 本办法所称家用电器,是指电冰箱、洗衣机、空调和热水器。
第三条 市商务局负责补贴工作的组织实施,市财政局负责资金的拨付和监督。

第二章 补贴标准
第四条 个人交回旧家电并购买一级能效产品的,每台补贴三百元;购买二级能效产品的,每台补贴一百五十元。
第五条 申请补贴应当同时符合下列条件:
(一)申请人具有云湖市户籍或者持有居住证;
(二)购买日期在2031年1月1日以后;
(三)旧家电交由备案的回收企业处理。
第六条 申请人应当在购买之日起三十日内提出申请,逾期不予受理。

第三章 法律责任
第七条 骗取补贴的,由市商务局追回补贴资金,处骗取金额一倍以上三倍以下罚款。
第八条 违反本办法第六条规定逾期申请的,不予补贴。
第九条 本办法自2031年1月1日起施行。
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("store")
    store = Store.open(folder / "s", load_encoder(), create=True)
    raw = RULES.encode()
    store.ingest(parse_bytes("补贴办法.txt", raw), raw)
    return Assistant(store)


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
