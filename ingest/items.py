"""A block as ordering sees it: what it opens, how it ends, and which words it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ingest import blocks as b
from ingest import marginal as m
from ingest.blocks import Block
from ingest.grammar import UNLABELLED, scheme_of
from ingest.lines import Line
from ingest.text import first_words

_PREAMBLE = re.compile(
    r"(?:制定|编制|制订)本(?:规划|计划|方案|办法|规定|意见|条例|细则|措施|分类|标准|纲要|行动)|提出(?:如下|以下)|(?:通知|公告|意见)如下"
)


class Step(NamedTuple):
    """A line that opens something: its scheme and number, whether it is a heading alone, and its first words."""

    scheme: str
    number: tuple[int, ...]
    alone: bool
    title: str
    ending: str = ""
    sure: bool = True
    announced: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A block as ordering sees it."""

    block: Block
    steps: tuple[Step, ...]
    leads: bool
    aside: bool
    open: bool
    lead_in: float
    signed: bool
    preamble: bool
    first_open: str
    last_char: str
    heading: bool
    """Whether the block is nothing but headings."""
    noted: bool = False
    """Whether it ends in a note (注:…), behind which a new section is expected."""


def to_item(block: Block) -> Item:
    """The facts of a block that its place depends on."""
    steps = []
    ornament = next((n for line in block.lines if (n := b.section_number(line))), None)
    above = ""
    for line in block.lines:
        announced, above = b.lead_in(above) > 0, line.text
        if line.label is not None:
            title = first_words(line.rest, 20)
            label = line.label
            steps.append(
                Step(scheme_of(label), label.number, _alone(line), line.text[:60], title[-2:], _sure(line), announced)
            )
        elif b.section_number(line) is None and b.is_heading(line) and len(block.lines) == (2 if ornament else 1):
            scheme, number = ("ornament", ornament) if ornament else (UNLABELLED, 1)
            steps.append(Step(scheme, (number,), True, line.text[:60]))
    last, first = block.last, block.first
    lines = sum(b.section_number(line) is None for line in block.lines)
    aside = all(m.is_marginal(line) and not m.is_date(line) for line in block.lines)
    return Item(
        block=block,
        steps=tuple(steps),
        leads=bool(steps) and (first.label is not None or steps[0].scheme in {"ornament", UNLABELLED}),
        aside=aside,
        open=b.is_open(last.text),
        lead_in=b.lead_in(last.text),
        signed=m.is_date(last),
        preamble=first.label is None and _PREAMBLE.search(block.text[:3000]) is not None,
        first_open=first.text[:1],
        last_char=last.text[-1:],
        noted=len(block.lines) > 1 and last.text.startswith(("注:", "注：")),
        heading=bool(steps) and all(step.alone for step in steps) and len(steps) == lines,
    )


def _alone(line: Line) -> bool:
    """Whether a labelled line is only a heading, its text coming below."""
    rest = line.rest.rstrip("。:： ")
    return (
        len(line.text) <= 60
        and not any(c in rest for c in "。;；")
        and (line.label is None or line.label.scheme != "article")
    )


def _sure(line: Line) -> bool:
    """Whether a label's line can only be a heading: an item may end in a full stop, or name a thing in three words."""
    return line.text[-1] not in "。;；.：:" and (line.label is None or len(line.rest) >= 2)
