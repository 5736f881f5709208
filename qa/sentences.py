"""A clause cut into sentences that know where they stand in the source text, so that a quotation is always literal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.model import Clause, Span

_END = re.compile(r"[。！？!?；;]+[”」』’\"）)]*|(?<=[A-Za-z)]{2})\.(?=\s)")
_OPEN_ENDED = re.compile(r"[^。！？!?；;：:.”」』)）\s]$")
_LONG_LINE = 24
_LONG_SENTENCE = 110
_CELL = " | "
_CJK = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef“”‘’—…·"
_BREAK_IN_WORD = re.compile(rf"(?<=[{_CJK}])[ \t\u3000]*\n\s*|[ \t\u3000]*\n\s*(?=[{_CJK}])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a clause. ``spans`` are in the source text, in order; ``text`` is `shown` of what they hold."""

    clause_id: str
    position: int
    spans: tuple[Span, ...]
    text: str


def shown(printed: str) -> str:
    """``printed`` on one line: a line break between Chinese characters goes, any other becomes a space."""
    joined = _BREAK_IN_WORD.sub("", printed.strip()) if "\n" in printed else printed
    return " ".join(joined.split())


def split_clause(clause: Clause, source_text: str) -> tuple[Sentence, ...]:
    """The sentences of ``clause``, in reading order; together they hold all of its words.

    A line that breaks off without punctuation runs on into the next one, over a page break if need be, but for a row of
    a table; a sentence longer than 110 characters is parted at its semicolons.
    """
    ranges: list[list[Span]] = []
    runs_on = False
    for start, end in clause.spans:
        for a, b in _line_ranges(source_text, start, end):
            line = source_text[a:b]
            pieces = _cut(line, a)
            if not pieces:
                continue
            if runs_on and ranges:
                ranges[-1].append(pieces[0])
                pieces = pieces[1:]
            ranges.extend([piece] for piece in pieces)
            runs_on = len(line) >= _LONG_LINE and bool(_OPEN_ENDED.search(line)) and _CELL not in line
    return tuple(
        Sentence(clause.clause_id, position, tuple(spans), shown("\n".join(source_text[a:b] for a, b in spans)))
        for position, spans in enumerate(ranges)
    )


def _line_ranges(text: str, start: int, end: int) -> Iterable[Span]:
    position = start
    while position < end:
        stop = text.find("\n", position, end)
        stop = end if stop < 0 else stop
        a, b = position, stop
        while a < b and text[a].isspace():
            a += 1
        while b > a and text[b - 1].isspace():
            b -= 1
        if a < b:
            yield a, b
        position = stop + 1


def _cut(line: str, offset: int) -> list[Span]:
    """The sentences of one line as spans. Semicolons part only what would otherwise be too long to show."""
    cuts: list[int] = []
    begin = 0
    for match in _END.finditer(line):
        soft = match[0][0] in "；;"
        if soft and _sentence_length(line, begin) <= _LONG_SENTENCE:
            continue
        cuts.append(match.end())
        begin = match.end()
    if not cuts or cuts[-1] < len(line):
        cuts.append(len(line))
    spans: list[Span] = []
    begin = 0
    for cut in cuts:
        a = begin
        while a < cut and line[a].isspace():
            a += 1
        if a < cut:
            spans.append((offset + a, offset + cut))
        begin = cut
    return spans


def _sentence_length(line: str, begin: int) -> int:
    hard = re.compile(r"[。！？!?]").search(line, begin)
    return (hard.end() if hard else len(line)) - begin


def merge_spans(spans: Sequence[Span], source_text: str) -> tuple[Span, ...]:
    """``spans`` in order, neighbours with nothing but blanks between them on one line made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start >= merged[-1][1]:
            between = source_text[merged[-1][1] : start]
            if not between.strip() and "\n" not in between:
                merged[-1] = (merged[-1][0], end)
                continue
        elif merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            continue
        merged.append((start, end))
    return tuple(merged)
