"""Texts whose lines were broken at a fixed width, put together to paragraphs again.

Mail, terminals and ``pdftotext`` break lines so. Such a text shows it: nearly all of its lines end at one width or
before it, and a line that reaches the width goes on in the next.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.labels import label_of
from ingest.lines import Line

_FEWEST = 8
_NARROWEST, _WIDEST = 36, 130
_SLACK = 4
_HANGING = 6
_FEWEST_FULL, _FULL_SHARE, _CUT_SHARE = 4, 0.08, 0.6
_ENDS = "。！？；!?;：:…”」"


def without_wraps(text: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, those that a wrapped paragraph consists of as one; unchanged where no width shows.

    A line is full from two Chinese characters before the width on, since no line begins with a comma.
    """
    starts = [_start_of_line(text, line.span[0]) for line in lines]
    widths = [_width(text[start : line.span[1]]) for start, line in zip(starts, lines, strict=True)]
    width = wrap_width(widths, [line.text for line in lines])
    if width is None:
        return list(lines)
    indents = [text[start : line.span[0]] for start, line in zip(starts, lines, strict=True)]
    usual = Counter(indent for indent in indents if indent).most_common(1)
    by_indent = bool(usual) and usual[0][1] * 6 >= len(lines)
    indented = [by_indent and indent == usual[0][0] for indent in indents]
    joined: list[list[Line]] = []
    for at, line in enumerate(lines):
        full = at > 0 and widths[at - 1] >= width - _SLACK
        if full and _goes_on(lines[at - 1], line, by_indent=by_indent, indented=indented[at]):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [_one(group, n) for n, group in enumerate(joined)]


def wrap_width(widths: Sequence[int], texts: Sequence[str]) -> int | None:
    """The width, in columns, at which a text was broken, or None where it was not.

    It was where several lines come close to the longest and most of these stop in mid-sentence; the longest lines of
    a text that breaks at its paragraphs end in full stops, and differ.
    """
    if len(widths) < _FEWEST:
        return None
    top = max(widths)  # punctuation may hang out by a character or two
    longest = max(range(top, top - _HANGING - 1, -1), key=lambda w: sum(w - 1 <= width <= w for width in widths))
    full = [text for width, text in zip(widths, texts, strict=True) if width >= longest - _SLACK]
    cut = sum(text[-1] not in _ENDS for text in full)
    wrapped = len(full) >= max(_FEWEST_FULL, _FULL_SHARE * len(widths)) and cut >= _CUT_SHARE * len(full)
    return longest if wrapped and _NARROWEST <= longest <= _WIDEST else None


def _goes_on(above: Line, line: Line, *, by_indent: bool, indented: bool) -> bool:
    if line.gap or line.page != above.page or line.level or above.level:
        return False
    if by_indent:
        return not indented
    ends = above.text[-1] in _ENDS
    return not (ends and line.label is not None)


def _one(group: Sequence[Line], index: int) -> Line:
    if len(group) == 1:
        return replace(group[0], index=index)
    text = group[0].text
    for line in group[1:]:
        text += (" " if text[-1].isascii() and line.text[0].isascii() and text[-1].isalnum() else "") + line.text
    first = group[0]
    words = tuple(span for line in group for span in line.words)
    return replace(
        first, index=index, span=(first.span[0], group[-1].span[1]), text=text, words=words, label=label_of(text)
    )


def _start_of_line(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _width(text: str) -> int:
    """Columns that a line takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
