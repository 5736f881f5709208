"""Which texts hold which words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.late import TokenTexts
from qa.lines import joined, lines_of
from qa.wordmatch import Group, presence, presence_in

_WORDS = st.text("数据安全监管a1", min_size=1, max_size=5)
_TEXTS = st.lists(st.text("数据安全监管a1 ,。", max_size=12), max_size=8)
_GROUPS = st.lists(
    st.builds(lambda words: Group(tuple((word, 1.0) for word in words), 1.0), st.lists(_WORDS, min_size=1, max_size=3)),
    min_size=1,
    max_size=3,
)


@given(_GROUPS, _TEXTS)
def test_texts_looked_through_together_hold_what_each_holds_alone(groups: list[Group], texts: list[str]) -> None:
    together = presence(groups, [*texts, *texts])
    alone = [presence(groups, [text])[0] for text in texts]
    assert together.shape == (2 * len(texts), len(groups))
    assert np.array_equal(together, np.asarray([*alone, *alone], dtype=np.float32).reshape(together.shape))


@given(_WORDS, st.lists(st.text("数据安全监管a1", max_size=12), min_size=1, max_size=8))
def test_a_text_holds_a_word_fully_where_the_word_stands_in_it(word: str, texts: list[str]) -> None:
    held = presence([Group(((word, 1.0),), 1.0)], texts)[:, 0]
    assert [bool(share == 1.0) for share in held] == [word in text for text in texts]


@given(
    _GROUPS,
    st.lists(st.lists(st.text("数据安全监管a1 ,。", max_size=12), min_size=1, max_size=4), min_size=1, max_size=5),
)
def test_lines_put_together_from_parts_hold_what_they_hold_as_texts(
    groups: list[Group], parts: list[list[str]]
) -> None:
    together = presence_in(groups, joined([lines_of(part) for part in parts]))
    assert np.array_equal(together, presence(groups, [text for part in parts for text in part]))


@given(st.lists(st.lists(st.lists(st.integers(1, 9), max_size=4), min_size=1, max_size=4), min_size=1, max_size=5))
def test_token_texts_put_together_from_parts_are_the_texts_in_order(parts: list[list[list[int]]]) -> None:
    ids = [[np.asarray(text, dtype=np.int32) for text in part] for part in parts]
    together = TokenTexts.joined([TokenTexts.of(part) for part in ids])
    at_once = TokenTexts.of([text for part in ids for text in part])
    assert together.ids.tolist() == at_once.ids.tolist()
    assert together.starts.tolist() == at_once.starts.tolist()
