"""Builds the text of a file line by line, remembering where headings, tables, pages and running headers came to lie.

One paragraph is one line. A table row is one line, its cells between ``" | "``, so that a row can be cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from ingest.model import Region, SourceText, Span, Table
from ingest.readers.limits import Budget

CELL_BREAK: Final = " | "
REPEATED_CHARS: Final = 60
"""A cell merged over several rows is printed in each of them up to this length; a paragraph is printed once."""
_NOTHING: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS: Final = re.compile("[ \t\r\n\f\v\x85\xa0\u2000-\u200a\u2028\u2029\u202f\u205f]+")

Cell = str | tuple[int, int]
"""A cell's text, or the row and column of the merged cell that covers this place."""


def tidy(text: str) -> str:
    """The text on one line: runs of blanks become one, characters that print nothing are left out.

    The ideographic space stays inside a line, where official titles use it (数　志), and goes at its ends.
    """
    return _BLANKS.sub(" ", _NOTHING.sub("", text)).strip(" \u3000")


class TextBuilder:
    """Collects lines; ``finish`` gives the SourceText. Raises ReadError when the file's budget is spent."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._parts: list[str] = []
        self._at = 0
        self._headings: list[tuple[Span, int]] = []
        self._tables: list[Table] = []
        self._furniture: list[Span] = []
        self._pages: list[int] = []
        self._regions: list[Region] = []
        self.metadata: dict[str, str] = {}
        self.warnings: list[str] = []

    @property
    def at(self) -> int:
        """The offset at which the next line will begin."""
        return self._at

    @property
    def page(self) -> int:
        """The 1-based number of the page being written, 0 before the first."""
        return len(self._pages)

    def start_page(self) -> None:
        """What follows stands on the next page."""
        self._pages.append(self._at)

    def line(self, text: str, *, level: int = 0, furniture: bool = False) -> Span | None:
        """Adds one line and returns its span, or None where nothing printable is left of it.

        ``level`` from 1 marks a heading; ``furniture`` marks a running header, footer or page number.
        """
        text = tidy(text)
        if not text:
            return None
        self._budget.spend_chars(len(text) + 1)
        span = (self._at, self._at + len(text))
        self._put(text)
        self._put("\n")
        if level:
            self._headings.append((span, level))
        if furniture:
            self._furniture.append(span)
        return span

    def piece(self, text: str, glue: str = "") -> Span:
        """Adds a part of a line that ``end_line`` will end; ``glue`` goes before it. Returns the span of the part.

        The part must be tidy and not empty.
        """
        self._budget.spend_chars(len(text) + len(glue) + 1)
        if glue:
            self._put(glue)
        return self._put(text)

    def end_line(self) -> None:
        """Ends a line of pieces."""
        self._put("\n")

    def region(self, span: Span, box: tuple[float, float, float, float], page: int | None = None) -> None:
        """Notes where on a page, by default the current one, a stretch of text stands."""
        self._regions.append(Region(page or self.page, span, box))

    def table(
        self,
        rows: Sequence[Sequence[Cell]],
        header_rows: int | None = None,
        before_row: Callable[[int], object] | None = None,
    ) -> Table | None:
        """Adds a table, one line a row, and returns it with its cells' spans; None where it is empty.

        ``header_rows`` None: told by what the first row looks like. A short cell that is merged downwards is printed
        again in each row that it covers, so that a row says by itself what it is about; other places that a merged
        cell covers hold that cell's span. ``before_row`` is called with a row's index before it is written, so that
        a table can run over pages.
        """
        self._budget.spend_cells(sum(len(row) for row in rows))
        spans: dict[tuple[int, int], Span | None] = {}
        kept: list[tuple[Span | None, ...]] = []
        headers = guess_header_rows(rows) if header_rows is None else header_rows
        kept_headers = 0
        for i, row in enumerate(rows):
            if before_row:
                before_row(i)
            texts = [self._cell(rows, i, j) for j in range(len(row))]
            if not any(isinstance(cell, str) and texts[j] for j, cell in enumerate(row)):
                continue  # nothing of its own
            while not texts[-1]:
                texts.pop()
            self._budget.spend_chars(sum(map(len, texts)) + len(texts) * len(CELL_BREAK))
            for j, text in enumerate(texts):
                if j:
                    self._put(CELL_BREAK if texts[j - 1] else CELL_BREAK.lstrip())
                spans[i, j] = self._put(text) if text else None
            self._put("\n")
            kept.append(
                tuple(
                    spans.get((i, j)) or (spans.get(cell) if isinstance(cell, tuple) else None)
                    for j, cell in enumerate(row)
                )
            )
            kept_headers += i < headers
        if not kept:
            return None
        table = Table(header_rows=min(kept_headers, len(kept) - 1), rows=tuple(kept))
        self._tables.append(table)
        return table

    def _cell(self, rows: Sequence[Sequence[Cell]], i: int, j: int) -> str:
        """What row i prints in column j: its own text, or that of a short cell merged down into this column."""
        cell = rows[i][j]
        if isinstance(cell, str):
            return tidy(cell)
        if cell[1] != j or cell[0] == i:
            return ""
        source = rows[cell[0]][cell[1]]
        return tidy(source) if isinstance(source, str) and len(source) <= REPEATED_CHARS else ""

    def _put(self, text: str) -> Span:
        self._parts.append(text)
        self._at += len(text)
        return self._at - len(text), self._at

    def finish(self, media_type: str) -> SourceText:
        """Everything collected. Raises ReadError where no line has any text."""
        if not self._parts:
            raise self._budget.refuse("no_text")
        return SourceText(
            name=self._budget.name,
            text="".join(self._parts),
            media_type=media_type,
            page_starts=tuple(self._pages),
            headings=tuple(self._headings),
            tables=tuple(self._tables),
            furniture=tuple(self._furniture),
            regions=tuple(sorted(self._regions, key=lambda region: region.span)),
            metadata=self.metadata,
            warnings=tuple(self.warnings),
        )


def guess_header_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """1 where the first row names columns: short words in at least two cells, none of them a mere figure; else 0."""
    if len(rows) < 2:
        return 0
    texts = [tidy(cell) for cell in rows[0] if isinstance(cell, str) and tidy(cell)]
    names = all(len(text) <= 40 and not re.fullmatch(r"[\d.,%\-–—/年月日()（）\s]+", text) for text in texts)
    return int(len(texts) >= 2 and names)
