"""CSV and TSV: the decoded file, unchanged, as one table whose cells are spans of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ingest.model import SourceText, Span, Table
from ingest.readers import plain
from ingest.readers.assemble import guess_header_rows
from ingest.readers.limits import Budget

_DELIMITERS: Final = ",;\t|"


def read(data: bytes, budget: Budget) -> SourceText:
    """The decoded text and its table; a quoted cell's span is what stands between the quotation marks.

    Raises ReadError where the bytes are not text or hold too many cells.
    """
    source = plain.read(data, budget)
    delimiter = _delimiter(source.text)
    rows = [
        tuple(span if span[0] < span[1] else None for span in row)
        for row in _rows(source.text, delimiter, budget)
        if any(start < end for start, end in row)
    ]
    first = [[source.text[span[0] : span[1]] if span else "" for span in row] for row in rows[:2]]
    table = Table(header_rows=guess_header_rows(first), rows=tuple(rows))
    return replace(source, media_type="text/csv", tables=(table,) if rows else (), page_starts=())


def _delimiter(text: str) -> str:
    """The sign that comes equally often in most of the first lines; a comma where none does."""
    lines = [line for line in text[:50_000].splitlines()[:50] if line.strip()]
    best = (0.0, ",")
    for sign in _DELIMITERS:
        counts = [re.sub('"[^"]*"', "", line).count(sign) for line in lines]
        usual = max(counts, key=counts.count, default=0)
        if usual:
            best = max(best, (counts.count(usual) / len(counts) + usual / 1000, sign), key=lambda item: item[0])
    return best[1]


def _rows(text: str, delimiter: str, budget: Budget) -> list[list[Span]]:
    """The spans of all cells, blanks and quotation marks at their ends left out (RFC 4180 quoting)."""
    # A closing quotation mark that is missing would swallow the file: then the mark is taken as text.
    cell = re.compile(
        rf'[ ]*"((?:[^"]|"")*+)"[ ]*(?=[{re.escape(delimiter)}\r\n]|\Z)|([^{re.escape(delimiter)}\r\n]*+)'
    )
    rows: list[list[Span]] = []
    row: list[Span] = []
    at = 0
    unclosed = text.count('"') % 2 == 1
    while at <= len(text):
        match = cell.match(text, at)
        if match is None:
            break
        quoted = match[1] is not None and not (unclosed and "\n" in match[1])
        if match[1] is not None and not quoted:
            end = re.compile(rf"[{re.escape(delimiter)}\r\n]|\Z").search(text, at)
            start, at = at, end.start() if end else len(text)
            row.append(_stripped(text, (start, at)))
        else:
            row.append(_stripped(text, match.span(1 if quoted else 2)))
            at = match.end()
        if at < len(text) and text[at] == delimiter:
            at += 1
            continue
        budget.spend_cells(len(row))
        rows.append(row)
        row = []
        at += 2 if text.startswith("\r\n", at) else 1
    if row:
        rows.append(row)
    return rows


def _stripped(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
