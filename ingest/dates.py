"""Days as official documents print them, and from when to when a text applies."""

from __future__ import annotations

import calendar
import re
from datetime import date

from ingest.numerals import number, year

_YEAR = r"((?:19|20)\d{2}|[一二][〇零○ＯOo一二三四五六七八九]{3})"
_FEW = r"([\d一二三四五六七八九十]{1,3})"
_DAY = re.compile(rf"{_YEAR}\s*年\s*{_FEW}\s*月\s*{_FEW}\s*日|((?:19|20)\d{{2}})[-/.](\d{{1,2}})[-/.](\d{{1,2}})")
_DAY_TEXT = rf"(?:{_YEAR}\s*年\s*{_FEW}\s*月\s*{_FEW}\s*日)"
_THIS = r"(?:本[\u4e00-\u9fff]{1,8}|该[\u4e00-\u9fff]{1,6}|以上[\u4e00-\u9fff]{0,6})"
_FROM = re.compile(
    rf"自\s*{_DAY_TEXT}\s*起?\s*(?:正式)?(?:施行|实施|执行|生效|實施|施行|試行|试行)|{_DAY_TEXT}\s*起\s*(?:正式)?(?:施行|实施|执行|生效|實施)"
)
_UNTIL = re.compile(
    rf"(?:有效期(?:至|到|截至)|施行至|执行至|截止(?:至|到)|至)\s*{_DAY_TEXT}\s*(?:止|失效|废止|终止|$|[。，,)）])"
)
_YEARS = re.compile(r"有效期(?:限)?(?:为|為)?\s*([\d一二三四五六七八九十两]{1,3})\s*年")
_ENGLISH = re.compile(
    r"(?:effect|force|effective|implemented|operation)[^.]{0,40}?(?:on|from)\s+(\d{1,2})\s+(January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\s+((?:19|20)\d{2})",
    re.IGNORECASE,
)
_ENGLISH_UNTIL = re.compile(
    r"(?:valid|effective|force|expire)[^.]{0,60}?(?:until|through)\s+(\d{1,2})\s+(January|February|March|April|May|June|July|"
    r"August|September|October|November|December)\s+((?:19|20)\d{2})",
    re.IGNORECASE,
)
_STANDARD = re.compile(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})\s*实施")
"""The cover of a standard: 2025-08-15发布 2025-11-01实施 (GB/T 1.1)."""
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_TAIL_CHARS = 2500
_FOUNDING = 1911
_MINGUO = re.compile(
    r"(?:中華|中华)?民[國国]\s*([\d一二三四五六七八九十百零〇]{1,7})\s*年\s*"
    r"([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日"
)
"""民國112年6月28日: years are counted from 1912, the first."""
_ITSELF = r"本(?![省市区區县縣州地级級行])|该|以上|现予|现将"
"""What a text calls itself further up in a sentence; 本市 and 本地区 are places, of whose other rules it may speak."""
_AT_ONCE = re.compile(
    rf"(?:{_THIS}|[\s(（。]|(?:{_ITSELF})[^。；;\n]{{0,80}}[，,])自(?:公布|发布|發布|颁布|印发)之?日起?\s*(?:施行|实施|实行|执行|生效)"
)
_OF_AMENDMENT = re.compile(r"(?:修正|修订|修訂|修改)[^。；;]*[条條]")


def western(text: str) -> str:
    """The text with the days that it counts by the years of the Republic of China written as 2023年6月28日."""

    def written(match: re.Match[str]) -> str:
        parts = [number(part) for part in match.groups()]
        return match[0] if None in parts else f"{(parts[0] or 0) + _FOUNDING}年{parts[1]}月{parts[2]}日"

    return _MINGUO.sub(written, text) if "民" in text else text


def at_once(text: str) -> bool:
    """Whether a text says that it applies from the day on which it is made known (本办法自发布之日起施行)."""
    return _AT_ONCE.search(text[-_TAIL_CHARS:]) is not None or _AT_ONCE.search(text[:_TAIL_CHARS]) is not None


def day_of(text: str) -> date | None:
    """The first day printed in a short text, or None."""
    return first_day(text)


def first_day(text: str) -> date | None:
    """The first day printed in a text, in Arabic or Chinese figures, or None."""
    match = _DAY.search(western(text))
    return _day(match.groups()) if match is not None else None


def lifetime(text: str) -> tuple[date | None, date | None]:
    """From when to when a text applies, as its closing article says; None where it does not."""
    text = western(text)
    start = end = None
    for match in _FROM.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()].rsplit("。", 1)[-1]
        if "废止" in before or _OF_AMENDMENT.search(before):
            continue
        groups = match.groups()
        start = _day(groups[:3]) or _day(groups[3:6])
        if re.search(_THIS, text[max(0, match.start() - 20) : match.start()]):
            break
    english = _ENGLISH.search(text)
    if start is None and english is not None:
        start = _safe(int(english[3]), _MONTHS[english[2].lower()], int(english[1]))
    cover = _STANDARD.search(text[:_TAIL_CHARS])
    if start is None and cover is not None:
        start = _safe(int(cover[1]), int(cover[2]), int(cover[3]))
    ends = _ENGLISH_UNTIL.search(text)
    tail = text[-_TAIL_CHARS:] + text[:_TAIL_CHARS]
    until = _UNTIL.search(tail)
    if until is not None:
        end = _day(until.groups())
    elif ends is not None:
        end = _safe(int(ends[3]), _MONTHS[ends[2].lower()], int(ends[1]))
    years = _YEARS.search(tail)
    if end is None and years is not None and start is not None:
        count = number(years[1])
        if count:
            end = _before(start, count)
    return start, end


def _before(start: date, years: int) -> date | None:
    """The last day of a validity of so many years that begins on a day."""
    try:
        anniversary = start.replace(year=start.year + years)
    except ValueError:
        anniversary = date(start.year + years, 3, 1)
    return date.fromordinal(anniversary.toordinal() - 1)


def _day(groups: tuple[str | None, ...]) -> date | None:
    parts = [part for part in groups if part]
    if len(parts) != 3:
        return None
    when, month, day = year(parts[0]), number(parts[1]), number(parts[2])
    return _safe(when, month, day) if when and month and day else None


def _safe(when: int, month: int, day: int) -> date | None:
    try:
        return date(when, month, day)
    except ValueError:
        return None
