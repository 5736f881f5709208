"""A clause's spans as paragraphs for reading: broken where the source has a new line, joined where a page broke one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ingest.model import Clause, Span, overlaps
from ui.render import highlighted

_ENDS: Final = frozenset("。！？；：.!?;:”」』》）)…|")
_SHORTEST_WRAPPED_LINE: Final = 14
"""A line below this length was not broken by a page's width: it is a heading or an item of its own."""


def paragraphs(text: str, spans: Iterable[Span], heading: str = "") -> list[list[Span]]:
    """The spans of a clause, line by line, grouped into paragraphs; each group is what one paragraph shows.

    A line is joined to the next where it stops in mid-sentence and is long enough to have been broken by the page.
    ``heading`` is a line that stands alone whatever its length.
    """
    groups: list[list[Span]] = []
    broken = False
    alone = "".join(heading.split())
    for line in (line for span in spans for line in _lines(text, span)):
        words = text[line[0] : line[1]]
        if broken:
            groups[-1].append(line)
        else:
            groups.append([line])
        broken = len(words) >= _SHORTEST_WRAPPED_LINE and words[-1] not in _ENDS and "".join(words.split()) != alone
    return groups


def _lines(text: str, span: Span) -> list[Span]:
    lines = []
    at = span[0]
    for piece in text[span[0] : span[1]].split("\n"):
        stripped = piece.strip()
        if stripped:
            start = at + len(piece) - len(piece.lstrip())
            lines.append((start, start + len(stripped)))
        at += len(piece) + 1
    return lines


def clause_paragraphs(text: str, clause: Clause, marks: Iterable[Span] = ()) -> list[tuple[str, bool]]:
    """The clause's paragraphs as safe HTML, each with whether it holds any of ``marks`` (offsets into the source)."""
    wanted = tuple(marks)
    shown = []
    for group in paragraphs(text, clause.spans, clause.label + clause.heading):
        pieces = [highlighted(text[start:end], start, wanted) for start, end in group]
        shown.append((_joined(text, group, pieces), overlaps(group, wanted)))
    return shown


def _joined(text: str, group: Sequence[Span], pieces: Sequence[str]) -> str:
    """Latin words need a space where the line broke; Chinese needs none."""
    joined = pieces[0]
    for before, span, piece in zip(group[:-1], group[1:], pieces[1:], strict=True):
        latin = text[before[1] - 1].isascii() and text[span[0]].isascii()
        joined += (" " if latin else "") + piece
    return joined
