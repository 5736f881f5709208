"""The labels that begin a line in an official document, as (scheme, number, where the label ends).

Schemes follow GB/T 9704 (一、 / (一) / 1. / (1)) and the Legislation Law (编 章 节 条 款 项), with what is printed in
practice besides: 专栏1, 附件2, ①, 一是, 第一,, 问:, 1.2.3, Chapter 3, Article 4. A label is only a candidate: a wrapped
line that begins 第十二条规定的 has none, and the outline decides which of the other candidates count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.numerals import NUMERAL, circled, number, roman


@dataclass(frozen=True, slots=True)
class Label:
    """A numbered label at the start of a line.

    ``number`` has one element, or more for 第十二条之一 → (12, 1) and 1.2.3 → (1, 2, 3). ``end`` is the offset in the
    line behind the label and the punctuation and space that belong to it.
    """

    scheme: str
    number: tuple[int, ...]
    printed: str
    end: int


RANKS = {
    "annex": 0,
    "part": 1,
    "subpart": 2,
    "chapter": 3,
    "section": 4,
    "article": 5,
    "ornament": 6,
    "question": 8,
    "cn": 10,
    "cn_paren": 11,
    "box": 11.5,
    "num": 12,
    "letter": 12.6,
    "num_paren": 13,
    "circle": 14,
    "alpha": 15,
    "dash": 16,
    "ordinal": 17,
    "caption": 18,
}
"""The usual depth of each scheme, smaller is higher; the outline learns the real depth from the document."""

_GAP = r"[ \t　\xa0]"
_N = NUMERAL
_LAW = re.compile(
    rf"第{_GAP}*({_N})(?:-([0-9]{{1,2}}))?{_GAP}*(分编|分編|编|編|章|节|節|条|條)(?:{_GAP}*之{_GAP}*({_N}))?"
)
_LAW_SCHEMES = {
    "编": "part",
    "編": "part",
    "分编": "subpart",
    "分編": "subpart",
    "章": "chapter",
    "节": "section",
    "節": "section",
    "条": "article",
    "條": "article",
}
"""The units of a statute; Taiwan's print 第 3-1 條 for an inserted article."""
_NOT_A_LABEL = re.compile(
    rf"(?:第?{_N}?[款项目項]|规定|規定|之規定|所列|所称|所述|中的|的|和|及|与|至|或|、|,|，|。|;|；|第{_N}|到第|之规定|情形|明确|要求|提出)"
)
_CN = re.compile(rf"([一二三四五六七八九十]{{1,4}}|[二三四五六七八九]?十[一二三四五六七八九]?){_GAP}*[、．.,，]{_GAP}*")
_CN_PAREN = re.compile(rf"[(（〔]{_GAP}*([一二三四五六七八九十百]{{1,5}}){_GAP}*[)）〕]{_GAP}*[、．.]?{_GAP}*")
_NUM_PAREN = re.compile(rf"[(（]{_GAP}*([0-9０-９]{{1,3}}){_GAP}*[)）]{_GAP}*[、．.]?{_GAP}*")
_NUM_HALF = re.compile(rf"([0-9０-９]{{1,3}}){_GAP}*[)）]{_GAP}*")
_DECIMAL = re.compile(rf"([0-9]{{1,3}}(?:[.．][0-9]{{1,3}}){{1,5}}){_GAP}*[、．.]?{_GAP}*(?=[^\d%％.万亿元年倍GM])")
_NUM = re.compile(rf"([0-9０-９]{{1,3}}){_GAP}*(?:[、．]|[.](?![0-9])|,(?![0-9]{{3}})){_GAP}*")
_BOX = re.compile(rf"(专栏|专题|框){_GAP}*({_N})?{_GAP}*[:：、．.]?{_GAP}*")
_ANNEX = re.compile(rf"(附件|附录|附表|附则表|附){_GAP}*({_N}|[A-Z])?{_GAP}*[:：、．.]?{_GAP}*")
_ORDINAL = re.compile(
    r"(?:第([一二三四五六七八九十]{1,3})(?=[,，、是])[,，、是]|([一二三四五六七八九十]{1,3})是(?!指))"
)
_ALPHA = re.compile(rf"([A-HＡ-Ｈ]){_GAP}*[.、．)）]{_GAP}*(?=[^A-Za-z0-9])")
_LETTER = re.compile(rf"([a-z])[)）]{_GAP}*")
_APPENDIX = re.compile(rf"([A-H])\.([0-9]{{1,2}})(?:\.([0-9]{{1,2}}))?{_GAP}+(?=\S)")
_QUESTION = re.compile(rf"(?:问(?:题)?{_GAP}*({_N})?{_GAP}*[:：、．.]|Q{_GAP}*([0-9]{{1,3}})?{_GAP}*[:：.、]){_GAP}*")
_ENGLISH = re.compile(
    r"(PART|CHAPTER|SECTION|ARTICLE|ANNEX|APPENDIX|SCHEDULE)\s+([0-9]{1,3}|[IVXLC]{1,7}|[A-Z])\b[ \t]*[.:—–-]?[ \t]*",
    re.IGNORECASE,
)
_ENGLISH_SCHEMES = {
    "part": "part",
    "chapter": "chapter",
    "section": "section",
    "article": "article",
    "annex": "annex",
    "appendix": "annex",
    "schedule": "annex",
}
_ENGLISH_PAREN = re.compile(r"\(([a-h]|[ivx]{1,5}|[0-9]{1,3})\)[ \t]+")
_DASH = re.compile(r"(?:——+|━━+|──+|--+|[●■◆▪•·★※○])[ \t　\xa0]*")
_ORNAMENT = re.compile(rf"NO[.．]{_GAP}*([0-9]{{1,2}}){_GAP}*(?:[|｜]{_GAP}*{_N})?{_GAP}*", re.IGNORECASE)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def label_of(line: str) -> Label | None:
    """The label that the line begins with (leading white space aside), or None where it begins with ordinary text."""
    start = len(line) - len(line.lstrip(" \t　\xa0\ufeff"))
    if start == len(line):
        return None
    head = line[start : start + 60]
    found = _read(head)
    if found is None:
        return None
    return Label(found.scheme, found.number, found.printed, start + found.end)


