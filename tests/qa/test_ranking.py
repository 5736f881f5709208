"""What the ranking and the refusals lean on: features of a question's wording, years of figures."""

import pytest

from index.types import Filters
from qa.assistant import Assistant
from qa.conversation import understand_turn
from qa.document_kinds import kinds_in
from qa.fixed import announces_below
from qa.followup import make_standalone
from qa.intent import Want, read_intent, shape_found
from qa.language import plain
from qa.library import Library
from qa.places import places_in
from qa.refuse import years_of_figure


@pytest.mark.parametrize("text", ["32个中类", "五条重点产业链", "用户达11.36亿", "100家"])
def test_number_of_things_is_a_count(text: str) -> None:
    assert shape_found(Want.COUNT, text)


@pytest.mark.parametrize("text", ["2021年至2023年", "第三条", "一是", "十四五规划", "三年行动"])
def test_year_ordinal_and_plan_count_nothing(text: str) -> None:
    assert not shape_found(Want.COUNT, text)


def test_list_word_is_not_read_into_which_day() -> None:
    assert not read_intent("落款是哪一天?").has(Want.LIST)
    assert read_intent("有哪几条原则?").has(Want.LIST)


def test_fine_up_to_an_amount_announces_no_list() -> None:
    assert not announces_below(plain("处五百元以上一千元以下罚款。"))
    assert announces_below(plain("申请人应当符合以下条件:"))


def test_county_is_named_as_the_store_prints_it() -> None:
    printed = {"海棠县", "示范区"}.__contains__
    assert "海棠县" in places_in("新增任务几家,分到海棠县多少?", printed)
    assert not places_in("示范区有几个?", printed)


def test_sort_of_document_is_read_where_one_is_spoken_of() -> None:
    assert kinds_in("条例说要优先放开哪几类?") == ("条例",)
    assert kinds_in("有什么标准?") == ()


def test_figure_is_of_the_last_year_named_before_it() -> None:
    sentence = "2021年4月发布的白皮书指出,2020年规模达39.2万亿元"
    assert years_of_figure(sentence, sentence.index("39.2"), set()) == {2020}
    assert years_of_figure("规模达39.2万亿元", 3, {2025}) == {2025}


def test_new_question_in_a_conversation_stands_alone() -> None:
    turn = make_standalone("高温津贴室外作业每月发多少?", ["电动车停在哪里?"])
    assert not turn.carried
    assert make_standalone("罚多少?", ["电动车停在楼道里怎么处理?"]).carried


def test_follow_up_swaps_a_name_with_the_same_ending() -> None:
    assert make_standalone("青石区呢", ["北苑区累计改造了多少家企业?"]).text == "青石区累计改造了多少家企业?"
    turn = make_standalone("电子信息制造业呢?", ["软件和信息服务业2025年要做到多大?"])
    assert turn.text == "电子信息制造业2025年要做到多大?"


def test_follow_up_keeps_to_the_document_of_the_talk(assistant: Assistant) -> None:
    shelf = Library(assistant.store).shelf()
    asked = understand_turn("期限呢?", ["买一级能效的空调补多少钱?"], assistant.store, shelf, Filters())
    assert [shelf.titles.documents[d].title for d in asked.earlier] == ["云湖市家用电器以旧换新补贴办法"]


def test_penalty_is_read_with_the_conduct_that_it_names_by_number(assistant: Assistant) -> None:
    shelf = Library(assistant.store).shelf()
    document = next(iter(shelf.titles.documents))
    article = next(c for c in shelf.document(document).clauses if c.label == "第八条")
    assert "三十日内提出申请" in shelf.view(article, shelf.document(document)).context
