"""What a question wants to know, whether a text gives it, and the near misses that teach refusing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store import Store
from index.types import Filters
from qa.assistant import Assistant
from qa.conversation import understand_turn
from qa.focus import asks_total, attribute, figures_asked, gives
from qa.gather import gather
from qa.intent import Want
from qa.learning import Lesson
from qa.library import Library
from qa.question import Asked, understand
from qa.refuse import in_rows_only
from qa.reply import Refusal
from qa.spelling import Speller
from qa.titles import Titles
from qa.withholding import says_all, withheld
from qa.wordcounts import WordCounts


def asked(question: str) -> Asked:
    """The question read against an empty store."""
    return understand(question, (), Titles([]), Speller(WordCounts([])))


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("云湖数科公司的注册资本是多少?", "注册资本"),
        ("打车被撞了,赔偿标准是多少钱?", "赔偿"),
        ("轮渡的票价怎么定的?", "票价"),
        ("加计扣除的比例在云湖是多少?", "加计扣除"),
        ("补贴比例要提到多少?", ""),
        ("一共要改造多少家企业?", ""),
        ("任务是几家,分到北岸多少?", ""),
    ],
)
def test_attribute_is_the_noun_before_the_question_word(question: str, word: str) -> None:
    assert attribute(asked(question)) == word


@pytest.mark.parametrize(
    ("question", "text", "given"),
    [
        ("每万人要有多少个充电桩?", "提出了每万人充电桩数、覆盖率2项指标", False),
        ("每万人要有多少个充电桩?", "每万人拥有充电桩18个", True),
        ("要培育多少家链主企业?", "培育链主企业30家以上", True),
        ("山区一共有多少个县?", "覆盖山区26县", True),
        ("中央财政安排多少亿元?", "完成3项任务,建设20公里管网", False),
        ("中央财政安排多少亿元?", "安排资金3亿元", True),
        ("认定了多少家研发中心?", "twelve centres have been recognised.", True),
    ],
)
def test_figure_must_be_of_what_is_asked(question: str, text: str, given: bool) -> None:
    one = asked(question)
    assert any(gives(want, one, text) for want in figures_asked(one)) == given


def test_share_is_not_answered_by_a_count() -> None:
    one = asked("普及率要达到百分之多少?")
    assert figures_asked(one) == (Want.PERCENT,)
    assert not gives(Want.PERCENT, one, "提出普及率等2项指标")


def test_sum_so_far_is_told_from_a_number_of_things() -> None:
    assert asks_total(asked("去年一共发了多少补贴资金?"))
    assert not asks_total(asked("一共找了多少家公司?"))


def test_name_in_a_row_of_names_is_neither_defined_nor_itemised() -> None:
    row = "统一了整体智治、数字模型、多跨协同、城市大脑等术语"
    assert in_rows_only("数字模型", row)
    assert not in_rows_only("数字模型", row + "。数字模型是指用数据描述的对象")
    assert not in_rows_only("数字模型", "数字模型、城市大脑两项")
    assert not in_rows_only("未来社区", row)


@given(st.text(alphabet="数字模型、,。;城", max_size=40), st.text(alphabet="数字模型", min_size=1, max_size=3))
def test_name_with_words_of_its_own_is_never_in_rows_only(text: str, name: str) -> None:
    assert not in_rows_only(name, f"{text}。{name}是指甲")


@pytest.mark.parametrize(
    "question", ["以旧换新补贴一共发了多少资金?", "回收企业的注册资本是多少?", "一级能效产品要卖出多少个百分点?"]
)
def test_near_miss_is_refused(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Refusal)


def test_withheld_clause_and_all_that_says_the_same_are_gone(store: Store) -> None:
    shelf = Library(store).shelf()
    one = understand_turn("买二级能效的家电补多少钱?", (), store, shelf, Filters())
    found = gather(one, store, shelf, Filters())
    gold = next(c.view.clause.clause_id for c in found if "一百五十元" in c.view.text)
    lesson = Lesson(one.question, (), frozenset((gold,)), True, (("一百五十元", "150元"),))
    left = next(withheld(lesson, one, found))
    assert gold not in {c.view.clause.clause_id for c in left}
    assert not any(says_all(lesson, c.view.text) for c in left)
    assert min(c.hit.rank for c in left if c.hit) == 1


def test_question_that_names_the_clause_withholds_nothing(store: Store) -> None:
    shelf = Library(store).shelf()
    one = understand_turn("办法第四条怎么规定?", (), store, shelf, Filters())
    found = gather(one, store, shelf, Filters())
    gold = next(c.view.clause.clause_id for c in found if "一百五十元" in c.view.text)
    assert not list(withheld(Lesson(one.question, (), frozenset((gold,)), True), one, found))
