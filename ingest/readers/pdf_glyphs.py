"""The characters of a PDF page with their places, upright and from the top left, as the page is displayed.

pdfium gives characters in the page's own coordinates, unrotated and from the bottom left. Here they come in a reading
frame in which most of the text runs from left to right; ``Frame`` brings boxes back to the displayed page.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
_DEVICE_UNITS: Final = 64
"""Device pixels per point when pdfium is asked for the page's transformation, which it rounds to whole pixels."""
_RADICALS: Final = dict(
    zip(
        "⺠⻓⻔⻛⻜⻝⻢⻣⻥⻦⻨⻩⻬⻮⻰⻅⻆⻉⻋⻘⻚⻄⻁⻤⻙⻑⻳⺟⻰⻧⻫⻭⻱⻲⻯",
        "民长门风飞食马骨鱼鸟麦黄齐齿龙见角贝车青页西虎鬼韦長龟母龙卤斉歯亀龜竜",
        strict=True,
    )
)


class Glyph(NamedTuple):
    """One character: its box (advance width, em height) in points, its font size in points."""

    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    char: str


@dataclass(frozen=True, slots=True)
class Frame:
    """How a reading frame lies on the displayed page: turned by ``turns`` quarter turns; sizes are the page's."""

    turns: int
    width: float
    height: float

    def to_page(self, box: Box) -> Box:
        """A box of the reading frame on the displayed page, in points from the top left."""
        x0, top, x1, bottom = box
        corners = [self._point(x, y) for x, y in ((x0, top), (x1, bottom))]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return (round(min(xs), 1), round(min(ys), 1), round(max(xs), 1), round(max(ys), 1))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.turns == 1:
            return self.width - y, x
        if self.turns == 2:
            return self.width - x, self.height - y
        if self.turns == 3:
            return y, self.height - x
        return x, y

    def from_page(self, x: float, y: float) -> tuple[float, float]:
        """A point of the displayed page in the reading frame."""
        if self.turns == 1:
            return y, self.width - x
        if self.turns == 2:
            return self.width - x, self.height - y
        if self.turns == 3:
            return self.height - y, x
        return x, y


@dataclass(frozen=True, slots=True)
class Transform:
    """From a page's own coordinates to the displayed page: x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The point on the displayed page, in points from the top left."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def turns(self, dx: float, dy: float) -> int | None:
        """Quarter turns clockwise of text that runs along (dx, dy); None where it runs askew."""
        angle = math.degrees(math.atan2(self.b * dx + self.d * dy, self.a * dx + self.c * dy))
        quarter = round(angle / 90)
        return quarter % 4 if abs(angle - quarter * 90) < 8 else None


def page_transform(page: Any) -> Transform:
    """The transformation that pdfium displays the page with: rotation, crop box and all."""
    width, height = page.get_size()
    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(at_x: float, at_y: float) -> tuple[float, float]:
        size = (int(width * _DEVICE_UNITS), int(height * _DEVICE_UNITS))
        pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, at_x, at_y, x, y)
        return x.value / _DEVICE_UNITS, y.value / _DEVICE_UNITS

    origin, right, up = shown(0, 0), shown(1000, 0), shown(0, 1000)
    return Transform(
        (right[0] - origin[0]) / 1000,
        (right[1] - origin[1]) / 1000,
        (up[0] - origin[0]) / 1000,
        (up[1] - origin[1]) / 1000,
        *origin,
    )


def page_glyphs(page: Any, transform: Transform) -> tuple[list[Glyph], Frame, float]:
    """The page's characters in content order, the frame they are in, and the share of characters without meaning.

    Text that runs askew (watermarks), characters drawn a second time to look bold, and blanks that pdfium makes up are
    left out. The share counts characters whose font does not say what they are; near 1 the page needs OCR.
    """
    width, height = page.get_size()
    text = page.get_textpage()
    raw, unknown = [], 0
    left, bottom = ctypes.c_double(), ctypes.c_double()
    loose, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    turns: Counter[int] = Counter()
    high = 0
    for i in range(text.count_chars()):
        if pdfium.FPDFText_IsGenerated(text, i) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, i)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in {0, 0xFFFD} or 0xE000 <= code < 0xF900 or code < 0x20:
            unknown += code not in {2, 9, 10, 13}
            if code != 2:
                continue
        if not pdfium.FPDFText_GetLooseCharBox(text, i, loose) or not pdfium.FPDFText_GetMatrix(text, i, matrix):
            continue
        if not pdfium.FPDFText_GetCharOrigin(text, i, left, bottom):
            continue
        turn = transform.turns(matrix.a, matrix.b)
        size = pdfium.FPDFText_GetFontSize(text, i) * math.hypot(matrix.c, matrix.d)
        if turn is None or not 1 <= size <= 500:
            continue
        turns[turn] += 1
        raw.append(
            (turn, _char(code), size, left.value, bottom.value, loose.left, loose.bottom, loose.right, loose.top)
        )
    text.close()
    main = turns.most_common(1)[0][0] if turns else 0
    frame = Frame(main, width, height)
    seen: set[tuple[str, int, int]] = set()
    glyphs = []
    for turn, char, size, origin_x, origin_y, x0, y0, x1, y1 in raw:
        if turn != main:
            continue
        _, baseline = frame.from_page(*transform.point(origin_x, origin_y))
        a = frame.from_page(*transform.point(x0, y0))
        b = frame.from_page(*transform.point(x1, y1))
        at = (round(min(a[0], b[0])), round(baseline))
        if any((char, at[0] + dx, at[1] + dy) in seen for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
            continue
        seen.add((char, *at))
        glyphs.append(
            Glyph(min(a[0], b[0]), baseline - 0.86 * size, max(a[0], b[0]), baseline + 0.14 * size, size, char)
        )
    return glyphs, frame, unknown / max(1, unknown + len(raw))


def _char(code: int) -> str:
    """The character, radicals and compatibility forms as the ideograph that they stand for.

    Many PDF makers map glyphs to the first code that shares their shape: ⼯ (U+2F2F) for 工 (U+5DE5).
    """
    if code == 2:  # pdfium's sign for a hyphen at a line's end
        return "-"
    char = chr(code)
    if 0x2E80 <= code < 0x2FE0:
        return _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    return unicodedata.normalize("NFKC", char) if 0xF900 <= code < 0xFB00 else char
