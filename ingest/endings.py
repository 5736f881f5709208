"""What a text says about other texts: 《…》同时废止, 关于修改《…》的决定, 本文件代替….

Whether the others are at hand is for the store to say; here only their printed names are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.dates import first_day
from ingest.model import Ending, Kind, PolicyDocument, Status

_NAME = re.compile(r"《([^《》\n]{3,80}(?:〈[^〈〉]{2,60}〉[^《》\n]{0,40})?)》")
_REPEALED = re.compile(r"(?:同时|即行|一并|相应)?(?:予以)?(?:废止|廢止|失效|停止执行)")
_KEPT = re.compile(r"继续(?:有效|执行)|不再适用|但|除外")
_REPLACED = re.compile(
    r"(?:代替|替代|取代)\s*(?P<name>《[^《》\n]{3,80}》|[A-Z]{2,3}\d{0,4}(?:/[A-Z])?\s?\d{1,6}[—–-](?:19|20)\d{2})"
)
_REVISING = re.compile(r"关于(?:修改|修订|修正)《([^《》]{3,80})》.{0,20}(?:决定|通知)$")
_REVOKING = re.compile(r"关于废止.{0,4}《([^《》]{3,80})》.{0,40}(?:决定|通知|公告)$")
_SENTENCE = re.compile(r"[^。；;\n]+")
_REVISED = re.compile(r"[(（][^()（）]{0,400}?(?:修正|修订|修改)[^()（）]{0,20}[)）]")
_SILENT = frozenset({Kind.NEWS, Kind.INTERPRETATION, Kind.SPEECH})
_LONGEST = 20_000


def endings_of(document: PolicyDocument) -> tuple[Ending, ...]:
    """What a document does to others, each once; news and explanations do nothing, and neither do drafts."""
    if document.kind in _SILENT or document.status is Status.DRAFT:
        return ()
    return tuple(dict.fromkeys((*_by_title(document), *_by_text(document))))


def _by_title(document: PolicyDocument) -> Iterator[Ending]:
    day = document.effective_on or document.issued_on
    for pattern, status in ((_REVISING, Status.AMENDED), (_REVOKING, Status.REPEALED)):
        match = pattern.search(document.title)
        if match is not None:
            yield Ending(match[1], status, day)


def _by_text(document: PolicyDocument) -> Iterator[Ending]:
    day = document.effective_on or document.issued_on
    for clause in document.clauses:
        text = clause.text[:_LONGEST]
        if "废止" in text or "廢止" in text or "失效" in text or "停止执行" in text:
            for sentence in _SENTENCE.findall(text):
                yield from _repealed(sentence, day)
        if document.kind is Kind.STANDARD or "代替" in text:
            yield from (Ending(m["name"].strip("《》"), Status.SUPERSEDED, day) for m in _REPLACED.finditer(text))


def _repealed(sentence: str, day: date | None) -> Iterator[Ending]:
    """The names that stand before 废止 in one sentence."""
    end = 0
    for match in _REPEALED.finditer(sentence):
        before = sentence[end : match.start()]
        end = match.end()
        if _KEPT.search(before) is None:
            named = list(_NAME.finditer(before))
            own = first_day(before[named[-1].end() :]) if named else None
            yield from (Ending(name[1], Status.REPEALED, own or day) for name in named)


def revised_on(head: str) -> date | None:
    """The latest day in the words under a title by which a text shows that it has been revised, or None."""
    days = [
        day
        for match in _REVISED.finditer(head[:2000])
        for piece in re.findall(r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日", match[0])
        if (day := first_day(piece)) is not None
    ]
    return max(days, default=None)
