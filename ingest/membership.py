"""Which document every block belongs to, where layout has interleaved them.

A beam search over printed order. A block scores with a document for numbering that goes on, for a sentence or a list
that goes on, for words of the title, for the greeting that only a notice has and the preamble that only a plan has;
it loses for text behind a signature and date. Weights are in points; a block that goes on from the block before it
in print has one point for that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest import blocks as b
from ingest import marginal as m
from ingest.blocks import Block
from ingest.text import bigrams

_PREAMBLE = re.compile(r"(?:制定|编制|制订|提出|通知|公告)(?:了)?(?:本|以下|如下|有关事项)([\u4e00-\u9fff]{0,6})")
_LEAD = re.compile(r"近日|日前|印发|发布|公布|出台|正式|消息|报道|电\s|记者|发文")
_TELLS = re.compile(r"据了解|据悉|据介绍|记者|负责人(?:介绍|表示)|专家(?:介绍|表示|认为)")
"""How news tells and no official text does."""
_CLOSING = re.compile(r"本[\u4e00-\u9fff]{1,6}自.{0,24}起?(?:施行|实施|执行|生效)|^特此(?:通知|公告)")
_NOTICE = re.compile(r"通知|函|公告|批复|意见")
_NOTICE_ONLY = re.compile(r"(?:印发|转发|发布|公布).*通知$")
_ISSUING = re.compile(r"关于.{0,12}(?:印发|发布|公布|转发|下发).*(?:通知|公告|决定)$")
_OFFICIAL_NAME = re.compile(
    r"(?:通知|规划|计划|方案|意见|办法|条例|规定|法|标准|细则|决定|公告|通告|措施|指南|指引|纲要|规则|章程|统计分类|要点|通报|公示|纪要|预案|守则|规程|规范|制度|决议|批复|须知)(?:[(（〔].*)?$"
)
_WIDTH = 12
_REACH_UNPAGED = 3


@dataclass(frozen=True, slots=True)
class _State:
    """What a document has come to: its numbering so far and how its last block ended."""

    numbers: tuple[tuple[str, int], ...] = ()
    open: bool = False
    lead_in: bool = False
    closed: bool = False
    bodyless: bool = True
    addressed: bool = False
    sourced: bool = False


@dataclass(frozen=True, slots=True)
class _Path:
    score: float
    owners: tuple[int, ...]
    states: dict[int, _State] = field(hash=False)
    last: int


@dataclass(frozen=True, slots=True)
class _Head:
    title: str
    grams: frozenset[str]
    listed: bool
    at: int
    page: int
    follows: tuple[str, int] | None
    needs_body: bool


def assign(
    blocks: Sequence[Block], heads: Sequence[set[int]], titles: Sequence[str], *, ordered: bool = False
) -> tuple[list[int], list[int]]:
    """For every block the index of its document, and the blocks that belong to none.

    ``heads[n]`` are the blocks that print the title of document n. With ``ordered`` the format itself gives the
    reading order, and every block belongs to the title above it.
    """
    stray = _imprint(blocks, heads)
    if len(titles) == 1:
        return [0] * len(blocks), stray
    head_of = {i: n for n, own in enumerate(heads) for i in own}
    known = [_head(blocks, heads, n, head_of, titles[n]) for n in range(len(titles))]
    by_page: dict[int, list[int]] = {}
    for n, head in enumerate(known):
        by_page.setdefault(head.page, []).append(n)
    below = _pages_below(blocks)
    paths = [_Path(0.0, (), {}, -1)]
    owners: list[int] = []
    recent: dict[int, int] = {}
    newest = -1
    for block in blocks:
        own = head_of.get(block.index)
        if own is not None:
            choices = [own]
        elif ordered:
            choices = [max(paths[0].last, 0)]
        else:
            choices = _choices(block, known, by_page, recent)
        grams = bigrams(block.text[:3000]) if len(choices) > 1 else frozenset()
        if own is not None:
            newest = own
        grown = [
            _grow(path, block, choice, known, grams, newest, head=own is not None)
            for path in paths
            for choice in choices
        ]
        grown.sort(key=lambda path: -path.score)
        paths = grown[:_WIDTH]
        if len(choices) == 1 and _agree(paths):
            owners.extend(paths[0].owners)
            paths = [replace(paths[0], owners=())]
        recent.update((path.last, block.page) for path in paths if path.score > paths[0].score - 2.0)
        recent = {n: page for n, page in recent.items() if page in (block.page, below.get(block.page))}
    owners.extend(paths[0].owners)
    return owners, stray


def _pages_below(blocks: Sequence[Block]) -> dict[int, int]:
    """For each page with text the page with text before it."""
    pages = list(dict.fromkeys(block.page for block in blocks))
    return dict(zip(pages[1:], pages, strict=False))


def _agree(paths: Sequence[_Path]) -> bool:
    """Whether nothing undecided can change what follows, so that the best path may be taken for good."""
    return len(paths) == 1 or paths[0].score - paths[1].score > 2.0


def _choices(block: Block, known: Sequence[_Head], by_page: dict[int, list[int]], recent: dict[int, int]) -> list[int]:
    """Documents open on this page or the one before it, and those whose title comes later on this page."""
    if block.page:
        ahead = [n for n in by_page.get(block.page, ()) if known[n].at > block.index]
    else:
        ahead = [n for n in by_page.get(0, ()) if 0 < known[n].at - block.index <= _REACH_UNPAGED]
        recent = dict(sorted(recent.items())[-2:])
    return sorted(set(recent) | set(ahead)) or [0]


def _grow(
    path: _Path, block: Block, choice: int, known: Sequence[_Head], grams: frozenset[str], newest: int, *, head: bool
) -> _Path:
    state = path.states.get(choice, _State())
    score = path.score
    if not head:
        score += _fit(block, state, known[choice], grams, path.last == choice)
        score -= 1.5 if choice < newest and known[choice].at < block.index else 0.0
    states = (
        path.states
        if head and choice in path.states
        else {**path.states, choice: state if head else _after(state, block)}
    )
    if len(states) > 8:
        states = {n: s for n, s in states.items() if n == choice or n >= min(sorted(states)[-8:])}
    return _Path(score, (*path.owners, choice), states, choice)


def _fit(block: Block, state: _State, head: _Head, grams: frozenset[str], adjacent: bool) -> float:
    """Points for a block as the next of a document."""
    first = block.first
    ahead = head.at > block.index
    score = 1.0 if adjacent else 0.0
    if _is_beside(block):
        return score + _fit_beside(block, state, head)
    score += _numbering(block, state, head, ahead)
    if adjacent and state.bodyless and not ahead and head.page == block.page:
        score += 3.0
    if state.lead_in and first.label is not None and first.label.number == (1,):
        score += 3.0
    text = block.text[:3000]
    if first.label is None and not state.open and _TELLS.search(text[:50]):
        score += 1.5 if head.listed else -1.0
    if state.open:
        score += 3.0 if first.label is None and not b.is_heading(first) else -0.5
    if state.closed and not text.startswith(("附", "(此件", "（此件", "注")):
        score -= 2.0
    preamble = _PREAMBLE.search(text[:1500])
    if preamble is not None and first.label is None and state.bodyless:
        score += 3.0 if preamble[1] and preamble[1][-2:] in head.title else 0.5
    if head.listed and first.label is None and state.bodyless:
        score += (1.0 if _LEAD.search(text[:400]) else 0.0) + (1.0 if ahead else 0.0)
    if head.grams:
        score += (3.0 if ahead else 1.5) * len(head.grams & grams) / len(head.grams)
    if ahead and _NOTICE_ONLY.search(head.title) and not state.addressed:
        score -= 2.0
    return score


def _is_beside(block: Block) -> bool:
    """Whether a block is a source, a number or an addressee, which belong to a text without being of it."""
    first = block.first
    beside = m.is_source(first) or m.is_prefatory(first) or m.is_number(first) or m.is_caption(first)
    return beside or m.is_intro(first) or any(m.is_addressee(line) for line in block.lines[:2])


def _fit_beside(block: Block, state: _State, head: _Head) -> float:
    """Points for a source line, a 导读 or an addressee; none for what may stand anywhere."""
    first = block.first
    here = head.page == block.page
    if m.is_source(first):
        wanted = 2.0 if head.listed and (state.bodyless or here) else 1.5 if here and state.bodyless else 0.0
        return -1.0 if state.sourced else wanted
    if m.is_prefatory(first):
        return 2.0 if head.listed and here else 0.0
    if any(m.is_addressee(line) for line in block.lines[:2]):
        fits = state.bodyless and not state.addressed and _NOTICE.search(head.title) is not None
        return 4.0 if fits else -3.0
    return 0.0


def _numbering(block: Block, state: _State, head: _Head, ahead: bool) -> float:  # noqa: PLR0911
    """Points for the labels of a block: most for one that goes on from the document's last of its sort."""
    firsts = _first_labels(block)
    if not firsts:
        return 0.0
    seen = dict(state.numbers)
    scheme, value = next(iter(firsts.items()))
    if ahead and head.follows is not None and head.follows[0] == scheme and state.bodyless:
        return 3.0 if value < head.follows[1] else -1.0
    if scheme == "ornament":
        known = seen.get(scheme, 0)
        return 3.0 if known and abs(value - known) <= 1 else -1.0
    if any(seen.get(other) == first - 1 for other, first in firsts.items() if first > 1):
        return 3.0
    if scheme not in seen:
        return 0.0 if value == 1 else -2.0
    if value == 1:
        return 0.0 if state.numbers[-1][0] != scheme else -1.5
    return -1.0


