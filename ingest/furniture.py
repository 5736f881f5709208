"""Lines that belong to the page and to no clause: running headers, page numbers, tables of contents, cover pages."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from ingest.lines import Line

_PAGE_NUMBER = re.compile(
    r"(?:[-—–·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–·\s]*|Page \d+(?: of \d+)?)$",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:目\s*录|目\s*次|Contents|Table of Contents)$", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r".{2,120}?(?:[/／]\s*|[.…·\s]{2,}\s*|(?<=[》”)\u4e00-\u9fff])\s*)(\d{1,4})$")
_LONGEST_HEADER = 40
_FEWEST_REPEATS = 3


def mark_furniture(lines: list[Line]) -> list[Line]:
    """The same lines, those of the page marked as furniture."""
    numbers = {line.index for line in lines if line.furniture or _PAGE_NUMBER.fullmatch(line.text)}
    headers = _running_headers(lines, numbers)
    contents = _contents(lines)
    paged = _page_numbers(lines, numbers, headers)
    return [
        replace(line, furniture=True)
        if line.furniture or line.index in headers or line.index in paged or line.index in contents
        else line
        for line in lines
    ]


def contents_titles(lines: list[Line]) -> tuple[str, ...]:
    """The titles that a table of contents lists, in order; empty where there is none."""
    titles: list[str] = []
    pending = ""
    for index in sorted(_contents(lines)):
        line = lines[index]
        match = _CONTENTS_LINE.match(line.text)
        if match is not None:
            titles.append((pending + line.text[: match.start(1)]).rstrip(" .…·/／\t　"))
            pending = ""
        elif len(line.text) >= 15:
            pending = line.text
    return tuple(titles)


def _running_headers(lines: list[Line], numbers: set[int]) -> set[int]:
    """Short lines that come back next to page numbers, as 「某市人民政府公报」 does at the head of each page."""
    counts: Counter[str] = Counter()
    for line in lines:
        if len(line.text) <= _LONGEST_HEADER and line.index not in numbers:
            near = range(max(0, line.index - 3), min(len(lines), line.index + 4))
            if any(i in numbers for i in near):
                counts[line.text] += 1
    repeated = {text for text, count in counts.items() if count >= _FEWEST_REPEATS}
    return {line.index for line in lines if line.text in repeated and line.label is None}


def _page_numbers(lines: list[Line], numbers: set[int], headers: set[int]) -> set[int]:
    """Bare numbers that stand next to a running header."""
    return {
        i for i in numbers if not headers or any(near in headers for near in range(i - 2, i + 3)) or lines[i].furniture
    }


def _contents(lines: list[Line]) -> set[int]:
    """Lines of a table of contents: from 目录 to the last line that ends in a page number."""
    for line in lines[: max(400, len(lines) // 10)]:
        if not _CONTENTS.match(line.text):
            continue
        last = line.index
        misses = 0
        for follower in lines[line.index + 1 :]:
            if _CONTENTS_LINE.match(follower.text) and len(follower.text) < 140:
                last, misses = follower.index, 0
            elif not _PAGE_NUMBER.fullmatch(follower.text) and len(follower.text) > 4:
                misses += 1
                if misses > 3:
                    break
        if last > line.index:
            return set(range(line.index, last + 1))
    return set()
