"""Sorts of documents: which a question speaks of (条例说…, 总书记讲…), and how official a document is."""

from __future__ import annotations

import re

from ingest.model import Kind, PolicyDocument
from qa.language import plain

_OFFICIAL_LAST = {Kind.NEWS: 2, Kind.INTERPRETATION: 1, Kind.SPEECH: 1, Kind.OTHER: 1}

_KINDS = re.compile(
    r"条例|办法|规定|细则|意见|规划|行动计划|计划|方案|标准|指南|通知|通报|草案|决定|解读|讲话|名单|要点|措施|公告"
)
_SAID_OTHERWISE = (
    ("讲话", re.compile(r"总书记|集体学习|政治局|领导人?(?:讲|说|提)|\bspeech\b|politburo")),
    ("新闻", re.compile(r"新闻|报道|公众号|\bnews\b|press release")),
)
_SORTS = {"讲话": Kind.SPEECH, "新闻": Kind.NEWS, "解读": Kind.INTERPRETATION}
_NOT_A_DOCUMENT = re.compile(r"(?:什么|哪些|哪个|有关|相关|符合|按照?|依照|其他|认定|申报|评价|新)$")


def kinds_in(question: str) -> tuple[str, ...]:
    """Sorts of documents that a question speaks of (条例说…, 规划里…), each once; not 什么标准 or 有关规定."""
    folded = plain(question)
    found = [m[0] for m in _KINDS.finditer(folded) if not _NOT_A_DOCUMENT.search(folded[: m.start()])]
    found += [kind for kind, cues in _SAID_OTHERWISE if cues.search(folded)]
    return tuple(dict.fromkeys(found))


def of_kind(document: PolicyDocument, kind: str) -> bool:
    """Whether a document is of a sort that `kinds_in` found, by its title or by what ingest takes it for."""
    return kind in plain(document.title) or document.kind is _SORTS.get(kind)


def official_rank(document: PolicyDocument) -> int:
    """0 for an official text, 1 for what explains one, 2 for news about one."""
    return _OFFICIAL_LAST.get(document.kind, 0)