def _first_labels(block: Block) -> dict[str, int]:
    """Scheme → number of the first label of each scheme in a block."""
    firsts: dict[str, int] = {}
    for line in block.lines:
        if line.label is not None:
            firsts.setdefault(line.label.scheme, line.label.number[0])
    ornament = b.section_number(block.first) or b.section_number(block.last)
    if ornament is not None and not firsts:
        firsts["ornament"] = ornament
    return firsts


def _after(state: _State, block: Block) -> _State:
    """The state of a document once a block is its latest."""
    seen = dict(state.numbers)
    for line in block.lines:
        if line.label is not None:
            seen.pop(line.label.scheme, None)
            seen[line.label.scheme] = line.label.number[0]
    ornament = b.section_number(block.first) or b.section_number(block.last)
    if ornament is not None:
        seen["ornament"] = max(ornament, seen.get("ornament", 0))
    last = block.last
    aside = all(
        m.is_source(line) or m.is_caption(line) or m.is_intro(line) or m.is_number(line) or m.is_prefatory(line)
        for line in block.lines
    )
    if aside:
        return replace(state, sourced=state.sourced or m.is_source(block.first))
    return _State(
        numbers=tuple(seen.items())[-8:],
        open=b.is_open(last.text),
        lead_in=b.lead_in(last.text) > 0,
        closed=m.is_date(last) or _CLOSING.search(last.text) is not None,
        bodyless=False,
        addressed=state.addressed or any(m.is_addressee(line) for line in block.lines[:3]),
        sourced=state.sourced,
    )


