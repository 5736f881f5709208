"""Table rows as readers of files write them, ``cell | cell | cell``, shown as the table that they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from ingest.model import Clause, Span, overlaps
from ui.render import attributes, esc, highlighted

BAR: Final = " | "


def is_row(line: str) -> bool:
    """Whether a line of an extracted text is a row of a table."""
    return BAR in line


def cells(text: str, row: Span) -> list[Span]:
    """Where the cells of the row at ``row`` of ``text`` stand, empty ones included."""
    found = []
    at = row[0]
    for cell in text[row[0] : row[1]].split(BAR):
        found.append((at, at + len(cell)))
        at += len(cell) + len(BAR)
    return found


def grid_html(text: str, rows: Sequence[Span], marks: Iterable[Span], label: str) -> str:
    """The rows of ``text`` as a table with the characters of ``marks`` highlighted; the first is the head."""
    wanted = tuple(marks)
    drawn = [[highlighted(text[start:end], start, wanted) for start, end in cells(text, row)] for row in rows]
    return drawn_grid(drawn, label)


def drawn_grid(rows: Sequence[Sequence[str]], label: str) -> str:
    """A table of cells that are safe HTML already. It scrolls by itself where it is wider than its place."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0]) if len(rows) > 1 else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (rows[1:] if head else rows)
    )
    return (
        f'<div class="grid"{attributes(aria_label=label)} role="group" tabindex="0"><table>'
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table></div>"
    )


def quoted_grid(text: str, clause: Clause, marks: Sequence[Span], label: str) -> str:
    """What ``marks`` quote of a clause, its rows as a table below their head; empty where no row is quoted.

    The head is shown even where only a row below it is quoted: figures without their columns' names say nothing.
    """
    lines = [line for span in clause.spans for line in _lines(text, span)]
    rows = [line for line in lines if is_row(text[line[0] : line[1]])]
    quoted = [line for line in lines if overlaps([line], marks)]
    if not any(line in rows for line in quoted):
        return ""
    drawn = []
    for in_table, run in groupby(quoted, lambda line: line in rows):
        if in_table:
            chosen = list(run)
            drawn.append(grid_html(text, chosen if rows[0] in chosen else [rows[0], *chosen], (), label))
        else:
            drawn += [f"<p>{esc(text[start:end].strip())}</p>" for start, end in run]
    return "".join(drawn)


def _lines(text: str, span: Span) -> list[Span]:
    found = []
    at = span[0]
    for line in text[span[0] : span[1]].split("\n"):
        if line.strip():
            found.append((at, at + len(line)))
        at += len(line) + 1
    return found
