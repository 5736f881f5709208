"""Who issued a document: the offices of its signature, else those that its title or an opening line names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import marginal as m
from ingest.lines import Line

_ENDS = (
    "委员会办公室|委員會|人民政府办公厅|人民政府办公室|人民政府|办公厅|办公室|委员会|管理局|监督局|总局|协会|联合会|研究院|人民法院|人民检察院|"
    "人大常委会|常务委员会|公安部|财政部|商务部|教育部|民政部|国务院|[\u4e00-\u9fff]{1,12}(?:部|委|局|厅|署|院|会|办|行|处|中心|集团|政府|網信辦|廳|會)"
)
_OFFICES = "人民政府|办公厅|办公室|委员会|国务院|[厅局部委]"
"""What a source line must end in to name who issued an official text and not who reprinted it."""
_TITLE = re.compile(
    r"^((?:[\u4e00-\u9fff]{2,24}[ 、　])*[\u4e00-\u9fff]{2,24}?(?:部|委|局|厅|府|室|会|院|办|署))\s*(?:关于|印发|《)"
)
_ENACTED = re.compile(
    r"[(（].{0,40}?日\s*([\u4e00-\u9fff]{2,20}?(?:代表大会(?:常务委员会)?|常务委员会|人民政府|国务院|部|委员会|局))(?:第[^)）]{1,20}次会议)?[^)）]{0,20}(?:通过|公布|发布|印发)"
)
_NEAR_TITLE = 6
_BY = re.compile(r"(?:印发|制定|发布|公布)?单位[:：]\s*(.{2,40})")


def issuers_of(title: str, head: Sequence[Line], signature: Sequence[Line], *, headline: bool) -> tuple[str, ...]:
    """The issuing offices as printed, in order; empty where none is printed."""
    signed = [name for line in signature[:-1] for name in _names(line.text)]
    if signed:
        return tuple(dict.fromkeys(signed))
    if headline:
        return ()
    for found in (_on_letterhead(head), _in_title(title), _in_head(head), _in_order(head)):
        if found:
            return found
    return _at_source(head)


def speaker_of(head: Sequence[Line]) -> tuple[str, ...]:
    """Who reads a report out, with the office held, as printed below its title; empty where nobody is named."""
    line = next((line.text for line in head[:_NEAR_TITLE] if m.is_byline(line)), "")
    return (" ".join(line.split()),) if line else ()


def _on_letterhead(head: Sequence[Line]) -> tuple[str, ...]:
    """云溪市民政局 云溪市财政局文件, 云溪市人民政府令"""
    line = next((line.text for line in head if m.is_letterhead(line)), "")
    names = tuple(name for name in re.split(r"[ 、　]+", re.sub(r"(?:令|文件)$", "", line)) if len(name) >= 2)
    return names if all(re.search(rf"(?:{_ENDS})$", name) for name in names) else ()


def _in_title(title: str) -> tuple[str, ...]:
    match = _TITLE.match(title)
    if match is None:
        return ()
    return tuple(dict.fromkeys(name for name in re.split(r"[ 、　]", match[1]) if len(name) >= 2))


def _in_head(head: Sequence[Line]) -> tuple[str, ...]:
    for line in head:
        enacted = _ENACTED.search(line.text) or _BY.fullmatch(line.text)
        if enacted is not None:
            return (enacted[1].strip(),)
    return ()


def _in_order(head: Sequence[Line]) -> tuple[str, ...]:
    order = next((line.text for line in head if re.search(r"令\s*(?:第|\d)", line.text) and len(line.text) < 40), "")
    office = re.match(r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,20}?(?=令)", order)
    return (office[0],) if office is not None else ()


def _at_source(head: Sequence[Line]) -> tuple[str, ...]:
    """来源:云溪市人民政府办公室, where nothing else says who issued an official text."""
    source = next((line.text for line in head if line.text.startswith("来源") and m.is_source(line)), "")
    names = tuple(_names(re.split(r"[:：]", source, maxsplit=1)[-1]))
    return names if all(re.search(rf"(?:{_OFFICES})$", name) for name in names) else ()


def _names(text: str) -> list[str]:
    """Offices in one line of a signature, which may name several with blanks between."""
    return [
        name
        for name in re.split(r"[\s　、]+", text.strip())
        if 2 <= len(name) <= 40 and re.search(rf"(?:{_ENDS})$", name) and not re.search(r"\d", name)
    ]
