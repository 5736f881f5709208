"""Magazine-style extractions with their blocks out of order, about an invented city, with the outline they should get.

Each ``messy/NAME.txt`` has a ``messy/NAME.json``: documents with clauses, each with the true ``path`` and the 1-based
``lines`` that belong to it; ``path`` null means that only the document counts. Lines in no clause are headings, titles,
signatures and page furniture.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ingest.model import Clause, ParsedFile, PolicyDocument
from ingest.pipeline import parse_file

MESSY = Path(__file__).parent / "messy"
NAMES = sorted(path.stem for path in MESSY.glob("*.json"))
HAN = "[一二三四五六七八九十百零]"
NUMBER = re.compile(rf"第(?:{HAN}|\d)+[章节条](?:之{HAN}+)?|{HAN}+|\d+")
PRINTED_NUMBER = re.compile(r"[一-鿿]{2,6}\d{5,}号$")
SUPPLIED = {"导语", "引言", "主送", "正文", "落款", "前言"}


@dataclass(frozen=True, slots=True)
class Line:
    """One gold line: where it belongs, and where the parser put it."""

    number: int
    titles: tuple[str, ...]
    text: str
    path: tuple[str, ...] | None
    placed: tuple[tuple[PolicyDocument, Clause], ...]

    @property
    def in_document(self) -> bool:
        return any(self._named(document) for document, _ in self.placed)

    @property
    def in_place(self) -> bool:
        if self.path is None:
            return self.in_document
        return any(self._at(clause.path) for document, clause in self.placed if self._named(document))

    def _at(self, path: Sequence[str]) -> bool:
        """Same path; a last label that only repeats the opening of an unnumbered line may be there or not."""
        have, want = keys(path), keys(self.path or ())
        repeats = bool(have) and not NUMBER.match(have[-1]) and folded(self.text).startswith(have[-1])
        return have == want or (repeats and have[:-1] == want)

    def _named(self, document: PolicyDocument) -> bool:
        have = PRINTED_NUMBER.sub("", folded(document.title))
        return any(folded(title) == have or (len(have) >= 8 and have in folded(title)) for title in self.titles)


def folded(text: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", text))


def keys(path: Sequence[str]) -> list[str]:
    """Labels by their number, or by their first eight characters; labels that no text prints are left out."""
    out = []
    for label in path:
        text = re.sub(r"^\W+", "", unicodedata.normalize("NFKC", label))
        if text and text not in SUPPLIED:
            found = NUMBER.match(text)
            out.append(found.group() if found else folded(text)[:8])
    return out


def gold_lines(name: str, parsed: ParsedFile) -> Iterator[Line]:
    text = parsed.source.text
    printed = text.split("\n")
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    held: dict[int, list[tuple[PolicyDocument, Clause]]] = {}
    for document in parsed.documents:
        for clause in document.clauses:
            for start, end in clause.spans:
                for number in range(bisect_right(starts, start), bisect_right(starts, max(start, end - 1)) + 1):
                    held.setdefault(number, []).append((document, clause))
    gold: list[dict[str, Any]] = json.loads((MESSY / f"{name}.json").read_text("utf-8"))
    for document_gold in gold:
        titles = (document_gold["title"], *document_gold["aliases"])
        for clause_gold in document_gold["clauses"]:
            path = None if clause_gold["path"] is None else tuple(clause_gold["path"])
            for number in clause_gold["lines"]:
                yield Line(number, titles, printed[number - 1], path, tuple(held.get(number, ())))


def report(lines: Sequence[Line]) -> str:
    return "\n".join(
        f"line {x.number}: wanted {x.titles[0]} {x.path}, got "
        + (" | ".join(f"{d.title} {c.path}" for d, c in x.placed) or "no clause")
        for x in lines
    )


@pytest.fixture(scope="module")
def all_lines() -> dict[str, list[Line]]:
    return {name: list(gold_lines(name, parse_file(MESSY / f"{name}.txt"))) for name in NAMES}


def test_every_messy_text_has_gold_lines_that_exist(all_lines: dict[str, list[Line]]) -> None:
    assert len(NAMES) >= 5
    for name, lines in all_lines.items():
        printed = (MESSY / f"{name}.txt").read_text("utf-8").split("\n")
        assert len(lines) >= 15
        assert all(printed[line.number - 1].strip() for line in lines)


def test_lines_are_found_in_their_document(all_lines: dict[str, list[Line]]) -> None:
    every = [line for lines in all_lines.values() for line in lines]
    wrong = [line for line in every if not line.in_document]
    assert 1 - len(wrong) / len(every) >= 0.95, report(wrong)


def test_lines_are_found_at_their_place_in_the_outline(all_lines: dict[str, list[Line]]) -> None:
    every = [line for lines in all_lines.values() for line in lines]
    wrong = [line for line in every if not line.in_place]
    assert 1 - len(wrong) / len(every) >= 0.95, report(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_no_single_text_falls_apart(name: str, all_lines: dict[str, list[Line]]) -> None:
    wrong = [line for line in all_lines[name] if not line.in_place]
    assert 1 - len(wrong) / len(all_lines[name]) >= 0.85, report(wrong)
