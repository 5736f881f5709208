"""A source text as lines, each knowing its span, its label and what the reader said about it."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, replace

from ingest.labels import Label, label_of
from ingest.model import SourceText, Span

_EDGE = " \t\r\f\v　\xa0\ufeff\u200b"
_LINE = re.compile(r"[^\n]*\n?")
_WIDE_GAP = re.compile(r"[ \t\xa0　]{2,}")
_STOP = re.compile(r"[。;；:：]")
_LONG = 45
_NEAR = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line that is not blank. ``span`` leaves out white space at both ends.

    ``gap`` is the number of blank lines above it, ``page`` is 1-based (0 where the format has no pages), ``level`` is
    the heading level that the format itself gives (0 where it gives none). ``furniture`` lines belong to no clause;
    ``front`` says that it is because they are of the cover or the contents list.
    """

    index: int
    span: Span
    text: str
    gap: int
    page: int
    level: int
    label: Label | None
    furniture: bool = False
    front: bool = False

    @property
    def rest(self) -> str:
        """The text behind the label."""
        return self.text[self.label.end :] if self.label else self.text


def to_lines(source: SourceText) -> list[Line]:
    """The lines of a source that hold any text, in printed order."""
    levels = dict(sorted((span[0], level) for span, level in source.headings))
    furniture = sorted(source.furniture)
    firsts = [span[0] for span in furniture]
    lines: list[Line] = []
    gap = 0
    for match in _LINE.finditer(source.text):
        printed = match[0].strip(_EDGE + "\n")
        if not printed:
            gap += 1
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip(_EDGE + "\n"))
        at = bisect.bisect_right(firsts, start) - 1
        for offset, text, label in _pieces(printed):
            lines.append(
                Line(
                    index=len(lines),
                    span=(start + offset, start + offset + len(text)),
                    text=text,
                    gap=gap,
                    page=bisect.bisect_right(source.page_starts, start),
                    level=levels.get(start, 0) or levels.get(match.start(), 0),
                    label=label,
                    furniture=at >= 0 and furniture[at][1] >= start + len(printed),
                )
            )
            gap = 0
    return _without_lone_ordinals(lines)


def _pieces(printed: str) -> list[tuple[int, str, Label | None]]:
    """The line, cut behind its title where a wide gap sets a long text off from it: (二)基本原则  统筹协调…"""
    label = label_of(printed)
    if label is not None and len(printed) > _LONG:
        gap = _WIDE_GAP.search(printed, label.end, label.end + 30)
        title = printed[label.end : gap.start()] if gap is not None else ""
        if gap is not None and 2 <= len(title) <= 24 and not _STOP.search(title):
            return [
                (0, printed[: gap.start()], label),
                (gap.end(), printed[gap.end() :], label_of(printed[gap.end() :])),
            ]
    return [(0, printed, label)]


def _without_lone_ordinals(lines: list[Line]) -> list[Line]:
    """The lines; 一是… keeps its label only where 二是… or another of the list begins a line near by."""
    at = [line.index for line in lines if line.label is not None and line.label.scheme == "ordinal"]
    kept: set[int] = set()
    for n, index in enumerate(at):
        for other in at[n + 1 : n + 8]:
            left, right = lines[index].label, lines[other].label
            if (
                other - index <= _NEAR
                and left is not None
                and right is not None
                and abs(left.number[0] - right.number[0]) == 1
            ):
                kept.update((index, other))
    for index in at:
        if index not in kept:
            lines[index] = replace(lines[index], label=None)
    return lines
