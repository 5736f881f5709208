"""Markdown: the decoded file, unchanged, with what its markup says beside it.

Markdown is text that people read as it stands, so spans count in the file's own characters, as for ``.txt``. Headings
are the spans of their words without the number signs; table cells are spans between the bars; lines that hold nothing
but markup (table rules, fences, horizontal rules, comments, front matter) are furniture; emphasis marks, link targets
and the number signs or brackets that a heading or a quoted line begins with are ``markup``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.model import SourceText, Span, Table
from ingest.readers import plain
from ingest.readers.limits import Budget

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD: Final = re.compile(r"([\w\u4e00-\u9fff][\w \-\u4e00-\u9fff]{0,30})\s*[:：]\s*(\S.*)")
_INLINE: Final = re.compile(
    r"(?P<strong>\*{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|~~|`)"
    r"|(?P<target>(?<=\])\([^()\s]{1,500}\))"
    r"|(?P<prefix>^[ ]{0,3}(?:\#{1,6}[ \t]+|(?:>[ \t]?){1,9}))",
    re.MULTILINE,
)
_LINE_ENDS: Final = re.compile(r"\r\n|\n|\r")


def read(data: bytes, budget: Budget) -> SourceText:
    """The decoded text with headings, tables and front matter as spans. Raises ReadError where it is not text."""
    source = plain.read(data, budget)
    text = source.text
    metadata = dict(source.metadata)
    furniture: list[Span] = []
    begin = 0
    if front := _FRONT_MATTER.match(text[:20_000]):
        begin = front.end()
        furniture.append((0, begin))
        metadata.update({m[1].strip(): m[2].strip() for m in map(_FIELD.match, front[1].splitlines()) if m})
    parser = MarkdownIt("commonmark").enable("table").disable(["reference", "html_inline", "inline"], True)
    lines = _Lines(text, begin)
    headings: list[tuple[Span, int]] = []
    tables: list[Table] = []
    tokens = parser.parse(text[begin:])
    for i, token in enumerate(budget.ticking(tokens)):
        if token.map is None:
            continue
        if token.type == "heading_open":
            headings += [(span, int(token.tag[1])) for span in lines.find(tokens[i + 1].content, token.map)]
        elif token.type == "table_open":
            tables.append(_table(tokens, i, lines, furniture, budget))
        elif token.type in {"hr", "html_block"} and (token.type == "hr" or token.content.lstrip().startswith("<!--")):
            furniture.append(lines.span(token.map))
        elif token.type == "fence":
            furniture += [lines.span((row, row + 1)) for row in (token.map[0], token.map[1] - 1)]
    return replace(
        source,
        media_type="text/markdown",
        headings=tuple(headings),
        tables=tuple(tables),
        furniture=tuple(sorted(set(furniture))),
        markup=tuple(match.span() for match in _INLINE.finditer(text, begin)),
        metadata=metadata,
    )


class _Lines:
    """Where the parser's line numbers lie in the text."""

    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._starts = [begin, *(match.end() for match in _LINE_ENDS.finditer(text, begin)), len(text)]

    def span(self, rows: list[int] | tuple[int, int]) -> Span:
        """The lines from the first row up to but without the last, without the final line end."""
        last = len(self._starts) - 1
        start, end = self._starts[min(rows[0], last)], self._starts[min(rows[1], last)]
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def find(self, content: str, rows: list[int]) -> list[Span]:
        """The span of each line of ``content`` within those rows."""
        start, end = self.span(rows)
        found = []
        for part in _LINE_ENDS.split(content):
            at = self._text.find(part.strip(), start, end) if part.strip() else -1
            if at != -1:
                found.append((at, at + len(part.strip())))
                start = found[-1][1]
        return found

    def cells(self, row: int) -> list[Span]:
        """The spans of the cells of a table row, bars and blanks left out; a bar after a backslash is text."""
        start, end = self.span((row, row + 1))
        inner = self._text[start:end].rstrip()
        indent = len(inner) - len(inner.lstrip())
        start, inner = start + indent, inner[indent:]
        if inner.startswith("|"):
            start, inner = start + 1, inner[1:]
        cells, at = [], 0
        for part in re.split(r"(?<!\\)\|", inner.removesuffix("|") if not inner.endswith("\\|") else inner):
            left = at + len(part) - len(part.lstrip())
            cells.append((start + left, start + at + len(part.rstrip())))
            at += len(part) + 1
        return cells


def _table(tokens: list[Token], at: int, lines: _Lines, furniture: list[Span], budget: Budget) -> Table:
    """The table that begins at that token; its rule line is added to the furniture."""
    rows: list[tuple[Span | None, ...]] = []
    for token in tokens[at + 1 :]:
        if token.type == "table_close":
            break
        if token.type == "thead_close":
            # The rule of dashes stands between the header row and the body and has no token of its own.
            rule = (tokens[at].map or [0, 2])[0] + 1
            furniture.append(lines.span((rule, rule + 1)))
        if token.type == "tr_open" and token.map is not None:
            cells = lines.cells(token.map[0])
            budget.spend_cells(len(cells))
            rows.append(tuple(span if span[0] < span[1] else None for span in cells))
    return Table(header_rows=1 if len(rows) > 1 else 0, rows=tuple(rows))
