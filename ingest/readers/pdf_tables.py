"""Ruled tables on a PDF page: the lines drawn on it, the cells between them, and the characters inside each.

pdfium gives the drawn lines and the characters; pdfplumber's table functions find the cells. Opening the page with
pdfplumber itself would parse it a second time, some hundred times slower.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any, Final

import pypdfium2.raw as pdfium

from ingest.readers.assemble import Cell
from ingest.readers.pdf_glyphs import Box, Frame, Glyph, Transform
from ingest.readers.pdf_lines import lines, segments
from ingest.readers.pdf_paragraphs import glue
from ingest.readers.pdf_three_lines import three_line_tables

_SNAP: Final = 3.0
"""Points by which the ends of lines that mean to meet may miss each other."""
_MAX_PATHS: Final = 20_000
_MAX_EDGES: Final = 600
"""A page with more lines is a drawing or a map. Finding cells costs the square of their number."""


@dataclass(frozen=True, slots=True)
class TableOnPage:
    """A table's box, its rows, and the box of each cell that has text, by row and column."""

    box: Box
    rows: tuple[tuple[Cell, ...], ...]
    boxes: dict[tuple[int, int], Box]
    columns_x: tuple[float, ...]


def tables_on_page(
    ruled: Iterable[Box], frame: Frame, glyphs: Sequence[Glyph]
) -> tuple[list[TableOnPage], list[Glyph]]:
    """The page's tables with at least two rows and two columns, in the reading frame, and the other characters.

    Tables are ruled, or have three rules across and columns that their words show.

    ``ruled`` are the straight lines drawn on the displayed page. Every character is either in a cell of a table or
    among the others.
    """
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

    free = list(glyphs)
    edges = [_edge(frame, box) for box in islice(ruled, _MAX_EDGES + 1)]
    if not 3 <= len(edges) <= _MAX_EDGES:
        return [], free
    drawn = merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    merged = drawn + _open_sides(drawn)
    cells = intersections_to_cells(edges_to_intersections(merged, _SNAP, _SNAP))
    tables = []
    for group in cells_to_tables(cells):
        found = _table(group, free)
        if found is not None:
            tables.append(found[0])
            free = [glyph for glyph in free if glyph not in found[1]]
    for shown, used in three_line_tables(drawn, free):
        tables.append(TableOnPage(*shown))
        free = [glyph for glyph in free if glyph not in used]
    return tables, free


def ruling(page: Any, transform: Transform) -> Iterable[Box]:
    """Straight lines on the displayed page, thin filled boxes among them; not shading, not curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    for count, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if count > _MAX_PATHS:
            return
        points: list[tuple[float, float]] = []
        matrix = item.get_matrix()
        container = item.container
        while container is not None:
            matrix = matrix.multiply(container.get_matrix())
            container = container.container
        pdfium.FPDFPath_GetDrawMode(item, mode, stroke)
        for i in range(min(pdfium.FPDFPath_CountSegments(item), 2_000)):
            segment = pdfium.FPDFPath_GetPathSegment(item, i)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO and points:
                yield from straight(points, bool(stroke.value))
                points = []
            points.append(transform.point(*matrix.on_point(x.value, y.value)))
            if pdfium.FPDFPathSegment_GetClose(segment):
                points.append(points[0])
        yield from straight(points, bool(stroke.value))


def straight(points: Sequence[tuple[float, float]], stroked: bool) -> Iterable[Box]:
    """The horizontal and vertical parts of a drawn line, as boxes without width or height; nothing of shading."""
    if len(points) < 2:
        return
    width = max(p[0] for p in points) - min(p[0] for p in points)
    height = max(p[1] for p in points) - min(p[1] for p in points)
    if not stroked and min(width, height) > _SNAP:
        return  # shading
    for (ax, ay), (bx, by) in pairwise(points):
        if (abs(ay - by) < 1 and abs(ax - bx) > 4) or (abs(ax - bx) < 1 and abs(ay - by) > 4):
            yield min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _edge(frame: Frame, box: Box) -> dict[str, Any]:
    """An edge in the form that pdfplumber's functions take."""
    a, b = frame.from_page(box[0], box[1]), frame.from_page(box[2], box[3])
    x0, x1 = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    across = x1 - x0 > bottom - top
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if across else "v",
        "object_type": "line",
    }


