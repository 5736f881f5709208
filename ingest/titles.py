"""Where documents begin: titles, as printed, with the reason for taking them for one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ingest import blocks as b
from ingest import marginal as m
from ingest.furniture import Contents
from ingest.lines import Line

_SUFFIX = (
    "通知|意见|办法|规定|条例|方案|规划|计划|决定|决议|公告|通告|公报|细则|规程|规则|准则|纲要|标准|指南|指引|名单|目录|清单|法|法典|纪要|规范|"
    "解释|批复|函|章程|措施|政策|解读|问答|答问|图解|制度|守则|预案|倡议书?|宣言|协定|统计分类.{0,8}|分类|要点|若干规定|若干措施"
)
_TAIL = r"(?:[(（〔\[【][^()（）]{1,24}[)）〕\]】])*"
_OFFICIAL_END = re.compile(rf".{{2,110}}?(?:{_SUFFIX})》?{_TAIL}》?(?:的?(?:通知|解读|问答|起草说明|说明))?{_TAIL}$")
_PICTURE = re.compile(r"(?:一图读懂|一图看懂|图解|一图[+＋]).{2,60}")
_APPENDED = re.compile(
    rf"附(?:件|录)?\s*[:：]?\s*《?((?:中华人民共和国)?[^:：。;；《》]{{2,60}}?(?:法|条例|规定|办法|细则|规则|意见|通知|方案|规划|计划|章程|决定))({_TAIL})》?(?:全文)?\s*[:：]?"
)
_FULL_TEXT = re.compile(
    r"(?:以下[为是]|现将|附)?\s*《([^《》]{4,80})》\s*(?:\([^()]{1,20}\))?\s*(?:的)?(?:全文|原文|内容)(?:如下)?\s*[:：↓]?"
)
_ENACTED = re.compile(r"[(（].{0,60}(?:通过|公布|发布|修订|修正|施行).{0,60}[)）]")
_BEGINNING = re.compile(r"第[一1]条|第[一1][编章节]|[一1]\s*[、.．]|Article\s+1\b|Chapter\s+(?:1|I)\b", re.IGNORECASE)
_ANNOUNCED = re.compile(r"《([^《》]{4,80})》")
_ISSUE = re.compile(r"印发|发布|公布|转发|下发|颁布|出台|实施|征求意见")
_MADE = re.compile(r"(?:制定|编制|制订|修订)本([\u4e00-\u9fff]{2})")
_EXPLAINING = re.compile(r"^关于|的?(?:起草|修订|编制)?说明$")
_RED_HEAD = re.compile(r"[^，,。；;：:（(]{2,40}(?:部|委|局|厅|院|署|会|办|室|府|司|行)文件")
"""The issuers' letterhead, printed above the title."""
_ENCLOSING = re.compile(
    r"^.{0,40}?(?:关于)?(?:印发|发布|公布|转发|下发)|(?:的?通知|的?公告|解读|政策解读|问答|起草说明)$"
)
_LONGEST_LINE = 60
_LONGEST_TITLE = 130
_MOST_LINES = 5


class Evidence(Enum):
    """Why a title is one."""

    CONTENTS = "listed in the contents"
    OFFICIAL = "worded and placed as an official title"
    APPENDED = "appended, as 附: says"
    FULL_TEXT = "announced by 全文如下"
    PICTURE = "title of a picture explanation"
    HEADING = "marked by the file format"
    SOURCED = "beside its source"
    FIRST = "first in the file"


@dataclass(frozen=True, slots=True)
class Title:
    """A title in the file: its wording, and the indexes of its first line and of the line behind its last."""

    text: str
    first: int
    last: int
    evidence: Evidence


