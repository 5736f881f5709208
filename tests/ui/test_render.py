from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.render import attributes, badge, esc, highlighted, kind_name, merged, shorten, size_name
from ui.words import Words

ZH = Words("zh")
PRINTABLE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=200)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@given(PRINTABLE)
def test_escaped_text_reads_as_it_was_and_holds_no_tag(text: str) -> None:
    assert unescape(esc(text)) == text
    assert not re.search(r"[<>\"]", esc(text))


@given(PRINTABLE, st.lists(st.tuples(st.integers(0, 220), st.integers(0, 220)), max_size=6), st.integers(0, 50))
def test_highlighting_never_changes_the_words(text: str, marks: list[tuple[int, int]], offset: int) -> None:
    shown = highlighted(text, offset, [(min(pair), max(pair)) for pair in marks])
    assert text_of(shown) == text
    assert shown.count("<mark>") == shown.count("</mark>")


def test_marks_that_touch_become_one() -> None:
    assert merged([(5, 9), (0, 5), (12, 14), (13, 20)]) == [(0, 9), (12, 20)]


def test_highlight_counts_from_the_offset_of_its_piece() -> None:
    assert highlighted("补贴二十元", 100, [(102, 105)]) == "补贴<mark>二十元</mark>"


def test_direction_overrides_and_control_characters_are_dropped() -> None:
    assert esc("办法\u202excod.txt\x00") == "办法xcod.txt"


def test_attributes_leave_out_none_and_escape_values() -> None:
    assert attributes(data_copy='a"b', hidden=True, title=None, class_="x") == ' data-copy="a&quot;b" hidden class="x"'


def test_an_unknown_status_is_said_to_be_unknown() -> None:
    assert 'data-status="unknown"' in badge('x" onclick="y', ZH)
    assert "现行有效" in badge("in_force", ZH)


def test_an_unknown_kind_is_shown_as_it_is() -> None:
    assert kind_name("bylaw", ZH) == "bylaw"
    assert kind_name("plan", ZH) == "规划计划"


@pytest.mark.parametrize(("size", "said"), [(512, "512 B"), (3_400, "3.4 KB"), (52_000_000, "52 MB"), (2e9, "2.0 GB")])
def test_sizes_are_named_for_people(size: float, said: str) -> None:
    assert size_name(int(size)) == said


def test_shortening_keeps_one_line_and_its_length() -> None:
    assert shorten("一二三，\n四五六七", 5) == "一二三…"
