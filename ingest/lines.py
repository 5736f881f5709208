"""A source text as lines, each knowing its span, its label and what the reader said about it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.labels import Label, label_of
from ingest.model import SourceText, Span

_EDGE = " \t\r\f\v　\xa0\ufeff\u200b"
_LINE = re.compile(r"[^\n]*\n?")
_WIDE_GAP = re.compile(r"[ \t\xa0　]{2,}")
_CLAUSE_NUMBER = re.compile(r"(\d{1,2})[ \t\xa0　]{1,4}([\u4e00-\u9fff][^。；;：:|]{1,38})")
_LONE_DECIMAL = re.compile(r"(\d{1,2})\.(\d{1,2})")
_UNITS = frozenset({"part", "chapter", "section", "article"})
_STOP = re.compile(r"[。;；:：]")
_LONG = 45
_NEAR = 24


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line that is not blank. ``span`` leaves out white space at both ends.

    ``gap`` is the number of blank lines above it, ``page`` is 1-based (0 where the format has no pages), ``level`` is
    the heading level that the format itself gives (0 where it gives none). ``furniture`` lines belong to no clause;
    ``front`` says that it is because they are of the cover or the contents list. ``text`` and ``words`` leave out the
    reader's markup, such as the stars of ``**第一条**``: ``words`` are the spans that hold what is left.
    """

    index: int
    span: Span
    text: str
    gap: int
    page: int
    level: int
    label: Label | None
    words: tuple[Span, ...] = ()
    furniture: bool = False
    front: bool = False
    translates: bool = False
    """Whether it repeats in English the chapter or article that is open."""

    @property
    def rest(self) -> str:
        """The text behind the label."""
        return self.text[self.label.end :] if self.label else self.text


def to_lines(source: SourceText) -> list[Line]:
    """The lines of a source that hold any text, in printed order."""
    levels = dict(sorted((span[0], level) for span, level in source.headings))
    furniture = sorted(source.furniture)
    firsts = [span[0] for span in furniture]
    markup = sorted(source.markup)
    signs = [span[0] for span in markup]
    lines: list[Line] = []
    gap = 0
    for match in _LINE.finditer(source.text):
        printed = match[0].strip(_EDGE + "\n")
        if not printed:
            gap += 1
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip(_EDGE + "\n"))
        at = bisect.bisect_right(firsts, start) - 1
        stop = start + len(printed)
        inside = markup[bisect.bisect_left(signs, start) : bisect.bisect_left(signs, stop)]
        for words, text, label in _pieces(source.text, _words(source.text, start, stop, inside)):
            lines.append(
                Line(
                    index=len(lines),
                    span=(words[0][0], words[-1][1]),
                    text=text,
                    words=words,
                    gap=gap,
                    page=bisect.bisect_right(source.page_starts, start),
                    level=next((levels[at] for at in (words[0][0], start, match.start()) if at in levels), 0),
                    label=label,
                    furniture=at >= 0 and furniture[at][1] >= stop,
                )
            )
            gap = 0
    return _without_translations(_with_clause_numbers(_without_lone_ordinals(lines)))


def _words(text: str, start: int, stop: int, signs: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of the line from ``start`` to ``stop`` without the signs in it and white space at its ends."""
    found: list[Span] = []
    for first, last in [*signs, (stop, stop)]:
        if start < first:
            found.append((start, first))
        start = max(start, last)
    while found and not text[slice(*found[0])].strip(_EDGE):
        found.pop(0)
    while found and not text[slice(*found[-1])].strip(_EDGE):
        found.pop()
    if found:
        first, last = found[0]
        found[0] = (last - len(text[first:last].lstrip(_EDGE)), last)
        first, last = found[-1]
        found[-1] = (first, first + len(text[first:last].rstrip(_EDGE)))
    return tuple(found)


def _pieces(source: str, words: tuple[Span, ...]) -> list[tuple[tuple[Span, ...], str, Label | None]]:
    """The line, cut behind its title where a wide gap sets a long text off from it: (二)基本原则  统筹协调…"""
    if not words:  # nothing but signs
        return []
    printed = "".join(source[first:last] for first, last in words)
    label = label_of(printed)
    if label is not None and len(printed) > _LONG:
        gap = _WIDE_GAP.search(printed, label.end, label.end + 30)
        title = printed[label.end : gap.start()] if gap is not None else ""
        if gap is not None and 2 <= len(title) <= 24 and not _STOP.search(title):
            rest = printed[gap.end() :]
            return [
                (_part(words, 0, gap.start()), printed[: gap.start()], label),
                (_part(words, gap.end(), len(printed)), rest, label_of(rest)),
            ]
    return [(words, printed, label)]


def _part(words: Sequence[Span], first: int, last: int) -> tuple[Span, ...]:
    """The spans of characters ``first`` to ``last`` of what ``words`` hold together."""
    found: list[Span] = []
    at = 0
    for start, stop in words:
        a, b = max(first - at, 0), min(last - at, stop - start)
        if a < b:
            found.append((start + a, start + b))
        at += stop - start
    return tuple(found)


def _with_clause_numbers(lines: list[Line]) -> list[Line]:
    """The lines; 1 范围, 2 …, 3 … are labels where they count up from one as the clauses of a standard do (GB/T 1.1).

    A number with nothing behind it but a space may as well begin a row of figures, so that only short titles in
    sequence count, and only where the first of them is 范围 or 1.1 or the like is printed too.
    """
    wanted, found = 1, []
    for line in lines:
        match = _CLAUSE_NUMBER.fullmatch(line.text) if line.label is None and len(line.text) <= _LONG else None
        if match is not None and int(match[1]) == wanted:
            found.append((line, match))
            wanted += 1
    if len(found) < 3:
        return lines
    subclauses = any(line.label is not None and line.label.scheme == "decimal" for line in lines)
    if not subclauses and not found[0][1][2].endswith("范围"):
        return lines
    for line, match in found:
        lines[line.index] = replace(line, label=Label("decimal", (int(match[1]),), match[1], match.start(2)))
    chapter, last = 0, 0
    for line in lines:  # 3.1 alone on its line, above the term that it defines
        if line.label is not None and line.label.scheme == "decimal":
            numbers = line.label.number
            chapter, last = numbers[0], numbers[1] if len(numbers) > 1 else 0
        elif (lone := _LONE_DECIMAL.fullmatch(line.text)) and (int(lone[1]), int(lone[2])) == (chapter, last + 1):
            last += 1
            lines[line.index] = replace(line, label=Label("decimal", (chapter, last), line.text, len(line.text)))
    return lines


def _without_translations(lines: list[Line]) -> list[Line]:
    """The lines; Article 3 below 第三条 is the same article in English and opens nothing."""
    latest: dict[str, tuple[int, ...]] = {}
    for line in lines:
        label = line.label
        if label is None or label.scheme not in _UNITS:
            continue
        if not label.printed.isascii():
            latest[label.scheme] = label.number
        elif latest.get(label.scheme) == label.number:
            lines[line.index] = replace(line, label=None, level=0, translates=True)
    return lines


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
