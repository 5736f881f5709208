"""Writes an HTML element as lines: paragraphs, headings, list items with their numbers, tables with merged cells."""

from __future__ import annotations

from typing import Final

from lxml import html

from ingest.readers.assemble import CELL_BREAK, Cell, TextBuilder, guess_header_rows, tidy
from ingest.readers.limits import Budget
from ingest.readers.numbering import numeral
from ingest.readers.webpage_main import alive, clutter, is_field, words

_BLOCKS: Final = frozenset((
    "p", "div", "section", "article", "main", "header", "form", "ul", "ol", "li", "dl", "dt", "dd", "table",
    "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "blockquote", "pre", "center", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "address", "details", "summary", "figure", "figcaption", "body", "html", "fieldset",
))  # fmt: skip
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_LIST_STYLES: Final = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_MAX_SPAN: Final = 1000
"""Columns or rows that one cell may cover, as browsers have it."""
_CLUTTER_CHARS: Final = 300
"""An element with a clutter name is left out up to this length; some sites wrap the whole text in "print"."""


class _Writer:
    """Walks an element without recursing deeper than the parser lets the page nest (255)."""

    def __init__(self, build: TextBuilder, budget: Budget) -> None:
        self.build = build
        self.budget = budget
        self.inline: list[str] = []
        self.prefix = ""

    def flush(self, level: int = 0) -> None:
        """Ends the line that inline text has been collected for."""
        text = tidy("".join(self.inline))
        self.inline.clear()
        if text:
            self.build.line(self.prefix + text, level=level)
            self.prefix = ""

    def children(self, element: html.HtmlElement, level: int = 0) -> None:
        """What stands inside an element, its own tail left out."""
        self.inline.append(element.text or "")
        for child in element:
            self.element(child, level)
            self.inline.append(child.tail or "")

    def element(self, element: html.HtmlElement, level: int) -> None:
        if not alive(element) or (clutter(element) and len(words(element)) <= _CLUTTER_CHARS):
            return
        self.budget.check_time()
        tag = element.tag
        if tag == "br":
            self.flush(level)
        elif tag == "img":
            return
        elif tag not in _BLOCKS:
            self.children(element, level)
        elif tag == "table" and not _is_layout(element):
            self.flush(level)
            self.table(element)
        elif tag == "dl" and _is_card_of_terms(element):
            self.flush(level)
            for line in tidy(words(element)).splitlines():
                self.build.line(line, furniture=True)
        elif tag in {"ol", "ul"}:
            self.flush(level)
            self.list(element)
        elif tag == "pre":
            self.flush(level)
            for line in words(element).splitlines():
                self.build.line(line)
        else:
            self.flush(level)
            own = _HEADINGS.get(tag, level)
            self.children(element, own)
            self.flush(own)

    def list(self, element: html.HtmlElement) -> None:
        """Items with the sign that a browser prints before them; none where the style takes it away."""
        style = element.get("style", "").replace(" ", "").lower()
        plain = "list-style:none" in style or "list-style-type:none" in style
        number = _int(element.get("start"), 1)
        for item in element:
            if item.tag != "li":
                self.element(item, 0)
                continue
            if not alive(item):
                continue
            number = _int(item.get("value"), number)
            if element.tag == "ol" and not plain:
                self.prefix = numeral(number, _LIST_STYLES.get(element.get("type", "1"), "decimal")) + ". "
            self.children(item)
            self.flush()
            self.prefix = ""
            number += 1

    def table(self, element: html.HtmlElement) -> None:
        for caption in element.iter("caption"):
            self.build.line(words(caption))
        rows = [row for row in element.iter("tr") if alive(row)]
        headers = 0
        for row in rows:
            cells = [cell for cell in row if cell.tag in {"td", "th"}]
            parent = row.getparent()
            if not (cells and (all(c.tag == "th" for c in cells) or (parent is not None and parent.tag == "thead"))):
                break
            headers += 1
        grid = _grid(rows, self.budget)
        if _is_index_card(grid):
            # Its fields are metadata already; as part of the text it would stand before the document's title.
            for line in grid:
                self.build.line(CELL_BREAK.join(cell for cell in line if isinstance(cell, str)), furniture=True)
            return
        self.build.table(grid, headers or guess_header_rows(grid))


def write_blocks(element: html.HtmlElement, build: TextBuilder, budget: Budget) -> None:
    """Adds the element's text to ``build``. Raises ReadError when the file's budget is spent."""
    writer = _Writer(build, budget)
    writer.children(element)
    writer.flush()


def _is_layout(table: html.HtmlElement) -> bool:
    """Whether a table only places things on the page: tables or headings inside it, or no row of two short cells."""
    if any(inner is not table for inner in table.iter("table", "h1", "h2", "h3")):
        return True
    rows = [[c for c in row if c.tag in {"td", "th"} and tidy(words(c))] for row in table.iter("tr")]
    wide = sum(len(row) > 1 for row in rows)
    return wide == 0 or (len(rows) == 1 and not any(c.tag == "th" for c in rows[0]))


def _is_index_card(grid: list[list[Cell]]) -> bool:
    """Whether every other cell of a table names a field of a document's index card."""
    names = [cell for row in grid for cell in row[::2] if isinstance(cell, str) and tidy(cell)]
    return len(names) >= 2 and sum(is_field(tidy(name)) for name in names) >= 0.75 * len(names)


def _is_card_of_terms(element: html.HtmlElement) -> bool:
    """Whether a list of terms is an index card: most of them name fields."""
    names = [tidy(words(term)).rstrip(":：") for term in element.iter("dt")]
    return len(names) >= 2 and sum(map(is_field, names)) >= 0.75 * len(names)


def _grid(rows: list[html.HtmlElement], budget: Budget) -> list[list[Cell]]:
    """The table's cells by row and column; a place that a merged cell covers points to that cell."""
    filled: dict[tuple[int, int], Cell] = {}
    for i, row in enumerate(rows):
        j = 0
        for cell in row:
            if cell.tag not in {"td", "th"} or not alive(cell):
                continue
            while (i, j) in filled:
                j += 1
            down = min(_int(cell.get("rowspan"), 1) or len(rows), _MAX_SPAN, len(rows) - i)
            right = min(_int(cell.get("colspan"), 1) or 1, _MAX_SPAN)
            budget.spend_cells(down * right)
            for covered in ((i + di, j + dj) for di in range(down) for dj in range(right)):
                filled.setdefault(covered, (i, j))
            filled[i, j] = " ".join(words(cell).split())
            j += right
    if not filled:
        return []
    width = max(j for _, j in filled) + 1
    budget.spend_cells(len(rows) * width)
    return [[filled.get((i, j), "") for j in range(width)] for i in range(len(rows))]


def _int(value: str | None, default: int) -> int:
    return int(value) if value and value.strip().isascii() and value.strip().isdigit() and len(value) < 9 else default
