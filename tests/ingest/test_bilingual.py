from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.bilingual import both, sides
from ingest.errors import ReadError
from ingest.readers.wording import advice, problem

WORDS = st.text(st.characters(exclude_characters="/"), min_size=1)


@given(WORDS, WORDS)
def test_each_side_comes_back_as_it_was(chinese: str, english: str) -> None:
    assert sides(both(chinese, english)) == (chinese, english)


def test_a_text_in_one_language_is_given_for_both() -> None:
    assert sides("Check the path") == ("Check the path", "Check the path")


def test_a_value_with_the_separator_in_it_stays_whole() -> None:
    assert sides(both("标题“甲 / 乙”下没有正文。", "No text below “甲 / 乙”.")) == (
        "标题“甲 / 乙”下没有正文。",
        "No text below “甲 / 乙”.",
    )


def test_an_error_is_one_whole_sentence_in_each_language() -> None:
    error = ReadError("空.txt", problem("empty"), advice("empty"))
    chinese, english = sides(str(error))
    assert chinese == "空.txt: 文件是空的。请检查它是否复制完整，再试一次。"
    assert english == "the file is empty. Check that it was copied completely and try again."
