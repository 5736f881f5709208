"""Lines that belong to the page and to no clause: running headers, page numbers, contents lists, covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.lines import Line

PAGE_NUMBER = re.compile(
    r"(?:[-—–·•]\s*)?(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?(?:\s*[-—–·•])?|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"目\s*录|目\s*次|Contents|Table\s+of\s+Contents", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"(.{2,150}?)(?:\s*[/／]\s*|\s*[.…·]{2,}\s*|\s{2,}|(?<=[》”\u4e00-\u9fff]))(\d{1,4})")
_SENTENCE = re.compile(r"[。;；！？]")
_LONGEST_HEADER = 40
_FEWEST_REPEATS = 3
_LONGEST_FRONT = 400


@dataclass(frozen=True, slots=True)
class Contents:
    """A table of contents: the lines that it takes (first, behind the last) and its entries as (title, page)."""

    first: int
    last: int
    entries: tuple[tuple[str, int], ...]


def mark_furniture(lines: list[Line]) -> tuple[list[Line], Contents | None]:
    """The same lines, those of the page marked as furniture and every line with its page, and the contents list."""
    numbers = {line.index for line in lines if len(line.text) <= _LONGEST_HEADER and PAGE_NUMBER.fullmatch(line.text)}
    headers = _running_headers(lines, numbers)
    contents = find_contents(lines)
    furniture = headers | _page_numbers(lines, numbers, headers)
    front = range(0)
    if contents is not None:
        front = range(0 if len(contents.entries) > 1 else contents.first, contents.last)
        furniture.update(front)
    if not furniture:
        return lines, contents
    pages = _pages(lines, furniture, numbers, headers)
    return [
        replace(
            line,
            furniture=line.furniture or line.index in furniture,
            front=line.index in front,
            page=pages[line.index],
        )
        for line in lines
    ], contents


def _running_headers(lines: list[Line], numbers: set[int]) -> set[int]:
    """Short lines that come back beside page numbers or at the edges of pages, as a gazette's name does."""
    edges = {i for i in numbers for i in range(i - 3, i + 4)}
    edges.update(i for line in lines if line.index and line.page != lines[line.index - 1].page for i in _edge(line))
    seen: dict[str, list[int]] = {}
    for line in lines:
        if len(line.text) <= _LONGEST_HEADER and line.index not in numbers and line.label is None:
            seen.setdefault(re.sub(r"\d+", "#", line.text), []).append(line.index)
    found: set[int] = set()
    for key, at in seen.items():
        beside = sum(index in edges for index in at)
        often = beside >= _FEWEST_REPEATS and beside >= len(at) * 0.6
        if (often or (len(at) == 2 and _with_pages(lines, numbers, at))) and not _SENTENCE.search(key):
            found.update(at)
    return found


def _with_pages(lines: list[Line], numbers: set[int], at: list[int]) -> bool:
    """Whether two lines stand alike beside two page numbers in a row, as in a file of two pages."""
    for offset in (-3, -2, -1, 1, 2, 3):
        beside = [index + offset for index in at]
        if all(index in numbers for index in beside):
            first, second = (int(re.findall(r"\d+", lines[index].text)[0]) for index in beside)
            if second == first + 1:
                return True
    return False


def _edge(line: Line) -> Iterable[int]:
    """The lines at the foot of the page before and at the head of the page that a line begins."""
    return range(line.index - 2, line.index + 2)


def _page_numbers(lines: list[Line], numbers: set[int], headers: set[int]) -> set[int]:
    """Bare numbers that stand beside a running header, at a page edge, or that count up through the whole text."""
    if headers:
        above = {i for i in numbers if i + 1 in headers}
        below = {i for i in numbers if i - 1 in headers}
        found = above if len(above) > 2 * len(below) else below if len(below) > 2 * len(above) else above | below
        return found | _ends(lines, numbers, found)
    edges = {i for line in lines if line.index and line.page != lines[line.index - 1].page for i in _edge(line)}
    if edges:
        return numbers & (edges | {0, len(lines) - 1})
    alone = [i for i in sorted(numbers) if _stands_alone(lines, i)]
    values = [int(re.findall(r"\d+", lines[i].text)[0]) for i in alone]
    rising = sum(b == a + 1 for a, b in pairwise(values))
    return set(alone) if len(alone) >= _FEWEST_REPEATS and rising >= 0.8 * (len(alone) - 1) else set()