def _head(blocks: Sequence[Block], heads: Sequence[set[int]], n: int, head_of: dict[int, int], title: str) -> _Head:
    if not heads[n]:
        return _Head(title, bigrams(title), False, -1, 0, None, False)
    at = max(heads[n])
    follows: tuple[str, int] | None = None
    needs_body = True
    for block in blocks[at + 1 : at + 4]:
        if block.index in head_of or (block.page != blocks[at].page and not needs_body):
            break
        if not all(m.is_marginal(line) for line in block.lines):
            needs_body = needs_body and block.page != blocks[at].page
        label = next((line.label for line in block.lines if line.label is not None), None)
        if label is not None:
            follows = (label.scheme, label.number[0])
            break
    return _Head(title, bigrams(title), is_headline(title), at, blocks[at].page, follows, needs_body)


def is_headline(title: str) -> bool:
    """Whether a title is a headline over prose and not the name of an official text."""
    if _ISSUING.search(title):
        return False
    return _OFFICIAL_NAME.search(title) is None or re.search("印发|发布|公布|出台|签署", title[:14]) is not None


def _imprint(blocks: Sequence[Block], heads: Sequence[set[int]]) -> list[int]:
    """Short lines behind the last text of a file of several documents: copyright, slogan, printer."""
    if len(heads) < 3:
        return []
    taken = {i for own in heads for i in own}
    found: list[int] = []
    for block in reversed(blocks):
        line = block.first
        if block.index in taken or line.label is not None or len(block.lines) > 2 or len(line.text) > 90:
            break
        if line.text[-1] in "。:：;；" or m.is_marginal(line) or b.is_open(line.text):
            break
        found.append(block.index)
    return sorted(found)
