"""Numbers as word processors print them: 3 as 三, III, c, 丙 or ③, by the style names of Office Open XML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ENCLOSED: Final = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
}


def numeral(number: int, style: str) -> str:
    """The number as printed in that style; plain digits for a style or a number that has no sign of its own.

    ``style`` is a value of ST_NumberFormat (ECMA-376 part 1, 17.18.59), such as ``chineseCounting`` or ``lowerRoman``.
    """
    if number < 0:
        return str(number)
    if style in _ENCLOSED:
        first, count = _ENCLOSED[style]
        return chr(first + number - 1) if 1 <= number <= count else str(number)
    if style in _MAKERS and 0 < number < 100_000:
        return _MAKERS[style](number)
    return str(number)


def chinese(number: int) -> str:
    """Counting numerals up to 99,999: 10 is 十, 11 十一, 105 一百零五, 2024 二千零二十四."""
    text = _places(number, _DIGITS.replace("〇", "零"), "十百千万")
    return text[1:] if text.startswith("一十") else text


def _places(number: int, digits: str, units: str) -> str:
    if number == 0:
        return digits[0]
    out, gap = "", False
    for power in range(4, -1, -1):
        digit = number // 10**power % 10
        if digit:
            out += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
            gap = False
        else:
            gap = bool(out)
    return out


def _by_digit(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out


def _letter(number: int) -> str:
    """a to z, then aa, bb, as word processors do (and not ab, as spreadsheets do)."""
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * min(times + 1, 50)


_MAKERS: Final[dict[str, Callable[[int], str]]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "ideographDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "taiwaneseDigital": _by_digit,
    "chineseLegalSimplified": lambda n: _places(n, _LEGAL_DIGITS, "拾佰仟万"),
    "ideographLegalTraditional": lambda n: _places(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟萬"),
    "ideographTraditional": lambda n: _STEMS[(n - 1) % 10],
    "ideographZodiac": lambda n: _BRANCHES[(n - 1) % 12],
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: "".join(chr(ord("０") + int(digit)) for digit in str(n)),
    "decimalFullWidth2": lambda n: "".join(chr(ord("０") + int(digit)) for digit in str(n)),
    "numberInDash": lambda n: f"- {n} -",
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda n: _letter(n).upper(),
    "ordinal": lambda n: f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}",
}