def _ends(lines: list[Line], numbers: set[int], found: set[int]) -> set[int]:
    """The first and last line of the text, where they go on with the count of the pages."""
    if len(found) < 2:
        return set()
    values = {i: int(re.findall(r"\d+", lines[i].text)[0]) for i in numbers}
    last, first = max(found), min(found)
    ends = {len(lines) - 1} & numbers if values.get(len(lines) - 1, 0) == values[last] + 1 else set()
    return ends | ({0} if 0 in numbers and values[0] == values[first] - 1 else set())


def _stands_alone(lines: list[Line], index: int) -> bool:
    """Whether a number has space around it, or dashes or 第…页 that only a page number has."""
    if not lines[index].text.isdecimal():
        return True
    below = lines[index + 1].gap if index + 1 < len(lines) else 1
    return lines[index].gap > 0 and below > 0


def find_contents(lines: list[Line]) -> Contents | None:
    """The table of contents of a file: entries with page numbers, or a list of headings that the text then repeats."""
    for line in lines[:_LONGEST_FRONT]:
        if len(line.text) <= 20 and _CONTENTS.fullmatch(line.text):
            found = _paged_contents(lines, line.index) or _plain_contents(lines, line.index)
            if found is not None:
                return found
    return None


def _paged_contents(lines: list[Line], first: int) -> Contents | None:
    entries: list[tuple[str, int]] = []
    pending, last, misses = "", first, 0
    for line in lines[first + 1 :]:
        match = (
            _CONTENTS_LINE.fullmatch(line.text)
            if len(line.text) < 160 and not PAGE_NUMBER.fullmatch(line.text)
            else None
        )
        if match is not None:
            entries.append(((pending + match[1]).strip(), int(match[2])))
            pending, last, misses = "", line.index, 0
        elif not PAGE_NUMBER.fullmatch(line.text) and len(line.text) > 4:
            misses += 1
            pending = line.text if line.label is None and misses == 1 and not _CONTENTS.fullmatch(line.text) else ""
            if misses > 3 or _SENTENCE.search(line.text):
                break
    return Contents(first, last + 1, tuple(entries)) if len(entries) >= 2 else None


def _plain_contents(lines: list[Line], first: int) -> Contents | None:
    """Headings after 目录 up to the place where the first of them comes again."""
    listed: list[str] = []
    for line in lines[first + 1 : first + 1 + _LONGEST_FRONT]:
        key = re.sub(r"\s", "", line.text)
        if listed and key == listed[0]:
            return Contents(first, line.index, ()) if len(listed) >= 2 else None
        if line.label is None and listed and len(key) > 60:
            return None
        listed.append(key)
    return None


def _pages(lines: list[Line], furniture: set[int], numbers: set[int], headers: set[int]) -> list[int]:
    """The page of every line: the reader's, or else the printed number beside the running header."""
    if any(line.page for line in lines):
        return [line.page for line in lines]
    at_top = _numbers_lead(lines, furniture & numbers, headers)
    pages = [0] * len(lines)
    page = 0
    if at_top:
        for line in lines:
            if line.index in furniture and line.index in numbers:
                page = int(re.findall(r"\d+", line.text)[0])
            pages[line.index] = page
        return pages
    for line in reversed(lines):
        if line.index in furniture and line.index in numbers:
            page = int(re.findall(r"\d+", line.text)[0])
        pages[line.index] = page
    return pages


def _numbers_lead(lines: list[Line], numbers: set[int], headers: set[int]) -> bool:
    """Whether page numbers stand at the head of their pages: the first comes before the first header and any text."""
    if not numbers:
        return False
    if headers:
        return min(numbers) < min(headers)
    return min(numbers) <= 1 and max(numbers) < len(lines) - 2
