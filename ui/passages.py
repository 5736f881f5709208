"""A clause's spans as paragraphs for reading: broken where the source has a new line, joined where a page broke one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from ingest.model import Clause, Span, overlaps
from ui.grid import grid_html, is_row
from ui.render import highlighted

_ENDS: Final = frozenset("。！？；：.!?;:”」』》）)…|")
_SHORTEST_WRAPPED_LINE: Final = 14
"""A line below this length was not broken by a page's width: it is a heading or an item of its own."""


def paragraphs(text: str, spans: Iterable[Span], heading: str = "") -> list[list[Span]]:
    """The spans of a clause, line by line, grouped into paragraphs; each group is what one paragraph shows.

    A line is joined to the next where it stops in mid-sentence and is long enough to have been broken by the page.
    ``heading`` is a line that stands alone whatever its length, and so is a row of a table.
    """
    groups: list[list[Span]] = []
    broken = False
    alone = "".join(heading.split())
    for line in (line for span in spans for line in _lines(text, span)):
        words = text[line[0] : line[1]]
        if broken and not is_row(words):
            groups[-1].append(line)
        else:
            groups.append([line])
        broken = (
            not is_row(words)
            and len(words) >= _SHORTEST_WRAPPED_LINE
            and words[-1] not in _ENDS
            and "".join(words.split()) != alone
        )
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


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a table of a clause as safe HTML, whether any marked words are in it, and which of both it is."""

    html: str
    marked: bool
    is_table: bool = False


def clause_blocks(text: str, clause: Clause, label: str, marks: Iterable[Span] = ()) -> list[Block]:
    """The clause's paragraphs and tables, with the characters of ``marks`` (offsets into the source) highlighted.

    Items that are marked and stand in the middle of the clause are shown where the source prints them. ``label`` is
    the name of a table for those who can't see it.
    """
    wanted = tuple(marks)
    shown = []
    groups = paragraphs(text, _with_items(clause.spans, wanted), clause.label + clause.heading)
    for rows, run in groupby(groups, lambda group: is_row(text[group[0][0] : group[0][1]])):
        if rows:
            lines = [group[0] for group in run]
            shown.append(Block(grid_html(text, lines, wanted, label), overlaps(lines, wanted), is_table=True))
            continue
        for group in run:
            pieces = [highlighted(text[start:end], start, wanted) for start, end in group]
            shown.append(Block(_joined(text, group, pieces), overlaps(group, wanted)))
    return shown


def _with_items(spans: Sequence[Span], marks: Sequence[Span]) -> tuple[Span, ...]:
    """The spans of a clause with the marks outside them, which are of its items, at their places among them."""
    outside = [mark for mark in marks if not overlaps([mark], spans)]
    return tuple(sorted((*spans, *outside))) if outside and list(spans) == sorted(spans) else tuple(spans)


def block_html(block: Block, *, aside: bool = False) -> str:
    """A block as it stands in a page; ``aside`` hides it until the reader asks for the whole clause."""
    hidden = " class=aside hidden" if aside else ""
    return f"<div{hidden}>{block.html}</div>" if block.is_table else f"<p{hidden}>{block.html}</p>"


def _joined(text: str, group: Sequence[Span], pieces: Sequence[str]) -> str:
    """Latin words need a space where the line broke; Chinese needs none."""
    joined = pieces[0]
    for before, span, piece in zip(group[:-1], group[1:], pieces[1:], strict=True):
        latin = text[before[1] - 1].isascii() and text[span[0]].isascii()
        joined += (" " if latin else "") + piece
    return joined
