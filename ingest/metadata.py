"""What a document says about itself: number, issuers, kind, dates, status, region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.model import Kind, Status
from ingest.numerals import number as value_of
from ingest.numerals import year as year_of
from ingest.split import Part

DOC_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{2,12}[〔﹝\[【(（]\s*((?:19|20)\d{2})\s*[〕﹞\]】)）]\s*(?:第\s*)?\d{1,5}\s*号"
)
_DATE = re.compile(
    r"((?:19|20)\d{2}|[二一][〇零○九]{1}[〇零○一二三四五六七八九]{2})\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日"
)
_EFFECTIVE = re.compile(r"自\s*(" + _DATE.pattern + r")\s*起?\s*(?:施行|实施|执行|生效)")
_KINDS = (
    ("解读", Kind.INTERPRETATION),
    ("问答", Kind.INTERPRETATION),
    ("讲话", Kind.SPEECH),
    ("规划", Kind.PLAN),
    ("计划", Kind.PLAN),
    ("方案", Kind.PLAN),
    ("条例", Kind.REGULATION),
    ("法", Kind.LAW),
    ("规定", Kind.RULE),
    ("办法", Kind.RULE),
    ("标准", Kind.STANDARD),
    ("名单", Kind.LIST),
    ("意见", Kind.NORMATIVE),
    ("措施", Kind.NORMATIVE),
    ("通知", Kind.NOTICE),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A document's particulars; None, empty or UNKNOWN where the text does not say."""

    title: str
    kind: Kind = Kind.OTHER
    status: Status = Status.UNKNOWN
    number: str | None = None
    issuers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    region: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None


def describe(part: Part) -> Facts:
    """The particulars printed in a document."""
    text = "\n".join(line.text for line in part.lines)
    head = "\n".join(line.text for line in part.lines[:12] if len(line.text) < 80)
    found = DOC_NUMBER.search(head)
    effective = _EFFECTIVE.search(text)
    issued = None
    for line in part.lines:
        if len(line.text) < 24 and (match := _DATE.fullmatch(line.text.strip("()（） "))):
            issued = _day(match)
    kind = next((k for word, k in _KINDS if word in part.title), Kind.OTHER)
    status = Status.DRAFT if re.search("草案|征求意见稿", part.title) else Status.UNKNOWN
    return Facts(
        part.title,
        kind,
        status,
        found[0] if found else None,
        issued_on=issued,
        effective_on=_day(_DATE.search(effective[1])) if effective else None,
    )


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    values = (year_of(match[1]), value_of(match[2]), value_of(match[3]))
    if None in values:
        return None
    try:
        return date(*[v for v in values if v is not None])
    except ValueError:
        return None