def bare(text: str) -> str:
    """The characters that count when two printings of a title are compared."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def find_titles(lines: Sequence[Line], contents: Contents | None) -> list[Title]:
    """The titles in a file in printed order, none of them overlapping. ``lines`` holds no furniture."""
    found: dict[int, Title] = {}
    if contents is not None and len(contents.entries) > 1:
        for title in _listed(lines, contents):
            found[title.first] = title
    announced = _announced(lines)
    at = 0
    while at < len(lines):
        here = found.get(at) or _title_at(lines, at, announced)
        if here is not None:
            found[at] = here
            at = here.last
        else:
            at += 1
    for title in _sourced(lines, found):
        found.setdefault(title.first, title)
    return _without_overlaps(sorted(found.values(), key=lambda t: t.first))


def _without_overlaps(titles: list[Title]) -> list[Title]:
    kept: list[Title] = []
    for title in titles:
        if kept and title.first < kept[-1].last:
            if title.evidence is Evidence.CONTENTS and kept[-1].evidence is not Evidence.CONTENTS:
                kept[-1] = title
            continue
        kept.append(title)
    return kept


def _listed(lines: Sequence[Line], contents: Contents) -> list[Title]:
    """The places where the titles of the contents list are printed: exact but for spaces and punctuation."""
    wanted = {bare(title): title for title, _ in contents.entries if len(bare(title)) >= 4}
    heads = {key[:4] for key in wanted}
    found: list[Title] = []
    for at, line in enumerate(lines):
        if len(line.text) > _LONGEST_LINE or bare(line.text)[:4] not in heads:
            continue
        joined = ""
        for end in range(at, min(at + _MOST_LINES, len(lines))):
            if len(lines[end].text) > _LONGEST_LINE:
                break
            joined += bare(lines[end].text)
            if joined in wanted:
                found.append(Title(wanted.pop(joined), at, end + 1, Evidence.CONTENTS))
                break
    return found


def _sourced(lines: Sequence[Line], found: dict[int, Title]) -> list[Title]:
    """Headlines that stand above or below 来源:…, where no title has been found beside it."""
    taken = {i for title in found.values() for i in range(title.first - 3, title.last + 3)}
    titles: list[Title] = []
    for at, line in enumerate(lines):
        if (
            not m.is_source(line)
            or at in taken
            or not line.text.startswith(("来源", "文章来源", "信息来源", "稿件来源"))
        ):
            continue
        title = _headline(lines, at - 1, -1) or _headline(lines, at + 1, 1)
        if title is not None and not any(i in taken for i in range(title.first, title.last)):
            titles.append(title)
    return titles


def _headline(lines: Sequence[Line], at: int, way: int) -> Title | None:
    """The run of heading lines that begins or ends beside a source line."""
    first = last = at
    while 0 <= at < len(lines) and abs(at - first) < 3 and b.is_heading(lines[at]) and len(lines[at].text) >= 4:
        last = at
        gap = lines[at].gap if way < 0 else lines[at + 1].gap if at + 1 < len(lines) else 1
        at += way
        if gap:
            break
    else:
        if at == first:
            return None
    if not 0 <= first < len(lines) or not b.is_heading(lines[first]) or lines[first].page != lines[first - way].page:
        return None
    low, high = min(first, last), max(first, last) + 1
    text = "".join(line.text for line in lines[low:high])
    return Title(text, low, high, Evidence.SOURCED) if len(text) >= 6 else None


def _announced(lines: Sequence[Line]) -> frozenset[str]:
    """Names in 《…》 that some line says to have been issued, such as the plan that a notice encloses."""
    names: set[str] = set()
    for line in lines:
        if "《" in line.text and _ISSUE.search(line.text):
            names.update(bare(name) for name in _ANNOUNCED.findall(line.text[:2000]))
    return frozenset(names)


def _title_at(lines: Sequence[Line], at: int, announced: frozenset[str]) -> Title | None:
    line = lines[at]
    if len(line.text) > 100:
        return None
    appended = _APPENDED.fullmatch(line.text)
    if appended is not None and at + 1 < len(lines) and _BEGINNING.match(lines[at + 1].text):
        return Title(appended[1] + appended[2], at, at + 1, Evidence.APPENDED)
    full = _FULL_TEXT.fullmatch(line.text)
    if (
        full is not None
        and at + 1 < len(lines)
        and (m.is_addressee(lines[at + 1]) or _BEGINNING.match(lines[at + 1].text))
    ):
        return Title(full[1], at, at + 1, Evidence.FULL_TEXT)
    if line.label is not None or len(line.text) > _LONGEST_LINE or not _fresh(lines, at):
        return None
    if _PICTURE.fullmatch(line.text) and _alone(lines, at, at + 1):
        return Title(line.text, at, at + 1, Evidence.PICTURE)
    return _official(lines, at, announced)


def _fresh(lines: Sequence[Line], at: int) -> bool:
    """Whether a title may begin here: at a gap, a page, or behind a line that ends something."""
    if at == 0 or lines[at].gap or lines[at].level or lines[at].page != lines[at - 1].page:
        return True
    above = lines[at - 1]
    if _is_letterhead(lines, at - 1):
        return True
    return m.is_date(above) or m.is_number(above) or m.is_marginal(above) or above.text[-1] in "。)）"


def _is_letterhead(lines: Sequence[Line], at: int) -> bool:
    """Whether a line only names who issues the text whose title follows: …文件, or an office that the title repeats."""
    text = lines[at].text
    if _RED_HEAD.fullmatch(text):
        return True
    return at + 1 < len(lines) and len(text) >= 4 and lines[at + 1].text.startswith(text) and b.is_heading(lines[at])


def _alone(lines: Sequence[Line], first: int, last: int) -> bool:
    """Whether space or a page break follows."""
    return last >= len(lines) or lines[last].gap > 0 or lines[last].page != lines[last - 1].page


def _official(lines: Sequence[Line], at: int, announced: frozenset[str]) -> Title | None:
    joined = ""
    best: Title | None = None
    if _is_letterhead(lines, at):
        below = _official(lines, at + 1, announced) if at + 1 < len(lines) else None
        return None if below is None else replace(below, first=at)
    for end in range(at, min(at + _MOST_LINES, len(lines))):
        line = lines[end]
        if (
            line.label is not None
            or len(line.text) > _LONGEST_LINE
            or line.text[-1] in "。；;，,:：、"
            or "。" in line.text
            or m.is_marginal(line)
        ):
            break
        if end > at and line.gap > 1:
            break
        joined += line.text
        if len(joined) > _LONGEST_TITLE:
            break
        text = unicodedata.normalize("NFKC", re.sub(r"\s", "", joined))
        if _OFFICIAL_END.fullmatch(text) and _supported(lines, at, end + 1, bare(joined), announced):
            best = Title(_clean(joined, lines[at : end + 1]), at, end + 1, Evidence.OFFICIAL)
    return best


def _clean(joined: str, lines: Sequence[Line]) -> str:
    """The title on one line, a space only where the print has one."""
    return (
        re.sub(r"\s+", " ", joined).strip()
        if len(lines) == 1
        else re.sub(r"\s+", " ", "".join(line.text for line in lines)).strip()
    )


def _supported(lines: Sequence[Line], first: int, last: int, name: str, announced: frozenset[str]) -> bool:
    """Whether what stands around words that end like a title shows that they are one."""
    named = not announced.isdisjoint({name, _ENCLOSING.sub("", name), _EXPLAINING.sub("", name)})
    if named and (_alone(lines, first, last) or len(lines[last].text) > b.LONGEST_HEADING):
        return True
    after = lines[last : last + 3]
    if not after:
        return False
    nearest = after[0]
    if first > 0 and len(nearest.text) < 600 and name[-2:] in _MADE.findall(nearest.text):
        return True
    # A file that sets no space between paragraphs, such as docx, shows it by what begins beneath the name.
    if named and _BEGINNING.match(nearest.text):
        return True
    if first == 0 and re.match(r"第[一1][条章编]|Article 1\b|Chapter (?:1|I)\b", nearest.text):
        return True
    followed = m.is_number(nearest) or m.is_source(nearest) or _ENACTED.fullmatch(nearest.text) is not None
    return (
        followed or any(m.is_addressee(line) for line in after[:2]) or (0 < first < 4 and m.is_number(lines[first - 1]))
    )
