"""Word documents (docx, docm): paragraphs with the numbers Word prints, headings, tables, text boxes, footnotes.

Deleted text of tracked changes, comments, hidden text, headers and footers are left out; inserted text counts. Macros,
embedded files and links are never opened.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from ingest.model import SourceText
from ingest.readers.archive import SafeArchive
from ingest.readers.assemble import Cell, TextBuilder, guess_header_rows, tidy
from ingest.readers.limits import Budget
from ingest.readers.word_numbering import Numberer
from ingest.readers.word_package import word_parts
from ingest.readers.word_paragraph import Paragraph, ParagraphReader, W
from ingest.readers.word_styles import Styles

FORMAT: Final = "Word (docx)"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRAPPERS: Final = frozenset(W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"))


def read(data: bytes, budget: Budget) -> SourceText:
    """The document's text in reading order, one line a paragraph or table row, with headings and tables.

    Raises ReadError where the file is damaged, encrypted, a bomb, or holds no text.
    """
    parts = word_parts(SafeArchive(data, FORMAT, budget))
    body = parts.document.find(f"{W}body")
    if body is None:
        raise budget.refuse("broken", format=FORMAT, detail="no document body")
    reader = ParagraphReader(Styles(parts.styles), Numberer(parts.numbering))
    reader.add_notes(parts.footnotes, endnotes=False)
    reader.add_notes(parts.endnotes, endnotes=True)
    build = TextBuilder(budget)
    if parts.title:
        build.metadata["title"] = parts.title
    writer = _Writer(build, reader, budget)
    writer.blocks(body)
    writer.end()
    return build.finish(MEDIA_TYPE)


class _Writer:
    """Writes the body's blocks as lines."""

    def __init__(self, build: TextBuilder, reader: ParagraphReader, budget: Budget) -> None:
        self.build = build
        self.reader = reader
        self.budget = budget
        self.titled = False
        self.notes: list[str] = []

    def blocks(self, parent: etree._Element) -> None:
        """Paragraphs and tables in their order, also inside content controls and tracked insertions."""
        for element in self.budget.ticking(parent):
            if element.tag == f"{W}p":
                self.paragraph(self.reader.read(element))
            elif element.tag == f"{W}tbl":
                self.table(element)
            elif element.tag in _WRAPPERS:
                self.blocks(element)

    def paragraph(self, found: Paragraph) -> None:
        level = found.level
        if found.title and not self.titled and found.lines:
            level, self.titled = 1, True
        elif level and self.titled:
            level += 1  # a chapter stands below the document's title, as h2 below h1
        for i, line in enumerate(found.lines):
            self.build.line((found.label if i == 0 else "") + line, level=level)
        for box in found.boxes:
            self.blocks(box)
        for note in found.notes:
            self.build.line(note)

    def table(self, element: etree._Element) -> None:
        """A data table as a table; one that only frames text as the paragraphs within it."""
        rows = [row for row in _rows(element) if row.find(f"{W}trPr/{W}del") is None]
        if sum(len(_cells(row)) > 1 for row in rows) == 0 or any(True for row in rows for _ in _inner_tables(row)):
            for row in rows:
                for cell in _cells(row):
                    self.blocks(cell)
            return
        grid, headers = self._grid(rows), 0
        for row in rows:
            if row.find(f"{W}trPr/{W}tblHeader") is None:
                break
            headers += 1
        self.build.table(grid, headers or guess_header_rows(grid))
        for note in self.notes:
            self.build.line(note)
        self.notes.clear()

    def _grid(self, rows: list[etree._Element]) -> list[list[Cell]]:
        grid: list[list[Cell]] = []
        for i, row in enumerate(rows):
            line: list[Cell] = [""] * min(_number(row.find(f"{W}trPr/{W}gridBefore"), 0), 63)
            for cell in _cells(row):
                properties = cell.find(f"{W}tcPr")
                wide = max(1, min(_number(None if properties is None else properties.find(f"{W}gridSpan"), 1), 63))
                merge = None if properties is None else properties.find(f"{W}vMerge")
                at = len(line)
                above = grid[i - 1][at] if i and at < len(grid[i - 1]) else None
                if merge is not None and merge.get(f"{W}val", "continue") == "continue" and above is not None:
                    anchor = above if isinstance(above, tuple) else (i - 1, at)
                    line += [anchor] * wide
                    continue
                line.append(self._cell_text(cell))
                line += [(i, at)] * (wide - 1)
            self.budget.spend_cells(len(line))
            grid.append(line)
        width = max((len(line) for line in grid), default=0)
        return [line + [""] * (width - len(line)) for line in grid]

    def _cell_text(self, cell: etree._Element) -> str:
        parts: list[str] = []
        for element in cell.iter(f"{W}p"):
            found = self.reader.read(element)
            self.notes += found.notes
            parts += [(found.label if i == 0 else "") + line for i, line in enumerate(found.lines)]
            if not found.lines:
                parts.append(found.label)  # the column of running numbers in a list, made with automatic numbering
        return " ".join(tidy(part) for part in parts)

    def end(self) -> None:
        """Endnotes, which Word prints after the text."""
        for note in self.reader.endnotes:
            self.build.line(note)


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter(f"{W}tr") if _owner(row, f"{W}tbl") is table]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(f"{W}tc") if _owner(cell, f"{W}tr") is row]


def _inner_tables(row: etree._Element) -> list[etree._Element]:
    return list(row.iter(f"{W}tbl"))


def _owner(element: etree._Element, tag: str) -> etree._Element | None:
    return next(element.iterancestors(tag), None)


def _number(element: etree._Element | None, default: int) -> int:
    text = "" if element is None else element.get(f"{W}val", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default
