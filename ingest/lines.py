"""A source text as lines, each knowing its span, its label and what the reader said about it."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from ingest.labels import Label, label_of
from ingest.model import SourceText, Span

_EDGE = " \t\r\f\v　\xa0\ufeff\u200b"
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line that is not blank. ``span`` leaves out white space at both ends.

    ``gap`` is the number of blank lines above it, ``page`` is 1-based (0 where the format has no pages), ``level`` is
    the heading level that the format itself gives (0 where it gives none).
    """

    index: int
    span: Span
    text: str
    gap: int
    page: int
    level: int
    label: Label | None
    furniture: bool = False

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
        span = (start, start + len(printed))
        at = bisect.bisect_right(firsts, start) - 1
        lines.append(
            Line(
                index=len(lines),
                span=span,
                text=printed,
                gap=gap,
                page=bisect.bisect_right(source.page_starts, start),
                level=levels.get(start, 0) or levels.get(match.start(), 0),
                label=label_of(printed),
                furniture=at >= 0 and furniture[at][1] >= span[1],
            )
        )
        gap = 0
    return lines
