"""What a line is for where it stands: a heading, a list's opening, a part of the title, a signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import blocks as b
from ingest import marginal as m
from ingest.blocks import Block
from ingest.lines import Line

_ENACTED = re.compile(
    r"[(（].{0,80}(?:通过|公布|发布|修订|修正|施行|印发).{0,60}[)）]"
    r"|(?:中華民國|中华民国|民國).{2,16}日[^。，]{0,20}(?:公布|發布|修正|施行)(?:全文)?.{0,20}"
)
_PUBLIC = re.compile(r"[(（]此件.{0,12}[)）]|抄送.{0,60}|.{0,30}办公[室厅]\s*\d{4}年.{0,8}印发")
_OFFICE = re.compile(r"[^，,。；;:：]{2,40}")


def beside_title(line: Line) -> bool:
    """Whether a line before the text belongs to the title: a number, a date, who issues it, who speaks."""
    known = m.is_number(line) or m.is_date(line) or m.is_letterhead(line) or m.is_byline(line) or m.is_detail(line)
    return known or _ENACTED.fullmatch(line.text) is not None


def structures(line: Line, block: Block) -> bool:
    """Whether a line shows that a text has sections, and is not prose throughout."""
    if line.label is not None:
        return line.label.scheme not in {"alpha"}
    return bool(line.level) or (len(block.lines) <= 2 and b.is_heading(line) and len(line.text) > 3)


def is_heading(line: Line, block: Block, following: Line | None, *, cut: bool) -> bool:
    """Whether an unlabelled line is a heading where it stands: alone in its block, or short above a long paragraph."""
    if line.level:
        return True
    if cut or not b.is_heading(line) or following is None:
        return False
    if len(block.lines) == 1 or (len(block.lines) == 2 and any(b.section_number(other) for other in block.lines)):
        return True
    if len(line.text) > 24 or following.gap or line.text[-1] in "!！?？":
        return False
    above_text = len(line.text) <= 12 and following.label is None and following.text[-1] in "。!！"
    return above_text or len(following.text) > b.LONGEST_HEADING or b.is_heading(following)


def opens_list(line: Line, following: Line | None) -> bool:
    """Whether a paragraph is a list's own heading: one short sentence, or one that ends in a colon."""
    if following is None or following.label is None or following.label.number[-1] != 1:
        return False
    if len(following.text) <= b.LONGEST_HEADING and following.text[-1] not in "。;；":
        return False  # what follows are sections with text of their own, and no list
    return line.text[-1] in ":：" or (len(line.text) <= 60 and line.text.count("。") <= 1)


def signature(lines: Sequence[Line]) -> set[int]:
    """Positions of signatures: a date alone on its line, the offices above it, and notes below it."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        if not m.is_date(line) or at == 0:
            continue
        above = at - 1
        while above >= 0 and lines[above].label is None and _OFFICE.fullmatch(lines[above].text) and at - above <= 20:
            above -= 1
        if above < at - 1 or at >= len(lines) - 3:
            found.update(range(above + 1, at + 1))
            if at + 1 < len(lines) and _PUBLIC.fullmatch(lines[at + 1].text):
                found.add(at + 1)
    return found
