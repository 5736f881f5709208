"""What stands below a title about how a text came about: 2003年4月27日…第375号公布 根据2010年12月20日…修订.

Days of adoption, promulgation and amendment are told apart by the verb that follows each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest import marginal as m
from ingest.dates import first_day, western
from ingest.lines import Line

_ACT = re.compile(r"通过|通過|公布|发布|發布|颁布|頒布|印发|修正|修订|修訂|修改|制定|批准")
_AMENDS = re.compile(r"修正|修订|修訂|修改")
_MAKES_KNOWN = re.compile(r"公布|发布|發布|颁布|頒布|印发")
_DAY = re.compile(m.DATE)
_NAMED = re.compile(r"《[^《》]*》")
_AS_CARD = re.compile(
    r"(?:公?(?:發|发)?布日(?:期)?|制定日(?:期)?|修正日(?:期)?|異動日期|法規類別|生效狀態|法規名稱)[ 　]*[:：].{1,60}"
)
"""Lines of an index card printed above a text: 修正日期：民國 112 年 6 月 28 日."""
_OFFICE = (
    r"(?:代表大会(?:常务委员会)?|人大常委会|常务委员会|人民政府|国务院(?:办公厅)?|人民法院|人民检察院"
    r"|[\u4e00-\u9fff]{2}(?:部|委员会|总局|局|厅))"
)
_OFFICE_LINE = re.compile(rf"(?:(?!各)[\u4e00-\u9fff]){{0,24}}?{_OFFICE}")
_WHO = re.compile(
    rf"\s*((?:(?![由经第])[\u4e00-\u9fff]|第[一二三四五六七八九十]+届){{2,24}}?{_OFFICE}|[\u4e00-\u9fff]{{0,7}}国务院)"
)
ORDER = re.compile(
    r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,20}(?:令|公告|公報|通告)\s*(?:第\s*)?[\d一二三四五六七八九十百〇]{1,5}\s*[号號]"
)
"""An order's number: 中华人民共和国国务院令第375号."""
_MOST_LINES = 8
_LONGEST = 800
_REACH = 160
"""How far behind a day the verb stands that says what happened on it."""


@dataclass(frozen=True, slots=True)
class Enactment:
    """The days on which a text was adopted, made known and last amended, by whom and under which number."""

    adopted: date | None = None
    promulgated: date | None = None
    amended: date | None = None
    issuer: str | None = None
    number: str | None = None

    @property
    def issued(self) -> date | None:
        """The day of promulgation, else that of adoption."""
        return self.promulgated or self.adopted


def note_length(lines: Sequence[Line]) -> int:
    """How many of the lines behind a title say how the text came about; 0 where none names a day or an office."""
    count, unclosed = 0, False
    for line in lines[:_MOST_LINES]:
        if not (unclosed or _belongs(line)) or (line.label is not None and not unclosed):
            break
        unclosed = _leaves_open(line.text, unclosed=unclosed)
        count += 1
    return 0 if unclosed else count


def read_note(text: str) -> Enactment:
    """What the lines of a note say."""
    text = western(_NAMED.sub("", text))
    days = [*_DAY.finditer(text)]
    adopted = promulgated = amended = None
    issuer = number = None
    for at, match in enumerate(days):
        stop = days[at + 1].start() if at + 1 < len(days) else len(text)
        said = text[match.end() : min(stop, match.end() + _REACH)]
        before = text[max(0, match.start() - 12) : match.start()]
        day = first_day(match[0])
        if day is None or re.search(r"自\s*$", before):
            continue
        verbs = "".join(_ACT.findall(said)) or "".join(_ACT.findall(before.rpartition("\n")[2]))
        if _AMENDS.search(verbs):
            amended = max(day, amended or day)
        elif _MAKES_KNOWN.search(verbs):
            promulgated = promulgated or day
            number = number or _first(ORDER, said)
            issuer = issuer or _first(_WHO, said)
        elif verbs:
            adopted = adopted or day
            issuer = issuer or _first(_WHO, said)
    return Enactment(adopted, promulgated, amended, issuer, number)


def office_line(lines: Sequence[Line]) -> str | None:
    """The office alone on one of the lines behind a title, or None."""
    return next((line.text for line in lines[: note_length(lines)] if _OFFICE_LINE.fullmatch(line.text)), None)


def _belongs(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST or "。" in text or text[-1] in ":：,，;；":
        return False
    plain = western(_NAMED.sub("", text))
    tells = _DAY.search(plain) is not None and _ACT.search(plain) is not None
    framed = re.match(r"[(（\d一二三四五六七八九十]|根据|自|中華民國|中华民国|民國", text) is not None
    alone = m.is_date(line) or m.is_number(line) or _OFFICE_LINE.fullmatch(text) is not None
    return (tells and framed) or alone or _AS_CARD.fullmatch(text) is not None


def _leaves_open(text: str, *, unclosed: bool) -> bool:
    opened = text.count("(") + text.count("（") - text.count(")") - text.count("）")
    return unclosed + opened > 0


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text) if pattern is ORDER else pattern.match(text)
    return re.sub(r"\s", "", match[match.lastindex or 0]) if match is not None else None
