"""Tables with three horizontal rules (三线表): the rules say where they are, the words in line where columns are.

Above the first rule below the top one stands the header, below it the body. A column ends where no line of the body
has anything; a line whose first cell is empty goes on with the row above, unless it stands apart and fills the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from ingest.readers.assemble import Cell
from ingest.readers.pdf_glyphs import Box, Glyph
from ingest.readers.pdf_lines import rows_of_glyphs
from ingest.readers.pdf_paragraphs import glue

_SAME: Final = 4.0
"""Points by which the ends of a table's rules may differ."""
_GAP_EM: Final = 0.9
"""The least space between two columns."""
_APART_EM: Final = 1.6
"""Baselines further apart than this belong to two rows, not to two lines of a cell."""
_LEAST_WIDTH: Final = 80.0
_MAX_ROWS: Final = 300

Found = tuple[Box, tuple[tuple[Cell, ...], ...], dict[tuple[int, int], Box], tuple[float, ...]]
"""A table's box, its rows, the boxes of its cells by row and column, and the edges of its columns."""


def three_line_tables(edges: Sequence[dict[str, Any]], glyphs: Sequence[Glyph]) -> list[tuple[Found, set[Glyph]]]:
    """The tables between horizontal ``edges`` that no upright one touches, each with the characters in it."""
    upright = [e for e in edges if e["orientation"] == "v"]
    rules = sorted((e for e in edges if e["orientation"] == "h" and e["width"] >= _LEAST_WIDTH), key=lambda e: e["top"])
    groups: list[list[dict[str, Any]]] = []
    for rule in rules:
        for group in groups:
            if abs(group[0]["x0"] - rule["x0"]) < _SAME and abs(group[0]["x1"] - rule["x1"]) < _SAME:
                group.append(rule)
                break
        else:
            groups.append([rule])
    found = []
    for group in groups:
        ys = [group[0]["top"], *(low["top"] for high, low in pairwise(group) if low["top"] - high["top"] > _SAME)]
        at = 0
        while at + 2 < len(ys):
            box = (group[0]["x0"] - _SAME, ys[at], group[0]["x1"] + _SAME, ys[at + 2])
            inside = [g for g in glyphs if _inside(g, box)]
            closed = any(_touches(edge, box) for edge in upright)
            table = None if closed else _table(box, ys[at + 1], [g for g in inside if not g.char.isspace()])
            if table is not None:
                found.append((table, set(inside)))
            at += 1 if table is None else 3
    return found


def _touches(edge: dict[str, Any], box: Box) -> bool:
    return bool(box[0] <= edge["x0"] <= box[2] and edge["bottom"] > box[1] and edge["top"] < box[3])


def _inside(glyph: Glyph, box: Box) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _table(box: Box, middle: float, glyphs: Sequence[Glyph]) -> Found | None:
    """The rows of a table whose header ends at ``middle``; None where its lines don't fall into columns."""
    header = [g for g in glyphs if (g.top + g.bottom) / 2 < middle]
    body = [g for g in glyphs if (g.top + g.bottom) / 2 >= middle]
    if not header or not body:
        return None
    size = median(g.size for g in body)
    columns = _columns(body, _GAP_EM * size)
    lines = rows_of_glyphs(body)
    if min(len(columns), len(_columns(header, _GAP_EM * size))) < 2 or len(lines) > _MAX_ROWS:
        return None
    shown: list[list[list[Glyph]]] = [[[g for g in header if _column(g, columns) == n] for n in range(len(columns))]]
    if sum(map(bool, shown[0])) < 2:
        return None
    merged: list[int] = []
    anchors = [bool([g for g in line if _column(g, columns) == 0]) for line in lines]
    places = [max(g.bottom for g in line) for line in lines]
    for row in _grouped(lines, columns, anchors, places, size):
        cells = [[g for at in row for g in lines[at] if _column(g, columns) == n] for n in range(len(columns))]
        if not cells[0] and len(shown) > 1:
            merged.append(len(shown))
        shown.append(cells)
    if sum(sum(map(bool, row)) >= 2 for row in shown) < 0.7 * len(shown):
        return None
    return _written(box, shown, merged, columns)


def _columns(body: Sequence[Glyph], gap: float) -> list[tuple[float, float]]:
    """Stretches of x that hold anything, parted by gaps at least so wide."""
    found: list[tuple[float, float]] = []
    for glyph in sorted(body, key=lambda g: g.x0):
        if found and glyph.x0 - found[-1][1] < gap:
            found[-1] = (found[-1][0], max(found[-1][1], glyph.x1))
        else:
            found.append((glyph.x0, glyph.x1))
    return found


def _column(glyph: Glyph, columns: Sequence[tuple[float, float]]) -> int:
    """The column nearest to a character's middle."""
    x = (glyph.x0 + glyph.x1) / 2
    return min(range(len(columns)), key=lambda n: max(columns[n][0] - x, x - columns[n][1], 0.0))


def _grouped(
    lines: Sequence[Sequence[Glyph]],
    columns: Sequence[tuple[float, float]],
    anchors: Sequence[bool],
    places: Sequence[float],
    size: float,
) -> list[list[int]]:
    """Positions of lines by row, from the top."""
    if not any(anchors):
        return [[at] for at in range(len(lines))]
    rows: list[list[int]] = []
    if not anchors[0]:  # cells are centred: lines go to the nearest line that has a first cell
        heads = [at for at, anchor in enumerate(anchors) if anchor]
        nearest = [min(heads, key=lambda head: abs(places[head] - places[at])) for at in range(len(lines))]
        return [[at for at in range(len(lines)) if nearest[at] == head] for head in heads]
    for at, line in enumerate(lines):
        filled = len({_column(glyph, columns) for glyph in line})
        apart = at > 0 and places[at] - places[at - 1] > _APART_EM * size
        if not rows or anchors[at] or (apart and filled >= max(2, len(columns) - 1)):
            rows.append([at])
        else:
            rows[-1].append(at)
    return rows


def _written(
    box: Box, shown: Sequence[Sequence[Sequence[Glyph]]], merged: Sequence[int], columns: Sequence[tuple[float, float]]
) -> Found:
    rows: list[tuple[Cell, ...]] = []
    boxes: dict[tuple[int, int], Box] = {}
    for i, row in enumerate(shown):
        cells: list[Cell] = []
        for j, glyphs in enumerate(row):
            if j == 0 and i in merged:
                above = rows[i - 1][0]
                cells.append(above if not isinstance(above, str) else (i - 1, 0))
                continue
            text = ""
            for line in rows_of_glyphs(glyphs):
                words = _words(line)
                text += (glue(text, words) if text else "") + words
            cells.append(text)
            if glyphs:
                xs, ys = [(g.x0, g.x1) for g in glyphs], [(g.top, g.bottom) for g in glyphs]
                boxes[i, j] = (
                    min(a for a, _ in xs),
                    min(a for a, _ in ys),
                    max(b for _, b in xs),
                    max(b for _, b in ys),
                )
        rows.append(tuple(cells))
    edges = (box[0], *((left[1] + right[0]) / 2 for left, right in pairwise(columns)), box[2])
    return box, tuple(rows), boxes, edges


def _words(line: Sequence[Glyph]) -> str:
    """A line's characters, with a blank where Latin words stand apart."""
    text = line[0].char if line else ""
    for before, glyph in pairwise(line):
        apart = glyph.x0 - before.x1 > 0.17 * max(before.size, glyph.size)
        text += (" " if apart and (before.char.isascii() and glyph.char.isascii()) else "") + glyph.char
    return text