def _open_sides(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outer edges that are not drawn: left and right in statistical tables, top and bottom at a page break.

    Wherever three parallel lines end at the same place and lines run across them, an edge closes their ends. It is no
    longer than what runs across: a rule below the page's header may end at the same place as a table's lines.
    """
    added: list[dict[str, Any]] = []
    for along, start, end, low, high in (("h", "x0", "x1", "top", "bottom"), ("v", "top", "bottom", "x0", "x1")):
        parallel = [e for e in edges if e["orientation"] == along]
        across = [e for e in edges if e["orientation"] != along]
        for side in (start, end):
            for place in _distinct([e[side] for e in parallel]):
                same = [e for e in parallel if place - _SNAP < e[side] < place + 2 * _SNAP]
                inside = [e for e in across if any(s[start] - _SNAP < e[start] < s[end] + _SNAP for s in same)]
                for first, last in _joined([(e[low], e[high]) for e in inside]):
                    group = [e for e in same if first - _SNAP <= e[low] <= last + _SNAP]
                    there = [e for e in inside if abs(e[start] - place) < _SNAP]
                    closed = any(e[low] < first + _SNAP for e in there) and any(e[high] > last - _SNAP for e in there)
                    if len(group) >= 3 and not closed:
                        edge = dict.fromkeys((start, end), place) | {low: first, high: last}
                        size = {"width": edge["x1"] - edge["x0"], "height": edge["bottom"] - edge["top"]}
                        turned = "v" if along == "h" else "h"
                        added.append({**edge, **size, "orientation": turned, "object_type": "line"})
    return added


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that touch, as one."""
    joined: list[tuple[float, float]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1] + _SNAP:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _table(cells: list[Box], glyphs: Sequence[Glyph]) -> tuple[TableOnPage, set[Glyph]] | None:
    """The cells as rows and columns with their text, and the characters in them.

    None where the cells are no table but frames or a drawing.
    """
    cells = [c for c in cells if c[2] - c[0] > 2 * _SNAP and c[3] - c[1] > 2 * _SNAP]  # double rules make slits
    xs = _distinct([c[0] for c in cells] + [c[2] for c in cells])
    ys = _distinct([c[1] for c in cells] + [c[3] for c in cells])
    if len(xs) < 3 or len(ys) < 3:
        return None
    box = (xs[0], ys[0], xs[-1], ys[-1])
    inside = [g for g in glyphs if within(g, box)]
    rows: list[list[Cell]] = [[""] * (len(xs) - 1) for _ in ys[1:]]
    boxes: dict[tuple[int, int], Box] = {}
    used: set[Glyph] = set()
    for cell in sorted(cells, key=lambda c: (c[1], c[0])):
        i, j = _index(ys, cell[1]), _index(xs, cell[0])
        last_i, last_j = _index(ys, cell[3]), _index(xs, cell[2])
        for covered in ((r, c) for r in range(i, last_i) for c in range(j, last_j)):
            rows[covered[0]][covered[1]] = (i, j)
        within_cell = [g for g in inside if g not in used and within(g, cell)]
        used.update(within_cell)
        text = _text(within_cell)
        rows[i][j] = text
        if text:
            boxes[i, j] = cell
    filled_rows = {i for i, _ in boxes}
    if len(filled_rows) < 2 or len({j for _, j in boxes}) < 2 or len(boxes) < 0.3 * len(cells):
        return None
    return TableOnPage(box, tuple(tuple(row) for row in rows), boxes, tuple(xs)), used


def within(glyph: Glyph, box: Box) -> bool:
    """Whether a character's middle lies in a box."""
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _text(glyphs: Sequence[Glyph]) -> str:
    text = ""
    for line in lines(segments(glyphs), 0):
        text += (glue(text, line.text) if text else "") + line.text
    return text


def _distinct(values: list[float]) -> list[float]:
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > _SNAP:
            kept.append(value)
    return kept


def _index(edges: list[float], value: float) -> int:
    return max(0, bisect_right(edges, value + _SNAP) - 1)
