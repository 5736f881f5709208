"""Numbers as Chinese official documents print them: 第一百零八条, 十二, 〇, 两, １２, 第十二条之一."""

from __future__ import annotations

import re

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "Ｏ": 0,
    "一": 1,
    "壹": 1,
    "二": 2,
    "贰": 2,
    "两": 2,
    "三": 3,
    "叁": 3,
    "四": 4,
    "肆": 4,
    "五": 5,
    "伍": 5,
    "六": 6,
    "陆": 6,
    "七": 7,
    "柒": 7,
    "八": 8,
    "捌": 8,
    "九": 9,
    "玖": 9,
}
"""Chinese digits, ordinary and formal."""
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "萬": 10_000}
"""Chinese powers of ten up to 万; nothing in an outline is numbered higher."""

NUMERAL = "[零〇○一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万0-9０-９]{1,12}"
"""Source of a regular expression for one number in any of these spellings."""

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LONGEST = 12


def number(printed: str) -> int | None:  # noqa: PLR0911
    """The value of a printed number, 0 and up, or None where the characters are not one number.

    ``一百零八`` → 108, ``二〇二一`` → 2021, ``１２`` → 12, ``廿`` → None, ``十`` → 10, ``千二`` → None.
    """
    if not printed or len(printed) > _LONGEST:
        return None
    if printed.isdecimal():
        return int(printed)
    if all(c in DIGITS for c in printed):
        return int("".join(str(DIGITS[c]) for c in printed))
    total, section, digit = 0, 0, -1
    for position, character in enumerate(printed):
        if character in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[character]
        elif character in UNITS:
            unit = UNITS[character]
            if unit == 10_000:
                total, section, digit = (section + max(digit, 0)) * unit, 0, -1
                continue
            if digit < 0 and (unit != 10 or (position and printed[position - 1] not in "百佰千仟万萬零〇")):
                return None
            section += (digit if digit > 0 else 1) * unit
            digit = -1
        else:
            return None
    return total + section + max(digit, 0)


def roman(printed: str) -> int | None:
    """The value of a Roman numeral up to ccc, or None."""
    values = [_ROMAN.get(c) for c in printed.lower()]
    if not values or None in values:
        return None
    known = [v for v in values if v is not None]
    return sum(-a if a < b else a for a, b in zip(known, [*known[1:], 0], strict=True))


def circled(character: str) -> int | None:
    """The value of ①..⑳, ⑴..⒇, ⒈..⒛ or ㈠..㈩, or None."""
    for first, count in (("①", 20), ("⑴", 20), ("⒈", 20), ("㈠", 10), ("⓵", 10), ("❶", 10)):
        offset = ord(character) - ord(first)
        if 0 <= offset < count:
            return offset + 1
    return None


def year(printed: str) -> int | None:
    """A four-digit year in Arabic or Chinese digits (二〇二一), or None where it is not between 1900 and 2100."""
    value = number(re.sub(r"[oO○]", "〇", printed)) if len(printed) == 4 else None
    return value if value is not None and 1900 <= value <= 2100 else None
