"""From the characters of a page to its lines in reading order, columns one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final, Protocol

from ingest.readers.pdf_glyphs import Box, Glyph

_BREAK_EM: Final = 1.3
"""A gap this wide ends a segment. Column gutters are wider; justified text never stretches that far."""
_LATIN: Final = re.compile("[!-~\u00a1-\u024f\u2010-\u2019\u2026]")
_MIN_COLUMN_LINES: Final = 4
_MAX_SEGMENTS: Final = 4_000
"""Pages with more scattered pieces are drawings; looking for columns in them costs the square of their number."""


class Placed(Protocol):
    """Anything with a box on a page."""

    @property
    def box(self) -> Box:
        """Left, top, right and bottom in points."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters that stand together on one line, with the text they give."""

    box: Box
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: ``left`` and ``right`` are the column's edges, ``block`` tells columns apart.

    ``pitch`` is the usual distance from line to line in that column, in points.
    """

    box: Box
    size: float
    text: str
    left: float
    right: float
    block: int
    pitch: float


def segments(glyphs: Sequence[Glyph]) -> list[Segment]:
    """The page's characters joined as far as they stand on one line without a wide gap."""
    found: list[Segment] = []
    for row in _rows_of_glyphs(glyphs):
        run: list[Glyph] = []
        for glyph in row:
            if run and glyph.x0 - max(g.x1 for g in run[-3:]) > _BREAK_EM * max(run[-1].size, glyph.size):
                found += _segment(run)
                run = []
            run.append(glyph)
        found += _segment(run)
    return found


def _rows_of_glyphs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters by line, each line from left to right. A superscript joins the line beside which it stands."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.bottom, g.x0)):
        for row in rows[-3:][::-1]:
            if abs(row[0].bottom - glyph.bottom) <= 0.35 * min(row[0].size, glyph.size):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    for row in rows:
        row.sort(key=lambda g: g.x0)
    return rows


def _segment(run: list[Glyph]) -> list[Segment]:
    while run and run[0].char.isspace():
        run = run[1:]
    while run and run[-1].char.isspace():
        run = run[:-1]
    if not run:
        return []
    parts = [run[0].char]
    for before, glyph in pairwise(run):
        gap = (glyph.x0 - before.x1) / max(before.size, glyph.size)
        latin = _LATIN.match(before.char) and _LATIN.match(glyph.char)
        if gap > (0.17 if latin else 0.8) and not before.char.isspace() and not glyph.char.isspace():
            parts.append(" ")
        parts.append(glyph.char)
    box = (run[0].x0, min(g.top for g in run), max(g.x1 for g in run), max(g.bottom for g in run))
    return [Segment(box, median(g.size for g in run), "".join(parts))]


def columns(items: Sequence[Placed]) -> list[list[Placed]]:
    """The items in blocks by reading order: a block is what one column holds, or what runs across columns.

    Columns need at least four lines on both sides of a gutter that are text and not cells: mostly as wide as their
    column. What crosses the gutter (a title, a picture's caption, a wide table) divides the columns above from those
    below. Without such a gutter everything is one block.
    """
    gutter = _gutter(items)
    if gutter is None:
        return [list(items)] if items else []
    blocks: list[list[Placed]] = []
    across: list[Placed] = []
    for zone, crossing in _zones(items, gutter):
        left = [item for item in zone if _middle(item) < gutter]
        right = [item for item in zone if _middle(item) >= gutter]
        if len(left) >= 2 and len(right) >= 2:
            blocks += [across] if across else []
            across = []
            blocks += columns(left) + columns(right)
        else:
            across += zone
        if crossing is not None:
            across.append(crossing)
    return [*blocks, across] if across else blocks


def _zones(items: Sequence[Placed], gutter: float) -> list[tuple[list[Placed], Placed | None]]:
    """What lies beside the gutter, from the top, up to each item that crosses it."""
    crossing = sorted((i for i in items if i.box[0] < gutter < i.box[2]), key=lambda i: i.box[1])
    beside = sorted((i for i in items if not i.box[0] < gutter < i.box[2]), key=lambda i: i.box[1])
    zones: list[tuple[list[Placed], Placed | None]] = []
    at = 0
    for item in [*crossing, None]:
        end = at
        limit = float("inf") if item is None else (item.box[1] + item.box[3]) / 2
        while end < len(beside) and (beside[end].box[1] + beside[end].box[3]) / 2 < limit:
            end += 1
        zones.append((beside[at:end], item))
        at = end
    return zones


def _middle(item: Placed) -> float:
    return (item.box[0] + item.box[2]) / 2


