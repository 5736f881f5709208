"""A text whose lines were broken at a fixed width has the clauses that it had before."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import PolicyDocument, SourceText, quote
from ingest.pipeline import parse_file, parse_source
from ingest.wrapping import wrap_width

SAMPLES = Path(__file__).parents[2] / "samples"
TEXTS = ("01", "03", "06", "12", "15", "18", "20", "22")
NEVER_FIRST = "，。；：、）》”"


def wrapped(text: str, columns: int, *, indent: str = "　　") -> str:
    """The text without blank lines, every paragraph indented and broken at a width, as mail and terminals do."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if not paragraph.strip():
            continue
        line, used = indent, 2 * len(indent)
        for character in paragraph.strip():
            wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
            if used + wide > columns and character not in NEVER_FIRST:
                lines.append(line)
                line, used = "", 0
            line, used = line + character, used + wide
        lines.append(line)
    return "\n".join(lines) + "\n"


def outline(documents: tuple[PolicyDocument, ...]) -> list[tuple[tuple[str, ...], str]]:
    """Paths with the letters of their clauses, whatever the white space and the headings above."""
    return [
        (tuple("".join(step.split())[:8] for step in clause.path), "".join(clause.text.split()))
        for document in documents
        for clause in document.clauses
        if clause.path[-1] not in {"题名", "引言", "导语"}
    ]


@pytest.mark.parametrize("columns", [56, 64, 72, 80])
@pytest.mark.parametrize("name", TEXTS)
def test_wrapped_samples_keep_their_clauses(name: str, columns: int) -> None:
    text = parse_file(next(SAMPLES.glob(f"{name}-*.txt"))).source.text
    whole = outline(parse_source(SourceText("a.txt", text)).documents)
    again = outline(parse_source(SourceText("a.txt", wrapped(text, columns))).documents)
    same = sum(left in again for left in whole)
    assert same / len(whole) >= 0.95, [left for left in whole if left not in again][:5]


def test_pieces_of_a_wrapped_line_are_spans_of_their_own() -> None:
    text = wrapped(next(SAMPLES.glob("22-*.txt")).read_text("utf-8"), 60)
    (document,) = parse_source(SourceText("a.txt", text)).documents
    first = next(clause for clause in document.clauses if clause.label == "第一条")
    assert len(first.spans) > 1
    assert all("\n" not in text[start:end] for start, end in first.spans)


def test_lines_that_end_where_their_sentences_end_are_not_joined() -> None:
    texts = [f"第{n}条 渔港由渔业局管理，渔船进出渔港应当报告，渔民应当配合检查工作。" for n in range(1, 20)]
    assert wrap_width([70] * 19, texts) is None


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="渔港管理办法第一条二、（）()。，\n 　ab1", max_size=400))
def test_any_text_is_quoted_by_its_spans(text: str) -> None:
    for document in parse_source(SourceText("a.txt", text)).documents:
        for clause in document.clauses:
            assert clause.text == quote(text, clause.spans)
            assert all(text[start:end].strip() for start, end in clause.spans)
