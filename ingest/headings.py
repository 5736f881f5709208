"""The short titles in paths: what a labelled line says about itself, and what a paragraph is about."""

from __future__ import annotations

import re

from ingest.lines import Line
from ingest.text import first_words

LONGEST = 45
_TELLING = 7
_STOPS = re.compile(r"[。;；!！]|[?？]|[:：]")
_WIDE_GAP = re.compile(r"[ \t\xa0　]{2,}")
_ARTICLE_TITLE = re.compile(r"[【\[(（]([^】\])）]{2,20})[】\])）]\s*")
_WHOLE_ARTICLE = re.compile(r"自.{2,16}(?:施行|实施|执行|生效|實施|廢止|废止)$|由.{2,16}负?[责責]?解[释釋]$")
"""An article that is one short sentence, its full stop left out: 本办法自发布之日起施行."""
_LIST_END = re.compile(r"(?:[,，]?(?:具体)?(?:主要)?(?:包括|如下|为|有|是)(?:以下[^:：]{0,8})?)?\s*[:：]$")
_SAYS = "指出|强调|表示|认为|介绍|要求|提出|说|称|指明|谈到|透露|坦言"
_CONNECTIVE = re.compile(
    r"(?:(?:与此)?同时|此外|另外|除此之外|为此|对此|因此|其中|(?:值得|需要|应当)(?:注意|指出|强调|说明)的是|据(?:了解|悉|介绍)"
    rf"|(?:根据|按照|依据)《[^《》]{{1,30}}》|《[^《》]{{1,30}}》(?:还|也|同时|明确|特别)?(?:{_SAYS}))[,，:：]\s*"
)


def heading_of(line: Line) -> str:
    """The title beside a label: its words up to the first full stop, or none where they are a long sentence."""
    assert line.label is not None
    rest = line.rest.strip(" \t\xa0　")
    if line.label.scheme == "article":
        titled = _ARTICLE_TITLE.match(rest)
        if titled is not None:
            return titled[0].strip()
        short = len(rest) <= 20 and not re.search(r"[,，。;；:：]", rest) and not _WHOLE_ARTICLE.search(rest)
        return rest if short else ""
    gap = _WIDE_GAP.search(rest)
    if gap is not None and 2 <= gap.start() <= 24:
        return rest[: gap.start()].rstrip("。:：")
    stop = _STOPS.search(rest)
    end = len(rest) if stop is None else stop.end() if stop[0] in "?？" else stop.start()
    heading = rest[:end].rstrip()
    if stop is None and line.label.scheme == "ordinal":
        heading = first_words(rest, LONGEST)
    return heading if len(heading) <= LONGEST or (stop is None and len(heading) <= 80) else first_words(heading, 30)


def step_of(line: Line, heading: str) -> str:
    """One step of a path as printed: the label, what stands between, and the title, with single spaces."""
    assert line.label is not None
    between = line.text[: line.label.end]
    printed = line.label.printed
    gap = between[len(printed) :] if between.startswith(printed) else ""
    glue = re.sub(r"[\s\xa0　]+", " ", gap) if gap.strip() else (" " if gap else "")
    return f"{printed}{glue}{heading}".strip(" :：") if heading else printed


def lead_heading(text: str) -> str:
    """What a list that a paragraph announces is about: its last words before the colon."""
    body = _LIST_END.sub("", text)
    pieces = [piece.strip() for piece in re.split(r"[,，。;；]", body) if len(piece.strip()) >= 4]
    return pieces[-1][:LONGEST] if pieces else body[:LONGEST]


def opening(text: str) -> str:
    """What a paragraph without a title is called by: its first words, and more where they only lead up to something."""
    words = first_words(text, 40)
    if 0 < len(words) < _TELLING:
        more = first_words(text[len(words) + 1 :], 30)
        return f"{words}{text[len(words)]}{more}" if more else words
    return words or text[:24]


def without_connective(text: str) -> str:
    """A paragraph without 此外, 值得注意的是, 《通知》指出 or the like at its beginning, which name nothing."""
    match = _CONNECTIVE.match(text)
    return text[match.end() :] if match is not None else text


def announcement(text: str) -> str:
    """What one list of several in a section is called by: 有下列情形之一的，不予支持, or a long text's first words."""
    body = without_connective(text.rstrip(" :：。"))
    return body if len(body) <= LONGEST and not _STOPS.search(body) else opening(body)


def without_speaker(text: str, title: str) -> str:
    """A paragraph of a speech without the words that only say who speaks, where the title names the speaker."""
    speaker = re.match(r"([\u4e00-\u9fff·]{2,4})[:：在]", title)
    if speaker is None:
        return text
    return re.sub(rf"^{speaker[1]}(?:还|又|最后)?(?:{_SAYS})[,，:：]", "", text)
