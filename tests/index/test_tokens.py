from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.tokens import normal, query_terms, stem, terms


def test_a_run_of_characters_gives_each_character_and_each_pair() -> None:
    assert sorted(terms("供热期")) == sorted(["供", "热", "期", "供热", "热期"])


def test_traditional_and_full_width_forms_give_the_same_terms() -> None:
    assert sorted(terms("數據安全法２０２１")) == sorted(terms("数据安全法2021"))


def test_english_words_lose_case_and_endings() -> None:
    assert terms("Policies GRANTED to Companies") == ["policy", "grant", "to", "company"]


def test_a_number_stays_whole() -> None:
    assert terms("39.2万亿元")[0] == "39.2"


def test_short_words_keep_their_endings() -> None:
    assert [stem(word) for word in ("gas", "bus", "this", "tax", "taxes")] == ["gas", "bus", "this", "tax", "tax"]


@given(st.text())
def test_terms_never_hold_a_space_and_never_fail(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))
    assert terms(normal(text)) is not None


def test_little_words_of_an_english_question_are_not_looked_for() -> None:
    assert query_terms("What are the conditions for a subsidy, and who decides on the subsidy?") == [
        "condition",
        "subsidy",
        "decide",
    ]
    assert query_terms("Who is it?") == ["who", "is", "it"]


def test_names_in_capitals_are_looked_for_though_they_spell_little_words() -> None:
    assert query_terms("Which IT services does the WHO list?") == ["it", "service", "who", "list"]
    assert query_terms("WHO MAY APPLY?") == ["apply"]


def test_a_chinese_question_keeps_every_term() -> None:
    assert query_terms("IT 企业 the") == ["it", "企", "业", "企业", "the"]
