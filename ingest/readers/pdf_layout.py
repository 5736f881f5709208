"""Lays pages out: what is furniture, which columns there are, in which order lines and tables are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.pdf_columns import columns
from ingest.readers.pdf_furniture import Row, furniture
from ingest.readers.pdf_glyphs import Frame
from ingest.readers.pdf_lines import Line, Segment, lines, row_box, rows, settle_edges
from ingest.readers.pdf_tables import TableOnPage
from ingest.readers.pdf_write import PageContent


@dataclass(frozen=True, slots=True)
class PageFound:
    """What one page holds before it is laid out; ``picture`` where it is an image whose words are not known."""

    segments: tuple[Segment, ...]
    tables: tuple[TableOnPage, ...]
    frame: Frame
    picture: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """The width in points of the reading frame."""
        return self.frame.height if self.frame.turns % 2 else self.frame.width

    @property
    def height(self) -> float:
        """The height in points of the reading frame."""
        return self.frame.width if self.frame.turns % 2 else self.frame.height


def laid_out(pages: Sequence[PageFound]) -> list[PageContent]:
    """The pages with their lines in reading order; furniture first, since it would widen the columns."""
    by_row = [rows(page.segments) for page in pages]
    shown = [[Row(row_box(row), " ".join(s.text for s in row)) for row in page] for page in by_row]
    edge_rows = furniture(shown, [page.height for page in pages])
    arranged: list[list[Line | TableOnPage]] = []
    edges: list[tuple[Row, ...]] = []
    for p, page in enumerate(pages):
        body = [s for i, row in enumerate(by_row[p]) if (p, i) not in edge_rows for s in row]
        arranged.append(_arranged([*body, *page.tables]))
        edges.append(tuple(row for i, row in enumerate(shown[p]) if (p, i) in edge_rows))
    all_lines = [[item for item in page if isinstance(item, Line)] for page in arranged]
    settled = settle_edges(all_lines, [page.width for page in pages])
    contents = []
    for page, items, page_lines, furniture_rows in zip(pages, arranged, settled, edges, strict=True):
        lines_left = iter(page_lines)
        ordered = tuple(next(lines_left) if isinstance(item, Line) else item for item in items)
        contents.append(PageContent(ordered, furniture_rows, page.frame))
    return contents


def _arranged(items: Sequence[Segment | TableOnPage]) -> list[Line | TableOnPage]:
    """Lines and tables in reading order."""
    found: list[Line | TableOnPage] = []
    for number, block in enumerate(columns(items)):
        tables = sorted((i for i in block if isinstance(i, TableOnPage)), key=lambda t: t.box[1])
        for line in lines([i for i in block if isinstance(i, Segment)], number):
            while tables and tables[0].box[1] < line.box[1]:
                found.append(tables.pop(0))
            found.append(line)
        found += tables
    return found
