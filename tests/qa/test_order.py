"""Near equals: texts in force before expired ones, duties before penalties, and until when a text holds."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from index.types import Filters
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.conversation import understand_turn
from qa.gather import gather
from qa.intent import Want, read_intent, shape_found
from qa.library import Library
from qa.order import in_order
from qa.pointing import states_breach
from qa.rank import rank
from qa.reply import Answer

_GUIDE = """{year}年度云湖市冷库改造补助申报指南

一、申报条件
申报企业应当在本市注册满{years}年。

二、受理
申报材料经云湖企业平台提交。

三、有效期
本指南自{year}年3月1日起执行,有效期至{year}年12月31日。
"""
_RULES = """云湖市停车收费办法

第一条 为了规范停车收费,制定本办法。
第二条 停车场经营者每小时收费最高不超过五元。
第三条 停车场经营者违反本办法第二条规定,每小时收费超过最高标准的,处多收费用一倍以上三倍以下罚款。
"""


@pytest.fixture(scope="module")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Guides of two years, and rules with a duty and its penalty."""
    texts = {f"{year}.txt": _GUIDE.format(year=year, years=years) for year, years in ((2021, "三"), (2031, "二"))}
    with Store.open(tmp_path_factory.mktemp("order") / "store", load_encoder(), create=True) as store:
        for name, text in {**texts, "停车.txt": _RULES}.items():
            store.ingest(parse_bytes(name, text.encode()), text.encode())
        yield store


def first(store: Store, question: str, day: date) -> str:
    """The text of the clause that comes first on ``day``."""
    shelf = Library(store).shelf()
    asked = understand_turn(question, (), store, shelf, Filters())
    ranked = in_order(asked, rank(asked, shelf, gather(asked, store, shelf, Filters())), shelf, day)
    return ranked[0].candidate.view.text


def test_text_in_force_comes_before_an_expired_one(guides: Store) -> None:
    assert "注册满二年" in first(guides, "申报冷库改造补助要在本市注册满几年?", date(2031, 6, 1))


@pytest.mark.parametrize(
    "question", ["2021年申报冷库改造补助要注册满几年?", "2021年度冷库改造补助申报指南要求注册满几年?"]
)
def test_expired_text_answers_where_its_year_is_asked(guides: Store, question: str) -> None:
    assert "注册满三年" in first(guides, question, date(2031, 6, 1))


def test_duty_comes_before_its_penalty_unless_a_penalty_is_asked(guides: Store) -> None:
    assert first(guides, "停车场每小时收费最高多少?", date(2031, 6, 1)).startswith("第二条")
    assert first(guides, "停车收费超过最高标准罚多少?", date(2031, 6, 1)).startswith("第三条")


def test_penalty_clause_is_told_by_its_breach() -> None:
    assert states_breach("违反本办法第二条规定的,处一千元罚款")
    assert not states_breach("停车场经营者违反本办法第二条规定的,应当改正")
    assert not states_breach("处一千元罚款")


def test_date_until_which_a_text_holds_is_quoted_with_its_date(guides: Store) -> None:
    reply = Assistant(guides).ask("2031年度冷库改造补助申报指南有效期到哪天?")
    assert isinstance(reply, Answer)
    assert "2031年12月31日" in reply.citations[0].quote


def test_amended_law_applies_from_the_day_that_the_decision_names(tmp_path: Path) -> None:
    texts = (
        "云湖市湖滨条例\n\n第一条 湖滨禁止停车。\n第二条 本条例自2031年1月1日起施行。\n",
        "云湖市人民代表大会常务委员会关于修改《云湖市湖滨条例》的决定\n\n一、将第一条修改为:“禁止停放机动车。”\n"
        "本决定自2033年7月1日起施行。\n",
    )
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        for name, text in zip(("条例.txt", "决定.txt"), texts, strict=True):
            store.ingest(parse_bytes(name, text.encode()), text.encode())
        reply = Assistant(store).ask("修改后的湖滨条例从哪天起施行?")
    assert isinstance(reply, Answer)
    assert "2033年7月1日" in reply.citations[0].quote


_NOTICE = """云湖市数据局关于《云湖市数据登记办法(征求意见稿)》公开征求意见的公告

我局起草了《云湖市数据登记办法(征求意见稿)》,现公开征求意见。有关单位和个人可以在2031年12月20日前提出意见。

云湖市数据局
2031年11月10日
"""


def test_date_asked_is_not_that_of_the_signature(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        store.ingest(parse_bytes("公告.txt", _NOTICE.encode()), _NOTICE.encode())
        assert "12月20日" in first(store, "数据登记办法征求意见到几号截止?", date(2031, 12, 1))


def test_english_question_for_a_body_is_answered_by_a_clause_that_names_one() -> None:
    assert Want.BODY in read_intent("Which bureau recognises centres?").wants
    assert shape_found(Want.BODY, "the municipal commerce bureau is responsible for recognition")
    assert not shape_found(Want.BODY, "a centre may apply for recognition")
