"""What a document is called: its title without what people leave out, its other names, its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.model import PolicyDocument
from qa.language import plain_once, squeeze_plain

TYPES = (
    "法|条例|办法|规定|规则|细则|意见|规划|计划|方案|标准|分类|通知|指南|指引|纲要|措施|决定|公告|通告|草案|解读"
    "|目录|名单|章程|要求|定义"
)
_ANY_PLAN = re.compile(rf"(?:行动|发展|实施|工作|专项|管理|总体|若干|指导|三年)*(?:{TYPES})")
"""A short name that a text gives itself and that any other might (以下简称《行动计划》): it names no document."""
_BRACKETED = re.compile(r"[(\[].*?[)\]]")
QUOTED_TITLE = re.compile(r"[《〈<]([^《》〈〉<>]{2,80})[》〉>]")
NUMBER = re.compile(
    r"[\u4e00-\u9fff]{0,12}\s*[\[(]\s*((?:19|20)\d{2})\s*[\])]\s*(?:第\s*)?(\d{1,5})\s*号|[\[(]\s*((?:19|20)\d{2})\s*[\])]\s*(\d{1,5})\s*号"
)
_SUBJECT = re.compile(
    r"关于(?:印发|发布|公布|加快|推动|促进|进一步|做好|开展|推进|加强)*(.+?)(?:的(?:通知|公告|通告))?$"
)
_BRACKETED_VERSION = re.compile(r"[(\[(【][^)\])】]*(?:版|稿|草案|修订|修正|试行|暂行|\d{4})[^)\])】]*[)\])】]")
_VERSION = re.compile(r"修订|修正|试行|暂行|\d{4}年?版?")
LEAST_NAME = 4
"""Shorter names say too little to be looked for in a question."""


def title_core(title: str) -> str:
    """A title without brackets, ``中华人民共和国``, ``关于印发…的通知``: the part that people shorten."""
    inner = QUOTED_TITLE.search(title)
    core = plain_once(inner[1] if inner else title)
    if "(" in core or "[" in core:
        core = _BRACKETED.sub("", core)
    core = "".join(core.replace("中华人民共和国", "").split())
    found = _SUBJECT.search(core) if "关于" in core else None
    return found[1] if found and len(found[1]) >= 4 else core


def version_free(title: str) -> str:
    """A title without what tells versions apart: 修订, 试行, 二审草案, 征求意见稿, (2021年版), years."""
    return _VERSION.sub("", squeeze_plain(plain_once(_BRACKETED_VERSION.sub("", title))))


@dataclass(frozen=True, slots=True)
class Names:
    """What one document is called, worked out once however often the store changes."""

    called: tuple[tuple[str, float], ...]
    """Names without punctuation, with how sure each is."""
    core: str
    numbers: tuple[tuple[str, str], ...]
    words: str
    """Title and other names in `plain` form."""
    version_free: str


def names_of(document: PolicyDocument) -> Names:
    """What ``document`` is called, by its title, its other names and its number."""
    core = title_core(document.title)
    folded = [plain_once(name) for name in (document.title, *document.aliases)]
    called = {squeeze_plain(folded[0]): 1.0, squeeze_plain(core): 0.9}
    called |= {squeeze_plain(alias): 0.95 for alias in folded[1:]}
    numbers = tuple(
        (found[1] or found[3], found[2] or found[4])
        for named in (plain_once(document.number or ""), *folded[1:])
        if "号" in named
        for found in NUMBER.finditer(named)
    )
    return Names(
        tuple(
            (name, sure) for name, sure in called.items() if len(name) >= LEAST_NAME and not _ANY_PLAN.fullmatch(name)
        ),
        core,
        numbers,
        " ".join(folded),
        version_free(document.title),
    )
