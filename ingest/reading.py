"""What it costs to read one block after others: the score that reading-order repair minimises.

Costs are 0 for text in order. They count what a reader would stumble over: a number out of turn, a sentence broken
off, a heading with nothing below it, an announced list that does not come, text behind a signature, a heading over
text that has nothing to do with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ingest.grammar import UNLABELLED, Memory, Open, Seen, Stack, place, rank_of
from ingest.items import Item, Step
from ingest.text import Telling, bigrams

BROKEN = 3.0
EMPTY = 2.0
PERHAPS_EMPTY = 0.4
UNFULFILLED = 2.0
PLAIN_AFTER_LEAD = 1.27
SIGNED = 3.0
UNRELATED = 2.5
UNRELATED_CHAPTER = 1.0
NESTED = 1.5
BOX_FIRST = 1.0
BOX_STRANGE = 3.0
BOX_MOVED = 0.8
PARALLEL = 1.0
_ENDS_COMMONLY = re.compile(
    "建设|发展|体系|管理|能力|水平|工作|服务|机制|创新|保障|治理|转型|融合|监管|应用|攻关|改革|合作|环境|行动|工程"
)
UNKNOWN_JOIN = 0.6
SAME_PAGE_JOIN = 1.0
LATE_PREAMBLE = 1.5
AFTER_LIST = 0.8
LEADLESS = 0.7
NOTED = 0.6
_USUAL = {
    "法律责任": ("责令", "罚款", "警告", "处分", "没收", "违反本", "刑事责任", "民事责任"),
    "罚则": ("责令", "罚款", "警告", "处分", "没收", "违反本", "刑事责任"),
    "附则": ("施行", "含义", "解释", "另行制定", "废止", "参照"),
    "总则": ("制定本", "适用本", "本法所称", "本条例所称", "本办法所称", "遵循", "原则"),
    "监督管理": ("监督", "检查", "举报", "约谈"),
}
"""Words by which the text under a statute's usual chapters is known, where it does not repeat the chapter's title."""
_LIST = frozenset({"dash", "ordinal"})
_NUMBERED = frozenset({"num", "cn_paren", "num_paren"})
_STATUTE = frozenset({UNLABELLED, "article"})
_LAW = frozenset({"part", "chapter", "article"})
_OPENING = 1000
_COMMON = 3
"""A word that so many unnumbered headings have tells none of them from the others."""
_NEAR_BOX = 60
_SECTION_RANK = rank_of("cn_paren")
_TOPICAL = frozenset({"part", "subpart", "chapter", "section", "ornament", UNLABELLED})


class Reader(NamedTuple):
    """What has been read: the open labels, and how the last block ended.

    ``empty`` is the last heading where nothing has come below it yet, ``heading`` the index of its block (-1 where
    other text shares the block), ``page`` where the reading stands, ``section`` the serials of all labels read
    since the last one that stood above the numbered paragraphs.
    """

    stack: Stack = ()
    memory: Memory = MappingProxyType({})
    empty: Step | None = None
    heading: int = -1
    open: bool = False
    lead_in: float = 0.0
    signed: bool = False
    last_char: str = ""
    page: int = 0
    section: tuple[int, ...] = ()
    begun: bool = False
    noted: bool = False


START = Reader()


class Costs:
    """Prices steps within one document; it knows which words are telling there and which pairs of signs occur."""

    def __init__(self, items: Sequence[Item], *, prose: bool = False) -> None:
        self._items = items
        self._prose = prose
        self.reads = 0
        self.most_reads = 0
        self._kin: dict[int, dict[int, float]] = {}
        self._boxes: dict[str, dict[int, float]] = {}

    # Words are looked at only where an order is in doubt: those of a whole code of law would fill gigabytes.

    @cached_property
    def _telling(self) -> Telling:
        return Telling(words_of(item) for item in self._items)

    @cached_property
    def _pairs(self) -> set[str]:
        pairs: set[str] = set()
        for item in self._items:
            pairs.update(words_of(item))
        return pairs

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {item.block.index: at for at, item in enumerate(self._items)}

    @cached_property
    def _lead(self) -> int:
        """The block that leads into a piece of prose, which has words of several sections or none; -1 elsewhere."""
        first = next((item for item in self._items if not item.heading and not item.aside), None)
        if not self._prose or first is None or first.leads:
            return -1
        text = first.block.text[:_OPENING]
        headings = [item for item in self._items if item.heading and item.steps[0].scheme in {UNLABELLED, "ornament"}]
        named = sum(any(word in text for word in self._own_words(item)) for item in headings)
        return -1 if named == 1 else first.block.index

    def read(self, reader: Reader, item: Item) -> tuple[Reader, float]:
        """The reader behind the block, and what reading it there costs (0 and up)."""
        self.reads += 1
        if item.aside:
            return reader, 0.0
        cost = self._transition(reader, item)
        stack, section = reader.stack, reader.section
        memory = dict(reader.memory)
        for at, step in enumerate(item.steps):
            pending = reader.empty if at == 0 and item.leads else None
            if step.scheme == UNLABELLED:
                depth = heading_depth(stack, below=pending is not None)
                cost += NESTED if pending is not None and pending.scheme == UNLABELLED else 0.0
            else:
                depth, price = place(stack, step.scheme, step.number, memory, bare=pending is not None)
                announced = step.number[-1] == 1 and (step.announced or (at == 0 and reader.lead_in > 0))
                cost += min(price, 0.3) if announced else price
            if pending is not None and depth < len(stack):
                cost += EMPTY if pending.sure else PERHAPS_EMPTY
            part = str(stack[0].serial) if stack else ""
            if step.scheme == "box":
                cost += BOX_FIRST if pending is not None or (at and item.steps[at - 1].alone) else 0.0
                cost += BOX_STRANGE * self._strange(step, section, item.block.index)
                cost += BOX_MOVED if "box" in memory and memory["box"].ending != part else 0.0
            below = stack[depth - 1].serial if depth else 0
            seen = memory.get(step.scheme)
            if seen and seen.parent != below and step.scheme in _NUMBERED and _tells(step, seen):
                cost += PARALLEL
            memory[step.scheme] = Seen(step.number, below, part if step.scheme == "box" else step.ending)
            serial = item.block.index * 64 + min(at, 62) + 1
            stack = (*stack[:depth], Open(step.scheme, step.number, serial))
            section = (serial,) if rank_of(step.scheme) <= _SECTION_RANK else (*section, serial)
        ends_empty = bool(item.steps) and item.steps[-1].alone and (item.heading or item.block.last.label is not None)
        return Reader(
            stack,
            memory,
            item.steps[-1] if ends_empty else None,
            item.block.index if ends_empty and item.heading else -1,
            item.open,
            item.lead_in,
            item.signed and reader.last_char != "",
            item.last_char,
            item.block.page,
            section,
            reader.begun or not item.heading,
            item.noted,
        ), cost

    def end(self, reader: Reader) -> float:
        """What is wrong with ending here: a heading without text."""
        empty = reader.empty is not None and reader.empty.scheme != "annex" and reader.empty.sure
        return EMPTY if empty else 0.0

    def _transition(self, reader: Reader, item: Item) -> float:
        """What is wrong between the text read last and the beginning of a block."""
        cost = 0.0
        if reader.open:
            if item.leads:
                cost += BROKEN
            else:
                known = (
                    reader.last_char + item.first_open in self._pairs or not "\u4e00" <= reader.last_char <= "\u9fff"
                )
                cost += 0.0 if known else UNKNOWN_JOIN
                cost += SAME_PAGE_JOIN if reader.page and reader.page >= item.block.page else 0.0
        elif not item.leads and reader.stack and reader.stack[-1].scheme in _LIST:
            cost += AFTER_LIST
        if reader.lead_in and item.leads and item.steps[0].number[-1] > 1:
            cost += UNFULFILLED
        elif reader.lead_in and not item.leads:
            cost += PLAIN_AFTER_LEAD * (reader.lead_in - 0.25)
        if item.preamble and not reader.open and reader.stack and not _STATUTE & {o.scheme for o in reader.stack}:
            cost += LATE_PREAMBLE
        if self._lead >= 0 and not item.leads and not reader.begun and reader.heading >= 0:
            cost += LEADLESS
        if reader.noted and not item.leads:
            cost += NOTED
        behind = item.block.first.text.startswith(("附", "(", "（", "注", "抄送"))
        if reader.signed and not behind and not _opens_law(reader, item):
            cost += SIGNED
        if reader.heading >= 0 and reader.empty is not None and not item.heading and reader.empty.scheme in _TOPICAL:
            weight = UNRELATED if reader.empty.scheme in {UNLABELLED, "ornament"} else UNRELATED_CHAPTER
            weight *= 0.6 if item.block.index == reader.heading + 1 else 1.0
            weight *= 0.0 if item.lead_in else 1.0
            weight *= 0.3 if item.open else 1.0  # what tells may be in the part that was cut off
            cost += weight * self._unrelated(reader.heading, item.block.index)
        return cost

    def _strange(self, box: Step, section: tuple[int, ...], block: int) -> float:
        """0 where a box shares its title's words with what is open, up to 1 where another heading near by has them."""
        near = self._boxes.get(box.title)
        if near is None:
            near = self._boxes[box.title] = self._headings_near(block, bigrams(box.title))
        best = max(near.values(), default=0.0)
        if best < 0.25:
            return 0.0
        return best - max((near.get(serial, 0.0) for serial in section), default=0.0)

    def _headings_near(self, block: int, words: frozenset[str]) -> dict[int, float]:
        """Serial → share of the telling words, for the labelled lines near a block that have any of them."""
        at = self._positions[block]
        found: dict[int, float] = {}
        for item in self._items[max(0, at - _NEAR_BOX) : at + _NEAR_BOX]:
            for n, step in enumerate(item.steps):
                if step.scheme not in {"box", "dash", "ordinal", UNLABELLED}:
                    share = self._telling.shared(words, bigrams(step.title))
                    if share > 0:
                        found[item.block.index * 64 + min(n, 62) + 1] = share
        return found

    def _unrelated(self, heading: int, body: int) -> float:
        """0 where a heading's words are in the text below it, up to 1 where other text near by has them instead."""
        kin = self._kin.get(heading)
        if kin is None:
            kin = self._kin[heading] = self._relations(heading)
        best = max(kin.values(), default=0.0)
        if best < 0.15:
            return 0.0
        return max(0.0, 1.0 - kin.get(body, 0.0) / best) * min(1.0, best / 0.35)

    @cached_property
    def _in_headings(self) -> Counter[str]:
        """In how many of the unnumbered headings each pair of signs is."""
        found: Counter[str] = Counter()
        for item in self._items:
            if item.heading and item.steps[0].scheme == UNLABELLED:
                found.update(words_of(item))
        return found

    def _own_words(self, heading: Item) -> frozenset[str]:
        """The words that tell a heading from the others: of 白鹭:走出新路 and 柳河:走出新路 only the names."""
        words = frozenset(word for word in words_of(heading) if not word.isascii())  # 3 tells nothing, nor does NO.
        if heading.steps[0].scheme != UNLABELLED:
            return words
        return frozenset(word for word in words if self._in_headings[word] < _COMMON) or words

    def _relations(self, heading: int) -> dict[int, float]:
        """For the text blocks near a heading, the share of the heading's telling words that each holds."""
        at = self._positions[heading]
        page = self._items[at].block.page
        near = [i for i in self._items[max(0, at - 14) : at + 15] if not i.heading and not i.aside]
        near = [i for i in near if (not page or abs(i.block.page - page) <= 1) and i.block.index != self._lead]
        own = self._items[at]
        known = next((words for title, words in _USUAL.items() if title in own.block.text), ())
        words = self._own_words(own)
        related = {}
        for item in near:
            hits = sum(word in item.block.text for word in known)
            shared = self._telling.shared(words, bigrams(item.block.text[:_OPENING]))
            related[item.block.index] = max(shared, min(hits / 3, 1.0))
        return related


def _opens_law(reader: Reader, item: Item) -> bool:
    """Whether a block begins the text that an order, signed above it, puts into force (第一章 or 第一条)."""
    if not item.leads or not reader.memory.keys().isdisjoint(_STATUTE):
        return False
    return item.steps[0].scheme in _LAW and item.steps[0].number == (1,)


def words_of(item: Item) -> frozenset[str]:
    """The bigrams of a block."""
    return bigrams(item.block.text[:4000])


def _tells(step: Step, before: Seen) -> bool:
    """Whether two titles that end alike go together, as 社会治理领域 and 行业应用领域 do and …建设 and …建设 do not."""
    return (
        before.ending == step.ending != ""
        and _ENDS_COMMONLY.fullmatch(step.ending) is None
        and step.number > before.number
    )


def heading_depth(stack: Stack, *, below: bool) -> int:
    """Where an unlabelled heading goes: below a heading that has nothing else, beside the last one, or on top."""
    if below and stack and not (len(stack) > 1 and stack[-1].scheme == stack[-2].scheme == UNLABELLED):
        return len(stack)
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].scheme == UNLABELLED:
            return depth
    return 0
