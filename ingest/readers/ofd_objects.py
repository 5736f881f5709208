"""Text and path objects of an OFD page: characters with their places, and the straight lines of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from ingest.readers.pdf_glyphs import Box, Glyph
from ingest.readers.pdf_tables import straight

POINTS_PER_MM: Final = 72 / 25.4
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_MAX_REPEATS: Final = 100_000
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an object's own coordinates lie on the page: its box's corner in mm and its matrix."""

    x: float = 0.0
    y: float = 0.0
    matrix: _Matrix = _IDENTITY

    def within(self, element: etree._Element) -> Placing:
        """The placing of an object that states its box and matrix."""
        corner = numbers(element.get("Boundary", ""))
        ctm = numbers(element.get("CTM", ""))
        matrix = (ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5]) if len(ctm) == 6 else _IDENTITY
        x, y = (corner[0], corner[1]) if len(corner) == 4 else (0.0, 0.0)
        return Placing(self.x + x, self.y + y, matrix)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the object on the page, in points from the top left."""
        a, b, c, d, e, f = self.matrix
        return (self.x + a * x + c * y + e) * POINTS_PER_MM, (self.y + b * x + d * y + f) * POINTS_PER_MM


def text_glyphs(element: etree._Element, placing: Placing) -> list[Glyph]:
    """The characters of a TextObject. Text that does not run from left to right (stamps, watermarks) is left out."""
    own = placing.within(element)
    a, b, _, d, *_ = own.matrix
    size = _first(element.get("Size", ""), 0.0) * abs(d or 1.0) * POINTS_PER_MM
    if a <= 0 or abs(b) > 0.1 * abs(a) or not 1 <= size <= 500:
        return []
    scale = _first(element.get("HScale", ""), 1.0)
    glyphs: list[Glyph] = []
    x = y = 0.0
    for code in element.iter():
        if not isinstance(code.tag, str) or etree.QName(code).localname != "TextCode" or not code.text:
            continue
        x, y = _first(code.get("X", ""), x), _first(code.get("Y", ""), y)
        right, down = steps(code.get("DeltaX", "")), steps(code.get("DeltaY", ""))
        for char in code.text:
            left, baseline = own.point(x, y)
            usual = size * scale * (1.0 if char > "\u2e7f" else 0.55)
            step = next(right, usual / POINTS_PER_MM / a)
            # The file doesn't say how wide a character is; the distance to the next one does, unless it is a gap.
            width = min(max(step * a * POINTS_PER_MM, 0.3 * usual), max(usual, size))
            glyphs.append(Glyph(left, baseline - 0.86 * size, left + width, baseline + 0.14 * size, size, char))
            x += step
            y += next(down, 0.0)
    return glyphs


def steps(text: str) -> Iterator[float]:
    """The distances of a DeltaX or DeltaY: numbers, where ``g 3 5`` stands for 5 three times."""
    words = iter(text.split())
    for word in words:
        if word == "g":
            count, value = next(words, "0"), next(words, "0")
            repeats = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0
            for _ in range(min(repeats, _MAX_REPEATS)):
                yield _first(value, 0.0)
        else:
            yield _first(word, 0.0)


def path_lines(element: etree._Element, placing: Placing) -> list[Box]:
    """The straight lines of a PathObject, in points from the top left of the page."""
    own = placing.within(element)
    data = next((e.text or "" for e in element if _is(e, "AbbreviatedData")), "")
    stroked = element.get("Stroke", "true") != "false"
    found: list[Box] = []
    points: list[tuple[float, float]] = []
    words = data.split()[:20_000]
    at = 0
    while at < len(words):
        kind, at = words[at], at + 1
        taken = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}.get(kind, 0)
        values = [_first(word, 0.0) for word in words[at : at + taken]]
        at += taken
        if kind in {"S", "M"}:
            found += straight(points, stroked)
            points = []
        if kind == "C" and points:
            points.append(points[0])
        elif len(values) == taken and taken:
            points.append(own.point(*values[-2:]))
    return found + list(straight(points, stroked))


def numbers(text: str) -> list[float]:
    """The numbers in an attribute, in their order."""
    return [float(word) for word in _NUMBER.findall(text[:400])]


def _first(text: str, default: float) -> float:
    found = _NUMBER.match(text.strip())
    return float(found[0]) if found else default


def _is(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname == name
