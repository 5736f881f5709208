"""Running headers, footers and page numbers: what stands at the edge of many pages, apart from its digits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.readers.pdf_glyphs import Box

_EDGE_LINES: Final = 3
"""How many lines from the top and from the bottom of a page can be furniture."""
_EDGE_SHARE: Final = 0.14
"""The part of the page's height at either end in which furniture stands."""
_NUMBER: Final = re.compile(
    r"[-—–－·•\s]*(?:第\s*[\d一二三四五六七八九十百]+\s*页(?:\s*[,，/／]?\s*共\s*[\d一二三四五六七八九十百]+\s*页)?"
    r"|page\s*\d+(?:\s*(?:of|/)\s*\d+)?|\d+\s*/\s*\d+|[ivxlc]{1,7}|\d{1,4})[-—–－·•\s]*",
    re.I,
)
_DRESSED: Final = re.compile(r"[-—–－·•]+\s*\d{1,4}\s*[-—–－·•]+|第\s*\d+\s*页.*|page\s*\d+.*", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """All that stands on one height of a page."""

    box: Box
    text: str


def furniture(pages: Sequence[Sequence[Row]], heights: Sequence[float]) -> set[tuple[int, int]]:
    """The (page, row) indices of running headers, footers and page numbers.

    A row is one when its words, digits aside, stand at the same height on at least two pages and a quarter of them
    (left and right pages may differ), or when it is a page number: dressed as one (— 3 —), or rising with the pages.
    """
    repeated: dict[tuple[str, bool, int], list[tuple[int, int]]] = defaultdict(list)
    found: set[tuple[int, int]] = set()
    numbers: list[tuple[int, int, int]] = []
    for p, page in enumerate(pages):
        for i, upper in _edges(page, heights[p]):
            words = re.sub(r"\s", "", page[i].text)
            place = page[i].box[1] if upper else heights[p] - page[i].box[3]
            if _DRESSED.fullmatch(words):
                found.add((p, i))
            elif _NUMBER.fullmatch(page[i].text):
                digits = re.search(r"\d+", words)
                if digits:
                    numbers.append((p, i, int(digits[0])))
            for near in (int(place // 6), int(place // 6) + 1):
                repeated[re.sub(r"\d+", "#", words), upper, near].append((p, i))
    for (words, _, _), places in repeated.items():
        on = {p for p, _ in places}
        if len(on) >= max(2, len(pages) / 4) and words and len(words) <= 80:
            found.update(places)
    found.update(_rising(numbers, len(pages)))
    return found


def _edges(page: Sequence[Row], height: float) -> list[tuple[int, bool]]:
    """Indices of the rows near the top (True) and the bottom (False) of a page."""
    by_place = sorted(range(len(page)), key=lambda i: page[i].box[1])
    upper = [(i, True) for i in by_place[:_EDGE_LINES] if page[i].box[1] < _EDGE_SHARE * height]
    lower = [(i, False) for i in by_place[-_EDGE_LINES:] if page[i].box[3] > (1 - _EDGE_SHARE) * height]
    return upper + lower


def _rising(numbers: Sequence[tuple[int, int, int]], n_pages: int) -> set[tuple[int, int]]:
    """Bare numbers whose distance to the page's own number is the usual one; on a single page only its number."""
    distances: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for p, i, number in numbers:
        distances[number - p].append((p, i))
    kept: set[tuple[int, int]] = set()
    for distance, places in distances.items():
        if len(places) >= max(2, n_pages / 4) or (n_pages == 1 and distance == 1):
            kept.update(places)
    return kept
