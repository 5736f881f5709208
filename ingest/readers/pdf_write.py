"""Writes the pages of a PDF as one text: paragraphs and tables over columns and pages, furniture beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.assemble import Cell, TextBuilder, guess_header_rows, tidy
from ingest.readers.limits import Budget
from ingest.readers.pdf_furniture import Row
from ingest.readers.pdf_glyphs import Box, Frame
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_paragraphs import Habits, glue, habits, runs_on
from ingest.readers.pdf_tables import TableOnPage


@dataclass(frozen=True, slots=True)
class PageContent:
    """What one page holds: lines and tables in reading order, and its running headers, footers and page numbers."""

    items: tuple[Line | TableOnPage, ...]
    furniture: tuple[Row, ...]
    frame: Frame


def write_pages(pages: Sequence[PageContent], build: TextBuilder, budget: Budget) -> None:
    """Adds all pages to ``build``. Raises ReadError when the file's budget is spent."""
    shown = habits([item for page in pages for item in page.items if isinstance(item, Line)])
    writer = _Writer(pages, shown, build)
    for p, page in enumerate(pages):
        budget.check_time()
        writer.arrive(p)
        for item in page.items:
            if isinstance(item, TableOnPage):
                writer.table(p, item)
            else:
                writer.line(p, item)
    writer.close()


class _Writer:
    """Holds back what may still go on: the paragraph or table being written, and the furniture in between."""

    def __init__(self, pages: Sequence[PageContent], shown: Habits, build: TextBuilder) -> None:
        self.pages = pages
        self.shown = shown
        self.build = build
        self.later: list[tuple[int, Row]] = []
        self.paragraph: list[Line] = []
        self.last_page = -1
        self.text_before = ""
        self.rows: list[tuple[int, tuple[Cell, ...], dict[int, Box]]] = []
        self.columns_x: tuple[float, ...] = ()

    def arrive(self, p: int) -> None:
        """Notes that page p begins; its start and its furniture are written as soon as nothing runs on into it."""
        self.later += [(p, row) for row in self.pages[p].furniture]

    def _turn_to(self, p: int) -> None:
        while self.build.page <= p:
            self.build.start_page()

    def line(self, p: int, line: Line) -> None:
        """Adds a line of running text."""
        self._end_table()
        text = tidy(line.text)
        if not text:
            return
        before = self.paragraph[-1] if self.paragraph else None
        turned = before is not None and (self.last_page != p or before.block != line.block)
        if before is None or not runs_on(self.paragraph[0], before, line, self.shown, turned=turned):
            self._end_paragraph()
            self._turn_to(p)
            span = self.build.piece(text)
            self.paragraph = [line]
        else:
            self._turn_to(p)
            self.paragraph.append(line)
            span = self.build.piece(text, glue(self.text_before, text))
        self.build.region(span, self.pages[p].frame.to_page(line.box))
        self.text_before, self.last_page = text, p

    def table(self, p: int, table: TableOnPage) -> None:
        """Adds a table; one that begins a page goes on with the one that ended the page before."""
        self._end_paragraph()
        goes_on = bool(self.rows) and self.rows[-1][0] == p - 1 and _same_columns(self.columns_x, table.columns_x)
        if not goes_on:
            self._end_table()
            self._turn_to(p)
        rows = list(table.rows)
        base = len(self.rows)
        skip = _repeated_header([row for _, row, _ in self.rows], rows) if goes_on else 0
        for i in range(skip, len(rows)):
            moved = tuple(cell if isinstance(cell, str) else (cell[0] - skip + base, cell[1]) for cell in rows[i])
            self.rows.append((p, moved, {j: box for (r, j), box in table.boxes.items() if r == i}))
        self.columns_x = table.columns_x

    def _end_paragraph(self) -> None:
        if self.paragraph:
            self.build.end_line()
            self.paragraph = []
        if not self.rows:
            self._furniture()

    def _end_table(self) -> None:
        if not self.rows:
            return
        kept = self.rows
        grid = [row for _, row, _ in kept]
        written: list[int] = []

        def before_row(i: int) -> None:
            self._turn_to(kept[i][0])
            written.append(i)

        found = self.build.table(grid, guess_header_rows(grid), before_row)
        self.rows = []
        if found is not None:
            filled = [i for i in written if any(isinstance(cell, str) and tidy(cell) for cell in grid[i])]
            for i, spans in zip(filled, found.rows, strict=True):
                p, _, boxes = kept[i]
                for j, box in boxes.items():
                    if (span := spans[j]) is not None:
                        self.build.region(span, self.pages[p].frame.to_page(box), page=p + 1)
        self._furniture()

    def _furniture(self) -> None:
        for p, line in self.later:
            self._turn_to(p)
            span = self.build.line(line.text, furniture=True)
            if span is not None:
                self.build.region(span, self.pages[p].frame.to_page(line.box), page=p + 1)
        self.later.clear()

    def close(self) -> None:
        """Ends what is still open and starts pages that hold nothing."""
        self._end_paragraph()
        self._end_table()
        self._furniture()
        self._turn_to(len(self.pages) - 1)


def _same_columns(left: tuple[float, ...], right: tuple[float, ...]) -> bool:
    """Whether two tables have the same columns, measured from their left edges (odd and even pages are shifted)."""
    if len(left) != len(right):
        return False
    return all(abs((a - left[0]) - (b - right[0])) < 6 for a, b in zip(left, right, strict=True))


def _repeated_header(before: Sequence[tuple[Cell, ...]], rows: Sequence[tuple[Cell, ...]]) -> int:
    """How many of the first rows repeat the first rows of the table that goes on."""
    count = 0
    while count < min(3, len(rows), len(before)) and rows[count] == before[count]:
        count += 1
    return count
