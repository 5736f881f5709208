"""From the characters of a page to segments, rows and the lines of a column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

from ingest.readers.pdf_glyphs import Box, Glyph

_BREAK_EM: Final = 1.3
"""A gap this wide ends a segment. Column gutters are wider; justified text never stretches that far."""
_SURE_OF_EDGE: Final = 12
"""So many lines that end at the same place show where a column ends, wherever the page does."""
_LATIN: Final = re.compile("[!-~\u00a1-\u024f\u2010-\u2019\u2026]")


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
    for row in rows_of_glyphs(glyphs):
        run: list[Glyph] = []
        for glyph in row:
            if run and glyph.x0 - max(g.x1 for g in run[-3:]) > _BREAK_EM * max(run[-1].size, glyph.size):
                found += _segment(run)
                run = []
            run.append(glyph)
        found += _segment(run)
    return found


def rows_of_glyphs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
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
    gaps = [(glyph.x0 - before.x1) / max(before.size, glyph.size) for before, glyph in pairwise(run)]
    usual = median(gaps) if gaps else 0.0
    for (before, glyph), gap in zip(pairwise(run), gaps, strict=True):
        latin = [_LATIN.match(before.char) is not None, _LATIN.match(glyph.char) is not None]
        # Word sets a quarter em between ideographs and digits without there being a blank; between two ideographs
        # such a gap is one (第一章 总则), unless the whole line is set that wide.
        least = 0.17 if all(latin) else 0.8 if any(latin) else min(0.8, 0.2 + max(0.0, usual))
        if gap > least and not before.char.isspace() and not glyph.char.isspace():
            parts.append(" ")
        parts.append(glyph.char)
    box = (run[0].x0, min(g.top for g in run), max(g.x1 for g in run), max(g.bottom for g in run))
    return [Segment(box, median(g.size for g in run), "".join(parts))]


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


def settle_edges(pages: Sequence[Sequence[Line]], widths: Sequence[float]) -> list[list[Line]]:
    """The same lines with column edges that their own block could not show. ``widths`` are the pages', in points.

    Short blocks take the edges of the long column that they fit into: the last words of a document, alone on their
    page, say nothing about how wide the text is. A page of short lines only ends where its left margin says: without
    that, every entry of a list would seem to fill the line and to run on into the next.
    """
    counts = Counter((p, line.block) for p, page in enumerate(pages) for line in page)
    blocks = {(p, line.left, line.right) for p, page in enumerate(pages) for line in page if counts[p, line.block] >= 5}
    wide = {(left, right) for _, left, right in blocks}
    settled = []
    for p, page in enumerate(pages):
        alone = len({line.block for line in page}) == 1
        out = []
        for line in page:
            left, right = line.left, line.right
            if counts[p, line.block] < 5:
                fitting = [e for e in wide if e[0] - line.size <= left and right <= e[1] + line.size]
                left, right = min(fitting, key=lambda edge: edge[1] - edge[0], default=(left, right))
            mirrored = widths[p] - left
            if alone and right < mirrored - 4 * line.size and not _known(line, p, blocks):
                at_edge = sum(abs(other.box[2] - right) < 0.6 * other.size for other in page)
                right = right if at_edge >= _SURE_OF_EDGE else mirrored
            out.append(replace(line, left=left, right=right))
        settled.append(out)
    return settled


def _known(line: Line, p: int, blocks: set[tuple[int, float, float]]) -> bool:
    """Whether a column on another page has the same edges as the line's."""
    em = 1.2 * line.size
    return any(q != p and abs(left - line.left) < em and abs(right - line.right) < em for q, left, right in blocks)
