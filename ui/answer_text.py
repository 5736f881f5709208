"""An answer's text as HTML: paragraphs, the items of a list, tables, and a button for each ``[n]``.

What the text is made of is plain (``qa.compose``): a line is a paragraph, ``- `` begins an item, ``| a | b |`` is a
row. Nothing else is interpreted, so what files and models write is shown as they write it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from ui.citation import in_title_marks, place
from ui.grid import drawn_grid, is_row
from ui.render import attributes, esc, shorten
from ui.words import Words

_MARKER: Final = re.compile(r"\[(\d{1,2})\]")
_RULE: Final = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+$")

Citations = Sequence[Mapping[str, Any]]


def answer_html(text: str, citations: Citations, words: Words, tables: Mapping[int, str] | None = None) -> str:
    """The answer; each ``[n]`` that is a citation becomes a button, any other stays as it is written.

    ``tables`` holds, by marker, the table that a citation quotes: it stands in the place of its rows.
    """
    known = {int(one["marker"]): one for one in citations}
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    drawn = []
    for kind, group in groupby(lines, _kind):
        if kind == "item":
            items = "".join(_item(line, known, words) for line in group)
            drawn.append(f'<ul class="listed">{items}</ul>')
        elif kind == "row":
            rows = [line.strip("|").split("|") for line in group if not _RULE.match(line)]
            cells = [[_with_markers(cell.strip(), known, words) for cell in row] for row in rows]
            drawn.append(drawn_grid(cells, words("turn.table")) if cells else "")
        elif kind == "cells":
            drawn.append(_quoted_rows(list(group), known, words, tables or {}))
        else:
            drawn += [_paragraph(line.strip(), known, words) for line in group]
    return "".join(drawn)


def _kind(line: str) -> str:
    if line.lstrip().startswith("- "):
        return "item"
    if line.startswith("| ") and line.endswith("|"):
        return "row"
    return "cells" if is_row(line) else "line"


def _item(line: str, known: Mapping[int, Mapping[str, Any]], words: Words) -> str:
    """An item of a list; one that is set in stands below the item before it."""
    below = ' class="below"' if line.startswith(" ") else ""
    return f"<li{below}>{_with_markers(line.lstrip()[2:], known, words)}</li>"


def _quoted_rows(
    lines: Sequence[str], known: Mapping[int, Mapping[str, Any]], words: Words, tables: Mapping[int, str]
) -> str:
    """The rows of a quoted table: the table itself where one citation quotes them all, else a line each."""
    markers = [int(found[1]) for line in lines for found in _MARKER.finditer(line)]
    if len(markers) == 1 and tables.get(markers[0]):
        button = marker_button(known[markers[0]], words)
        return f'<div class="quoted-table">{tables[markers[0]]}{button}</div>'
    return "".join(_paragraph(line.strip(), known, words) for line in lines)


def _paragraph(line: str, known: Mapping[int, Mapping[str, Any]], words: Words) -> str:
    # A line that only says where the words above it stand is set smaller.
    kind = ' class="attribution"' if line.startswith("—") else ""
    return f"<p{kind}>{_with_markers(line, known, words)}</p>"


def _with_markers(line: str, known: Mapping[int, Mapping[str, Any]], words: Words) -> str:
    pieces = []
    at = 0
    for found in _MARKER.finditer(line):
        citation = known.get(int(found[1]))
        if citation is None:
            continue
        pieces.append(esc(line[at : found.start()]))
        pieces.append(marker_button(citation, words))
        at = found.end()
    pieces.append(esc(line[at:]))
    return "".join(pieces)


def marker_button(citation: Mapping[str, Any], words: Words) -> str:
    """The button that opens a citation's clause beside the answer."""
    marker = citation["marker"]
    path = citation.get("path")
    where = shorten(place(path), 30) if isinstance(path, list) else ""
    label = words("evidence.mark", n=marker, document=in_title_marks(str(citation.get("document", ""))), place=where)
    return (
        f'<button type="button" class="cite-mark"{attributes(data_cite=marker, aria_label=label, title=label)}>'
        f"{esc(marker)}</button>"
    )
