"""What a document lacks or doubles: missing numbers, repeated paragraphs, headings without text, broken sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest import blocks as b
from ingest.bilingual import both
from ingest.model import Clause, Kind, PolicyDocument
from ingest.numerals import NUMERAL, number

_ARTICLE = re.compile(rf"第\s*({NUMERAL})\s*条")
_CN = "零一二三四五六七八九"
_LISTED = re.compile(rf"(?P<open>第\s*|[（(]\s*|专栏\s*)?(?P<n>{NUMERAL})(?P<close>\s*[章节编]|\s*[)）]|[、．.])?")
_LEAST_REPEATED = 40
_MOST_MISSING = 60
_SHOWN = 24
_BARE = frozenset({"题名", "主送", "落款", "导语", "引言"})


def missing_labels(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Labels that the numbering implies but the document does not print (第三十二条), at most 60 of them."""
    found = list(_missing_articles(clauses))
    families: dict[tuple[str | None, str, bool], list[Clause]] = {}
    for clause in clauses:
        match = _LISTED.fullmatch(clause.label)
        if match is not None and (match["open"] or match["close"]):
            shape = f"{match['open'] or ''}#{match['close'] or ''}"
            if shape.startswith("第") or shape.startswith(("（", "(")) or shape == "#、":
                families.setdefault((clause.parent_id, shape, match["n"].isdecimal()), []).append(clause)
    for (_, shape, arabic), members in families.items():
        values = [number(_LISTED.fullmatch(clause.label)["n"]) for clause in members]  # type: ignore[index]
        known = [value for value in values if value is not None]
        if len(known) < 2 or known[0] != 1:
            continue
        if max(known) <= 2 * len(known) + 2:
            absent = (value for value in range(1, max(known)) if value not in known)
            found.extend(shape.replace("#", str(value) if arabic else chinese(value)) for value in absent)
    return tuple(dict.fromkeys(found))[:_MOST_MISSING]


def _missing_articles(clauses: Sequence[Clause]) -> list[str]:
    values = [number(m[1]) for clause in clauses if (m := _ARTICLE.fullmatch(clause.label))]
    known = {value for value in values if value}
    if len(known) < 3:
        return []
    first, last = min(known), max(known)
    start = 1 if first <= 3 else first
    return [f"第{chinese(value)}条" for value in range(start, last) if value not in known]


def chinese(value: int) -> str:
    """A number from 1 to 9999 in Chinese figures: 108 → 一百零八, 12 → 十二."""
    if value >= 10_000:
        return str(value)
    text, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            text += ("零" if zero else "") + _CN[digit] + unit
            zero = False
        elif text:
            zero = True
    return text[1:] if text.startswith("一十") else text


_NO_TEXT = both("只有标题，没有正文；原文可能是图片。", "There is a title and no text; the original may be a picture.")


def warnings_of(document: PolicyDocument, doubtful: Sequence[str]) -> tuple[str, ...]:
    """Sentences for people about what looks wrong in a document."""
    found: list[str] = []
    if document.missing:
        shown = "，".join(label.rstrip("、．.") for label in document.missing[:8])
        more = f"等{len(document.missing)}处" if len(document.missing) > 8 else ""
        found.append(
            both(
                f"编号不连续，缺{shown}{more}；原文可能有缺页。",
                f"Numbers are missing: {shown}{more}; pages may be missing from the original.",
            )
        )
    found.extend(_empty(document))
    found.extend(_broken(document))
    found.extend(_repeated(document))
    if any(clause.order_confidence < 1 for clause in document.clauses):
        lowest = min(clause.order_confidence for clause in document.clauses)
        found.append(
            both(
                f"部分段落的印刷次序不通，已按编号和文意重排（把握{lowest:.0%}）。",
                f"Some paragraphs were printed out of order and put where numbers and sense say ({lowest:.0%} sure).",
            )
        )
    if doubtful:
        shown = "；".join(f"“{words}”" for words in doubtful[:4])
        found.append(
            both(f"以下各处次序未能确定，保留原样：{shown}。", f"Left as printed, their order being unclear: {shown}.")
        )
    return tuple(found)


def _empty(document: PolicyDocument) -> list[str]:
    """Headings with nothing below them, where the original has a picture or lost its text."""
    parents = {clause.parent_id for clause in document.clauses}
    body = [clause for clause in document.clauses if clause.path and clause.path[-1] != "题名"]
    if not body:
        return [] if document.kind is Kind.OTHER else [_NO_TEXT]
    empty = [
        " › ".join(clause.path[-2:])
        for clause in body
        if clause.clause_id not in parents
        and "\n" not in clause.text
        and clause.label
        and clause.heading
        and len(clause.text) <= len(clause.label) + len(clause.heading) + 4
        and clause.text[-1] not in "。;；.!！"
        and " | " not in clause.text
        and len(clause.path) == 1
    ]
    return [
        both(f"标题“{name[:_SHOWN]}”下没有正文。", f"There is no text below the heading “{name[:_SHOWN]}”.")
        for name in empty[:5]
    ]


def _broken(document: PolicyDocument) -> list[str]:
    """Clauses that end in mid-sentence."""
    broken = [
        clause
        for clause in document.clauses
        if clause.text and b.is_open(clause.text.rsplit("\n", 1)[-1]) and clause.path[-1] not in _BARE
    ]
    return [
        both(f"“{place}”的文字在句中断开：…{end}", f"The text of “{place}” breaks off: …{end}")
        for place, end in ((" › ".join(clause.path)[-40:], clause.text[-12:]) for clause in broken[:5])
    ]


def _repeated(document: PolicyDocument) -> list[str]:
    """Paragraphs that are printed twice."""
    counts = Counter(
        line for clause in document.clauses for line in clause.text.split("\n") if len(line) >= _LEAST_REPEATED
    )
    twice = [line for line, count in counts.items() if count > 1]
    return [both(f"“{line[:_SHOWN]}…”重复出现。", f"“{line[:_SHOWN]}…” is printed twice.") for line in twice[:5]]
