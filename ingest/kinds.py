"""What sort of text a document is, and whether it binds, as its title and closing words say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import marginal as m
from ingest.lines import Line
from ingest.model import Kind, Status

_TAIL = re.compile(r"(?:[（(〔\[【][^（()）]{1,24}[)）〕\]】]|》|\s)+$")
_PICTURE = re.compile(r"解读|解讀|图解|一图|读懂|看懂|问答|答记者问|起草说明|政策说明")
_SPEECH = re.compile(r"讲话|致辞|发言|演讲|座谈会|集体学习")
_NEAR_TITLE = 6
_SAYS = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:指出|强调|表示)[,，]")
_ENDINGS = (
    (("纪要",), Kind.OTHER),
    (("预案",), Kind.PLAN),
    (("名单", "目录", "清单", "名錄", "名录"), Kind.LIST),
    (("办法", "规定", "规则", "细则", "规程", "辦法", "規定", "規則", "細則", "准则"), Kind.RULE),
    (("法典", "法"), Kind.LAW),
    (("条例", "條例"), Kind.REGULATION),
    (("规划", "计划", "方案", "纲要", "規劃", "計劃", "要点", "路线图"), Kind.PLAN),
    (("标准", "标准体系", "分类", "术语", "规范", "統計分類", "術語"), Kind.STANDARD),
    (("通知", "公告", "通告", "通报", "公示", "函"), Kind.NOTICE),
    (
        ("意见", "措施", "决定", "指南", "指引", "政策", "若干措施", "批复", "命令", "解释", "制度", "实施意见"),
        Kind.NORMATIVE,
    ),
)
_ENGLISH = (
    ("law", Kind.LAW),
    ("ordinance", Kind.LAW),
    ("regulation", Kind.REGULATION),
    ("measures", Kind.RULE),
    ("rules", Kind.RULE),
    ("provisions", Kind.RULE),
    ("plan", Kind.PLAN),
    ("notice", Kind.NOTICE),
    ("standard", Kind.STANDARD),
    ("opinions", Kind.NORMATIVE),
    ("guideline", Kind.NORMATIVE),
)
_DRAFT = re.compile(r"草案|征求意见稿|征求意見稿|送审稿|讨论稿|审议稿|\bdraft\b", re.IGNORECASE)
_TRIAL = re.compile(r"试行|試行")
_AMENDED = re.compile(r"[（(](?:\d{4}年)?.{0,6}(?:修订|修正|修改)")
_IN_FORCE = re.compile(
    r"自\s*.{4,18}日起?\s*(?:施行|实施|执行|生效)|自(?:印发|发布|公布|發布)之?日起?\s*(?:施行|实施|执行)"
)


def kind_of(title: str, lines: Sequence[Line], *, headline: bool) -> Kind:  # noqa: PLR0911
    """The sort of a document, by its title first and by what it holds second."""
    if _PICTURE.search(re.sub(r"[（(]附[^()（）]*[)）]", "", title)) and not title.endswith("的通知"):
        return Kind.INTERPRETATION
    if re.match(r"[\u4e00-\u9fff·]{2,4}[:：]", title) and any(_SAYS.match(line.text) for line in lines[:12]):
        return Kind.SPEECH
    name = _TAIL.sub("", title)
    if any(m.is_occasion(line) for line in lines[:_NEAR_TITLE]):
        return Kind.SPEECH
    if _SPEECH.search(name) and not name.endswith(("通知", "意见")):
        return Kind.SPEECH
    if _NUMBERED_STANDARD.search(title) or any(_prints_code(line.text) for line in lines[:6]):
        return Kind.STANDARD
    if headline and _looks_like_news(title, lines):
        return Kind.NEWS
    for endings, kind in _ENDINGS:
        if name.endswith(endings):
            return kind
    lowered = title.lower()
    if re.search(r"[a-z]{4}", lowered):
        return next((kind for word, kind in _ENGLISH if word in lowered), Kind.OTHER)
    return Kind.NEWS if headline and len(title) >= 12 and lines else Kind.OTHER


def _prints_code(text: str) -> bool:
    """Whether a line is the code of a standard, and not a sentence that cites one."""
    match = _NUMBERED_STANDARD.search(text)
    return match is not None and 2 * len(match[0]) >= len(text) and text[-1] not in "。；;：:"


def kind_by_number(kind: Kind, number: str | None) -> Kind:
    """``kind``, but a rule with a number such as 云政规〔2025〕3号 is a normative document.

    规章 are issued by order (令) and carry no such number (规章制定程序条例, 2017); what carries one is a 规范性文件.
    What the State Council issues by order is a 行政法规, whatever its title ends in (立法法, article 72).
    """
    if kind is Kind.RULE and number is not None and _BY_COUNCIL.search(number):
        return Kind.REGULATION
    numbered = number is not None and "令" not in number and number.endswith(("号", "號"))
    return Kind.NORMATIVE if kind is Kind.RULE and numbered else kind


_BY_COUNCIL = re.compile(r"国务院令")
_NUMBERED_STANDARD = re.compile(r"\b(?:GB|DB\d{2}|T)(?:[/／][A-Z])?\s?T?\s?\d{2,6}(?:\.\d+)?[—–-](?:19|20)\d{2}")


def _looks_like_news(title: str, lines: Sequence[Line]) -> bool:
    told = re.search(r"印发|发布|公布|出台|签署|来了|重磅|首发|亮相|开局|[!！]", title)
    source = any(re.match(r"(?:文章|信息)?来源[:：]", line.text) for line in lines[:12])
    dateline = any(re.search(r"近日|日前|记者|\d日(?:电|消息|讯)", line.text[:60]) for line in lines[:8])
    return told is not None or (source and len(title) > 8) or dateline


def status_of(title: str, body: str, kind: Kind, *, dated: bool = False) -> Status:
    """Whether a text binds, as far as it says so itself; news and explanations bind nobody and are UNKNOWN.

    ``dated``: it, or the index card beside it, says from which day on it applies.
    """
    if _DRAFT.search(title):
        return Status.DRAFT
    if kind in {Kind.NEWS, Kind.INTERPRETATION, Kind.SPEECH, Kind.OTHER}:
        return Status.UNKNOWN
    if _TRIAL.search(title):
        return Status.TRIAL
    if _AMENDED.search(title):
        return Status.AMENDED
    return (
        Status.IN_FORCE if dated or _IN_FORCE.search(body[-3000:]) or _IN_FORCE.search(body[:3000]) else Status.UNKNOWN
    )