def _read(head: str) -> Label | None:
    first = head[0]
    if first == "第":
        return _law(head) or _ordinal(head)
    if first in "一二三四五六七八九十":
        return _simple(_CN, "cn", head) or _ordinal(head)
    if first in "(（〔":
        return _simple(_CN_PAREN, "cn_paren", head) or _simple(_NUM_PAREN, "num_paren", head) or _english_paren(head)
    if first.isdecimal():
        return _arabic(head)
    value = circled(first)
    if value is not None:
        rest = len(head[1:]) - len(head[1:].lstrip(" \t　\xa0、."))
        scheme = {"㈠": "cn_paren", "⑴": "num_paren", "⒈": "num"}.get(chr(ord(first) - value + 1), "circle")
        return Label(scheme, (value,), first, 1 + rest)
    return _named(head)


def _law(head: str) -> Label | None:
    match = _LAW.match(head)
    if match is None:
        return None
    value = number(match[1])
    if value is None:
        return None
    end = match.end()
    rest = head[end:]
    article = match[3] in "条條"
    if article and _NOT_A_LABEL.match(rest):
        return None
    if not article and rest[:1] in set("的和及与、，,。") | set("规"):
        return None
    later = match[4] or match[2]
    inserted = number(later) if later else None
    values = (value,) if inserted is None else (value, inserted)
    gap = len(rest) - len(rest.lstrip(" \t　\xa0:："))
    return Label(_LAW_SCHEMES[match[3]], values, head[: match.end()], end + gap)


def _simple(pattern: re.Pattern[str], scheme: str, head: str) -> Label | None:
    match = pattern.match(head)
    if match is None:
        return None
    value = number(match[1])
    if not value:
        return None
    printed = match[0].rstrip(" \t　\xa0")
    if scheme != "cn_paren":
        printed = printed.rstrip(",，")
    return Label(scheme, (value,), printed, match.end())


def _arabic(head: str) -> Label | None:
    match = _DECIMAL.match(head)
    if match is not None:
        numbers = tuple(int(n) for n in re.split("[.．]", match[1]))
        return Label("decimal", numbers, match[1], match.end())
    return _simple(_NUM, "num", head) or _simple(_NUM_HALF, "num_paren", head)


def _ordinal(head: str) -> Label | None:
    match = _ORDINAL.match(head)
    if match is None:
        return None
    value = number(match[1] or match[2])
    return Label("ordinal", (value,), match[0].rstrip(",，、"), match.end()) if value else None


def _named(head: str) -> Label | None:
    dash = _DASH.match(head)
    if dash is not None and dash.end() < len(head):
        printed = "——" if dash[0][0] in "—━─-" else dash[0].strip()  # ——— is a slip of the typesetter's
        return Label("dash", (0,), printed, dash.end())
    ornament = _ORNAMENT.match(head)
    if ornament is not None:
        return Label("ornament", (int(ornament[1]),), ornament[0].rstrip(), ornament.end())
    for pattern, scheme in ((_BOX, "box"), (_ANNEX, "annex"), (_QUESTION, "question")):
        match = pattern.match(head)
        if match is None:
            continue
        digits = next(
            (g for g in match.groups()[-2:] if g and g not in {"专栏", "专题", "框", "附件", "附录", "附表", "附"}),
            None,
        )
        if (
            digits is None
            and not match[0].rstrip().endswith((":", "："))
            and head.strip() not in {"附件", "附录", "附表", "附"}
        ):
            continue
        value = 0 if digits is None else (_LETTERS.find(digits) + 1 if digits in _LETTERS else number(digits) or 0)
        return Label(scheme, (value,), match[0].strip(" \t　\xa0:：、．."), match.end())
    return _english(head) or _lettered(head)


def _english(head: str) -> Label | None:
    match = _ENGLISH.match(head)
    if match is None:
        return None
    value = int(match[2]) if match[2].isdecimal() else roman(match[2]) or _LETTERS.find(match[2].upper()) + 1
    return Label(_ENGLISH_SCHEMES[match[1].lower()], (value,), match[0].rstrip(" \t.:—–-"), match.end())


def _lettered(head: str) -> Label | None:
    """A.1 in an appendix, a) in a standard, A. in a list"""
    match = _APPENDIX.match(head)
    if match is not None:
        values = (_LETTERS.find(match[1]) + 1, *(int(n) for n in match.groups()[1:] if n))
        return Label("decimal", values, match[0].rstrip(), match.end())
    match = _LETTER.match(head)
    if match is not None:
        return Label("letter", (ord(match[1]) - 96,), match[0].rstrip(), match.end())
    match = _ALPHA.match(head)
    return None if match is None else Label("alpha", (_LETTERS.find(match[1]) + 1,), match[0].rstrip(), match.end())


def _english_paren(head: str) -> Label | None:
    match = _ENGLISH_PAREN.match(head)
    if match is None:
        return None
    value = roman(match[1]) if len(match[1]) > 1 or match[1] in "iv" else ord(match[1]) - 96
    return Label("alpha", (value or 1,), match[0].rstrip(), match.end())
