"""When two spellings name the same document or the same place in its outline.

Titles compare after NFKC without punctuation, by equality first and containment second. Labels compare one by one:
numbered ones by their number (``第四十五条`` and ``第45条 罚则``), titled ones by their opening characters, so that a
question set may shorten ``(三)引导地方加快探索`` to ``(三)``.
"""

from __future__ import annotations

import re
import unicodedata

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "[一二三四五六七八九十百千零〇两]+"
_ARTICLE = re.compile(rf"第\s*({_HAN}|\d+)\s*(编|章|节|条|款|项|部分)(?:之({_HAN}|\d+))?")
_BOX = re.compile(rf"(专栏|附件|附录|附表|表|图)\s*({_HAN}|\d+)")
_ENGLISH = re.compile(r"(article|section|chapter|part|annex|appendix)\s+([0-9]+(?:\.[0-9]+)*|[ivxlc]+\b|[a-z]\b)", re.I)
_ENUMERATED = re.compile(
    rf"[\(\[【]\s*({_HAN}|\d+|[a-z])\s*[\)\]】]"  # (一) (1) 【1】
    rf"|({_HAN})(?:\s*[、.,:]|\s+|$)"  # 一、
    r"|(\d+(?:\.\d+)+|[a-z](?:\.\d+)+)(?![\d%])"  # 3.1.2
    r"|(\d+)(?:\s*[、.,:\)]|\s+|$)"  # 1. 1) 05
    r"|([a-z])\s*[.、\)]"  # A.
    rf"|({_HAN}是)",  # 一是
    re.I,
)
_OPENING_CHARS = 8
_MIN_PREFIX = 2
INVENTED = frozenset("导语 引言 主送 落款 正文 前言 作者 来源 编者按 注 序言 附件 标题".split())  # noqa: SIM905
"""Labels that a reader of the text supplies where it prints none; they are optional when paths compare."""


def plain(text: str) -> str:
    """Lower-case NFKC text without white space, punctuation and symbols."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] not in "ZPSC")


def same_title(left: str, right: str) -> bool:
    """Whether two titles are equal apart from punctuation, width and case."""
    return plain(left) == plain(right)


def contains_title(left: str, right: str) -> bool:
    """Whether one title contains the other, apart from punctuation, width and case."""
    a, b = plain(left), plain(right)
    return bool(a and b) and (a in b or b in a)


def number_of(label: str) -> str:
    """The label's number in one spelling (``第12条``, ``专栏1``, ``一``, ``3.1``), or an empty string.

    Chinese and Arabic numerals are one in ``第…条`` and ``专栏…``; elsewhere ``一、`` and ``1.`` are different levels.
    """
    text = unicodedata.normalize("NFKC", label).strip()
    if found := _ARTICLE.match(text):
        inserted = f"之{_arabic(found[3])}" if found[3] else ""
        return f"第{_arabic(found[1])}{found[2]}{inserted}"
    if found := _BOX.match(text):
        return f"{found[1]}{_arabic(found[2])}"
    if found := _ENGLISH.match(text):
        return f"{found[1].lower()}{found[2].lower()}"
    if found := _ENUMERATED.match(text):
        number = next(group for group in found.groups() if group)
        return number.lstrip("0").lower() or "0"
    return ""


def title_of(label: str) -> str:
    """What stands beside the number, as plain text."""
    text = unicodedata.normalize("NFKC", label).strip()
    for pattern in (_ARTICLE, _BOX, _ENGLISH, _ENUMERATED):
        if found := pattern.match(text):
            return plain(text[found.end() :])
    return plain(text)


def same_label(wanted: str, printed: str) -> bool:
    """Whether a gold label names the place that is printed with the other label."""
    number = number_of(wanted)
    if number:
        return number == number_of(printed)
    want, have = plain(wanted), plain(printed)
    if _openings_agree(want, have):
        return True
    return bool(number_of(printed)) and _openings_agree(want, title_of(printed))


def agreement(wanted: str, printed: str) -> float:
    """How fully two labels agree, 0 to 1; breaks ties where numbering starts again within one document."""
    want, have = plain(wanted), plain(printed)
    if want == have:
        return 1.0
    left, right = title_of(wanted), title_of(printed)
    if left and right and _openings_agree(left, right):
        return 0.8
    return 0.4 if not left or not right else 0.0


def _openings_agree(left: str, right: str) -> bool:
    a, b = left[:_OPENING_CHARS], right[:_OPENING_CHARS]
    shorter = min(len(a), len(b))
    return shorter >= _MIN_PREFIX and a[:shorter] == b[:shorter]


def _arabic(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    if all(c in _HAN_DIGITS for c in numeral):
        return int("".join(str(_HAN_DIGITS[c]) for c in numeral))
    total = digit = 0
    for char in numeral:
        if char in _HAN_UNITS:
            total += (digit or 1) * _HAN_UNITS[char]
            digit = 0
        else:
            digit = _HAN_DIGITS[char]
    return total + digit
