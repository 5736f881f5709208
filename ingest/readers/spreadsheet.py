"""Excel workbooks (xlsx, xlsm): each visible sheet as a heading and a table, rows with what their header says.

Values are the ones that the workbook was saved with; formulas are not computed, macros and links never opened.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from collections.abc import Iterator
from typing import Any, Final

import openpyxl

from ingest.model import SourceText
from ingest.readers.archive import SafeArchive
from ingest.readers.assemble import Cell, TextBuilder, guess_header_rows, tidy
from ingest.readers.limits import Budget
from ingest.readers.wording import warning

FORMAT: Final = "Excel (xlsx)"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MERGED: Final = re.compile(rb'<mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_MAX_MERGES: Final = 20_000


def read(data: bytes, budget: Budget) -> SourceText:
    """The sheets in their order: the sheet's name as a heading, lines above the table, then the table.

    Raises ReadError where the file is damaged, encrypted, a bomb, or has too many cells.
    """
    archive = SafeArchive(data, FORMAT, budget)
    archive.check_xml()
    build = TextBuilder(budget)
    hidden = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of features that it leaves out; none holds text
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets:
            if sheet.sheet_state == "visible":
                _sheet(sheet, archive, build, budget)
            else:
                hidden.append(sheet.title)
        workbook.close()
    if hidden:
        build.warnings.append(warning("hidden_sheets", names="、".join(hidden)[:200]))
    return build.finish(MEDIA_TYPE)


def _sheet(sheet: Any, archive: SafeArchive, build: TextBuilder, budget: Budget) -> None:
    rows = dict(_rows(sheet, budget))
    if not rows:
        return
    build.line(sheet.title, level=1)
    anchors = _merged(archive.read(sheet._worksheet_path.lstrip("/")), rows)  # read-only sheets don't tell them
    width = max(max(row) for row in rows.values())
    block: list[list[Cell]] = []
    places: dict[int, int] = {}
    for number in sorted(rows):
        places[number] = len(block)
        block.append([rows[number].get(column, "") for column in range(1, width + 1)])
    for (row, column), (top, left) in anchors.items():
        if row in places and top in places and column <= width and left <= width:
            block[places[row]][column - 1] = (places[top], left - 1)
    _write(block, build)


def _write(block: list[list[Cell]], build: TextBuilder) -> None:
    """Title lines above the header row as text, then the rest as a table."""
    first = 0
    while first < len(block) and len({c for c in block[first] if isinstance(c, str) and tidy(c)}) < 2:
        build.line(" ".join(cell for cell in block[first] if isinstance(cell, str) and tidy(cell)))
        first += 1
    rest = [[c if isinstance(c, str) else (c[0] - first, c[1]) for c in row] for row in block[first:]]
    rest = [[c if isinstance(c, str) or c[0] >= 0 else "" for c in row] for row in rest]
    kept = [j for j in range(len(rest[0]) if rest else 0) if any(row[j] for row in rest)]
    moved = {j: n for n, j in enumerate(kept)}
    grid: list[list[Cell]] = [
        [c if isinstance(c, str) else (c[0], moved.get(c[1], 0)) for c in (row[j] for j in kept)] for row in rest
    ]
    if grid:
        build.table(grid, guess_header_rows(grid))


def _rows(sheet: Any, budget: Budget) -> Iterator[tuple[int, dict[int, str]]]:
    """Rows that hold anything: their number and their cells' text by column, both from 1."""
    sheet.reset_dimensions()  # a sheet may claim a million empty rows
    for number, row in enumerate(budget.ticking(sheet.iter_rows()), start=1):
        filled = {cell.column: _shown(cell) for cell in row if cell.value is not None}
        budget.spend_cells(len(filled) + 1)
        filled = {column: text for column, text in filled.items() if tidy(text)}
        if filled:
            yield number, filled


def _shown(cell: Any) -> str:
    """The value as the sheet shows it, as far as its number format is a common one."""
    value, pattern = cell.value, str(cell.number_format or "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if not (value.hour or value.minute) else "%Y-%m-%d %H:%M")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (int, float)) and "%" in pattern:
        decimals = re.search(r"\.(0+)%", pattern)
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    if isinstance(value, float):
        decimals = re.search(r"0\.(0+)", pattern)
        return f"{value:.{len(decimals[1])}f}" if decimals else f"{value:.10g}"
    return str(value)


def _merged(xml: bytes, rows: dict[int, dict[int, str]]) -> dict[tuple[int, int], tuple[int, int]]:
    """For each place that a merged cell covers, the cell's own place; both as (row, column) from 1."""
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    for count, match in enumerate(_MERGED.finditer(xml)):
        if count >= _MAX_MERGES:
            break
        left, right = _column(match[1]), _column(match[3])
        top, bottom = int(match[2]), int(match[4])
        if (bottom - top + 1) * (right - left + 1) > 100_000 or left not in rows.get(top, {}):
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    covered[row, column] = (top, left)
    return covered


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
