"""What who asks says of themselves is background: its year and its words are not what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.circumstances import background, without_background
from qa.reply import Answer

GUIDE = """{year}年度云湖市冷库改造补助申报指南

一、申报条件
1.在本市注册满{years}年;
2.上一年度营业收入三百万元以上。

二、申报材料
(一)必备材料
1.申报表;
2.项目合同和发票;
3.验收意见。
(二)补充材料
申报大型冷库补助的,还应当提交审计报告。
"""


@pytest.fixture(scope="module")
def helper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    this_year = date.today().year
    with Store.open(tmp_path_factory.mktemp("own") / "store", load_encoder(), create=True) as store:
        for year, years in ((this_year - 1, "三"), (this_year, "二")):
            ends = f"\n三、有效期\n本指南有效期至{year}年12月31日。\n"
            text = (GUIDE + ends).format(year=year, years=years).encode()
            store.ingest(parse_bytes(f"{year}.txt", text), text)
        yield Assistant(store)


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("我们厂去年营收800万,怎么申请补贴?", "我们厂去年营收800万,"),
        ("去年销售过亿,研发占比要多少?", "去年销售过亿,"),
        ("去年营收做到多少才能报?", ""),
        ("营收800万够不够申报", ""),
        ("产值过百亿的龙头,要培育几家?", ""),
        ("去年的补贴最高几万?", ""),
        ("", ""),
    ],
)
def test_a_figure_of_the_askers_own_is_background_and_a_question_is_not(question: str, own: str) -> None:
    assert background(question) == own
    assert without_background(question) == question[len(own) :]


def test_the_year_of_an_own_figure_does_not_bring_an_expired_guide(helper: Assistant) -> None:
    reply = helper.ask("我们厂去年营收800万,想做冷库改造,怎么申请补助,要交哪些材料?")
    assert isinstance(reply, Answer)
    assert {citation.document.title[:4] for citation in reply.citations} == {str(date.today().year)}
    assert [citation.clause.path[0][:6] for citation in reply.citations] == ["二、申报材料"] * len(reply.citations)
    assert all(wanted in reply.text for wanted in ("申报表", "项目合同和发票", "验收意见", "审计报告"))


def test_the_year_of_the_policy_still_brings_its_guide(helper: Assistant) -> None:
    reply = helper.ask("去年的冷库改造补助,要在本市注册满几年?")
    assert isinstance(reply, Answer)
    assert reply.citations[0].document.title.startswith(str(date.today().year - 1))
    assert "三年" in reply.text
