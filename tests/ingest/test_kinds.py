"""Kinds of texts, about an invented city, each with its true outline beside its lines.

``kinds/NAME.txt``: ``## TITLE`` says which document the lines below belong to and is not part of the text; behind
`` @@ `` stands the path of a line, steps between ``›``, or nothing where only the document counts. Lines without it
are titles, headings, signatures and page furniture. Written before the parser was tried on them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.model import Clause, PolicyDocument, SourceText
from ingest.pipeline import parse_source
from tests.ingest.test_messy import SUPPLIED, folded, keys

KINDS = Path(__file__).parent / "kinds"
NAMES = sorted(path.stem for path in KINDS.glob("*.txt"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with the document and path that it should have, and the clauses that hold it."""

    text: str
    title: str
    path: tuple[str, ...] | None
    found: tuple[tuple[PolicyDocument, Clause], ...]

    @property
    def right(self) -> bool:
        """Whether some clause of the right document with the right path holds the line."""
        return any(
            folded(document.title) == folded(self.title) and (self.path is None or self._at(clause.path))
            for document, clause in self.found
        )

    def _at(self, path: Sequence[str]) -> bool:
        """Same numbers or beginnings; a last step that only repeats how an unnumbered line begins may be there."""
        have, want = [step for step in path if step not in SUPPLIED or step in (self.path or ())], self.path or ()
        pairs = zip(have, want, strict=False)
        same = all(keys([h]) == keys([w]) or folded(h).lower().startswith(folded(w).lower()) for h, w in pairs)
        repeats = len(have) == len(want) + 1 and folded(self.text).startswith(folded(have[-1])[:8])
        return same and (len(have) == len(want) or repeats)


def placed_lines(name: str) -> list[Placed]:
    lines: list[str] = []
    wanted: dict[int, tuple[str, tuple[str, ...] | None]] = {}
    title = ""
    for raw in (KINDS / f"{name}.txt").read_text("utf-8").split("\n"):
        if raw.startswith("## "):
            title = raw[3:]
            continue
        text, mark, path = raw.partition(" @@")
        if mark:
            wanted[len(lines)] = (title, tuple(path.strip().split("›")) if path.strip() else None)
        lines.append(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    held: dict[int, list[tuple[PolicyDocument, Clause]]] = {}
    for document in parse_source(SourceText(f"{name}.txt", "\n".join(lines))).documents:
        for clause in document.clauses:
            for start, end in clause.spans:
                for n in range(bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1))):
                    held.setdefault(n, []).append((document, clause))
    return [Placed(lines[n], title, path, tuple(held.get(n, ()))) for n, (title, path) in wanted.items()]


def report(lines: Sequence[Placed]) -> str:
    return "\n".join(
        f"{line.text[:40]}: wanted {line.title} {line.path}, got {[(d.title, c.path) for d, c in line.found]}"
        for line in lines
    )


@pytest.mark.parametrize("name", NAMES)
def test_lines_stand_where_a_reader_would_look_for_them(name: str) -> None:
    lines = placed_lines(name)
    wrong = [line for line in lines if not line.right]
    assert len(lines) >= 7
    assert 1 - len(wrong) / len(lines) >= 0.85, report(wrong)


def test_all_kinds_together_are_nearly_right() -> None:
    lines = [line for name in NAMES for line in placed_lines(name)]
    wrong = [line for line in lines if not line.right]
    assert 1 - len(wrong) / len(lines) >= 0.95, report(wrong)