def _gutter(items: Sequence[Placed]) -> float | None:
    """The x of the clearest gutter between two columns of text, None where there is none."""
    if not 2 * _MIN_COLUMN_LINES <= len(items) <= _MAX_SEGMENTS:
        return None
    votes: dict[int, int] = {}
    ordered = sorted(items, key=lambda i: i.box[1])
    for n, item in enumerate(ordered):
        _, top, x1, bottom = item.box
        nearest = float("inf")
        for other in ordered[max(0, n - 40) : n + 40]:
            shared = min(bottom, other.box[3]) - max(top, other.box[1])
            if other.box[0] >= x1 - 1 and shared > 0.4 * min(bottom - top, other.box[3] - other.box[1]):
                nearest = min(nearest, other.box[0])
        if nearest - x1 < 400:
            for place in range(int(x1) + 1, int(nearest) + 1):
                votes[place] = votes.get(place, 0) + 1
    best: tuple[float, float] | None = None
    for place in sorted(votes, key=lambda p: -votes[p])[:60]:
        if votes[place] < _MIN_COLUMN_LINES // 2:
            break
        score = _gutter_score(items, place + 0.5)
        if score > 0 and (best is None or score > best[0]):
            best = (score, place + 0.5)
    return None if best is None else best[1]


def _gutter_score(items: Sequence[Placed], gutter: float) -> float:
    """Lines in columns beside the gutter less those that cross it between them; 0 where they are not columns."""
    total, crossings = 0, 0
    lefts: list[Placed] = []
    rights: list[Placed] = []
    for zone, crossing in _zones(items, gutter):
        left = [item for item in zone if _middle(item) < gutter]
        right = [item for item in zone if _middle(item) >= gutter]
        if len(left) >= 2 and len(right) >= 2:
            lefts += left
            rights += right
            total += len(zone)
        crossings += crossing is not None
    if min(len(lefts), len(rights)) < _MIN_COLUMN_LINES:
        return 0
    width = max(i.box[2] for i in items) - min(i.box[0] for i in items)
    for side in (lefts, rights):
        x0, x1 = min(i.box[0] for i in side), max(i.box[2] for i in side)
        widths = [i.box[2] - i.box[0] for i in side]
        chars = [len(i.text) for i in side if isinstance(i, Segment)]
        if x1 - x0 < 0.15 * width or median(widths) < 0.55 * (x1 - x0) or (chars and median(chars) < 7):
            return 0
    return total - 0.5 * crossings


def rows(items: Sequence[Segment]) -> list[list[Segment]]:
    """The segments by line from the top, each line from left to right."""
    found: list[list[Segment]] = []
    for segment in sorted(items, key=lambda s: (s.box[3], s.box[0])):
        if found and abs(found[-1][0].box[3] - segment.box[3]) <= 0.4 * min(found[-1][0].size, segment.size):
            found[-1].append(segment)
        else:
            found.append([segment])
    for row in found:
        row.sort(key=lambda s: s.box[0])
    return found


def row_box(row: Sequence[Segment]) -> Box:
    """The box around a row that ``rows`` gave."""
    return (row[0].box[0], min(s.box[1] for s in row), max(s.box[2] for s in row), max(s.box[3] for s in row))


def lines(block: Sequence[Segment], number: int) -> list[Line]:
    """The lines of one column from the top; pieces of one line are joined with a blank."""
    found = rows(block)
    if not found:
        return []
    boxes = [row_box(row) for row in found]
    sizes = [max(row, key=lambda s: len(s.text)).size for row in found]
    left = _edge([box[0] for box in boxes], sizes)
    right = -_edge([-box[2] for box in boxes], sizes)
    steps = [below[3] - above[3] for above, below in pairwise(boxes)]
    usual = median(steps) if steps else 0.0
    return [
        Line(box, size, " ".join(s.text for s in row), left, right, number, usual)
        for row, box, size in zip(found, boxes, sizes, strict=True)
    ]


def _edge(starts: Sequence[float], sizes: Sequence[float]) -> float:
    """Where a column begins: the outermost place at which two lines begin, else the outermost one."""
    ordered = sorted(starts)
    near = 0.6 * median(sizes)
    return next((a for a, b in pairwise(ordered) if b - a <= near), ordered[0])


def settle_edges(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The same lines, those of short blocks with the edges of the long column that they fit into.

    The last words of a document, alone on their page, say nothing about how wide the text is.
    """
    counts = Counter((p, line.block) for p, page in enumerate(pages) for line in page)
    wide = {(line.left, line.right) for p, page in enumerate(pages) for line in page if counts[p, line.block] >= 5}
    settled = []
    for p, page in enumerate(pages):
        out = []
        for line in page:
            if counts[p, line.block] < 5:
                around = [
                    (left, right)
                    for left, right in wide
                    if left - line.size <= line.left and line.right <= right + line.size
                ]
                if around:
                    left, right = min(around, key=lambda edge: edge[1] - edge[0])
                    line = replace(line, left=left, right=right)  # noqa: PLW2901 - the line as settled
            out.append(line)
        settled.append(out)
    return settled
