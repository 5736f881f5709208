"""Blocks: what a page's layout keeps together, with the few facts that splitting and ordering decide by.

A block is a run of lines without space between them on one page. Text taken from a laid-out page keeps the order of
lines within a block; the order of blocks is what may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest import marginal as m
from ingest.lines import Line

_END = "。！？!?;；:：…"
_CLOSERS = "”’」』》)）]】\"'"
_SENTENCE = re.compile(r"[。；！？]")
_INNER = re.compile(r"[，,。；;、]")
_STOP_INSIDE = re.compile(r"[^\d]。[^。）)”]{6,}$")
_ARTICLE = re.compile(
    r"第[零〇一二两三四五六七八九十百千]{1,8}[条條](?:之[一二三四五六七八九十]{1,2})?[ 　\xa0].*[，,、]"
)
"""An article holds sentences: without a full stop it is cut off however short it is."""
_ENGLISH_END = re.compile(r"[A-Za-z0-9%)]\.$|; (?:and|or)$")
LONGEST_HEADING = 45
_LONGEST_TOPIC = 24
_LIST_LINES = 3
_SECTIONS = frozenset({"part", "chapter", "section", "cn"})

_OFFICE = re.compile(r"[^，,。；;:：（(]{2,30}(?:部|委|局|厅|院|署|会|办|室|府|司|行|社|心|组|處|廳|長|长)")
_SECTION_NUMBER = re.compile(r"0[1-9]|[1-9]\d?")
_LISTED = "几|条件|情形|方面|内容|意见|原则|措施|事项|材料|要求|规定|任务|工作|行为|标准|情况|特点|特征|问题"
_LEAD_IN = re.compile(
    rf"[:：]$|(?:如下[^。;；]{{0,8}}|(?:以下|下列)[一二三四五六七八九十两]?(?:{_LISTED})[^。;；]{{0,8}})[。:：]$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines that stays together. ``index`` is its printed position in the file."""

    index: int
    lines: tuple[Line, ...]
    page: int

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """Its last line."""
        return self.lines[-1]

    @property
    def text(self) -> str:
        """Its lines, one beneath the other."""
        return "\n".join(line.text for line in self.lines)

    @property
    def joined(self) -> str:
        """Its lines as one, as a title that runs over several lines is read."""
        return "".join(line.text for line in self.lines)


def to_blocks(lines: Iterable[Line]) -> list[Block]:
    """The blocks of a file, furniture left out, in printed order."""
    body = [line for line in lines if not line.furniture]
    dense = sum(line.gap > 0 for line in body) * 40 < len(body)
    blocks: list[Block] = []
    run: list[Line] = []
    for line in body:
        if run and _begins_block(run[-1], line, dense):
            blocks.append(Block(len(blocks), tuple(run), run[0].page))
            run = []
        run.append(line)
    if run:
        blocks.append(Block(len(blocks), tuple(run), run[0].page))
    return renumber(_with_lists(_with_signatures(blocks)))


def _with_lists(groups: Sequence[list[Line]]) -> list[list[Line]]:
    """The groups; three and more short lines beneath one another are one list, such as names, and not headings."""
    result: list[list[Line]] = []
    run: list[list[Line]] = []
    for group in [*groups, []]:
        short = len(group) == 1 and is_heading(group[0]) and not group[0].level
        if short and (not run or (not group[0].gap and group[0].page == run[-1][0].page)):
            run.append(group)
            continue
        result.extend([[line for one in run for line in one]] if len(run) >= _LIST_LINES else run)
        run = [group] if short else []
        if not short and group:
            result.append(group)
    return result


def _with_signatures(blocks: Sequence[Block]) -> list[list[Line]]:
    """The lines of the blocks, a date alone joined with the offices named above it."""
    groups: list[list[Line]] = []
    for block in blocks:
        lines = list(block.lines)
        if len(lines) == 1 and m.is_date(lines[0]):
            while groups and len(groups[-1]) == 1 and _OFFICE.fullmatch(groups[-1][0].text) and len(lines) < 12:
                lines = [*groups.pop(), *lines]
        groups.append(lines)
    return groups


def _begins_block(above: Line, line: Line, dense: bool) -> bool:
    if line.gap or line.page != above.page or line.level or above.level or line.index != above.index + 1:
        return True
    if above.label is not None and line.label is not None and above.label.scheme == line.label.scheme:
        # 三、… directly above 四、…: the first has lost its text, and may have to move without the second.
        bare = len(above.text) <= LONGEST_HEADING and not _SENTENCE.search(above.text)
        if bare and line.label.number[0] == above.label.number[0] + 1 and above.label.scheme in _SECTIONS:
            return True
    return dense and (line.label is not None or not is_open(above.text))


def pair_ornaments(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of one document, numbers set apart from their headings (02 at the foot of the page) joined to them."""
    numbered = [block for block in blocks if len(block.lines) == 2 and any(section_number(n) for n in block.lines)]
    lone = [block for block in blocks if len(block.lines) == 1 and section_number(block.first)]
    if not numbered or not lone:
        return list(blocks)
    merged: dict[int, Line] = {}
    gone: set[int] = set()
    for number in lone:
        free = [
            block
            for block in blocks
            if len(block.lines) == 1
            and is_heading(block.first)
            and not section_number(block.first)
            and abs(block.page - number.page) <= 1
            and block.index not in merged
        ]
        if free:
            merged[min(free, key=lambda block: abs(block.index - number.index)).index] = number.first
            gone.add(number.index)
    return [
        Block(block.index, (*block.lines, merged[block.index]), block.page) if block.index in merged else block
        for block in blocks
        if block.index not in gone
    ]


def join_boxes(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, the title of a box (专栏2) joined with the text in it, since a box is set in one piece."""
    joined: list[Block] = []
    for block in blocks:
        above = joined[-1] if joined else None
        if (
            above is not None
            and len(above.lines) == 1
            and above.first.label is not None
            and above.first.label.scheme == "box"
            and above.page == block.page
            and block.first.label is None
            and len(block.first.text) > LONGEST_HEADING
        ):
            joined[-1] = Block(above.index, (*above.lines, *block.lines), above.page)
        else:
            joined.append(block)
    return joined


def renumber(groups: Iterable[Sequence[Line]]) -> list[Block]:
    """Blocks of the given lines, numbered anew."""
    return [Block(i, tuple(group), group[0].page) for i, group in enumerate(groups)]


def is_open(text: str) -> bool:
    """Whether a paragraph stops in mid-sentence: no full stop at its end although it is more than a heading."""
    stripped = text.rstrip(_CLOSERS)
    if not stripped or stripped[-1] in _END or text[-1] in "）)" or _ENGLISH_END.search(stripped):
        return False
    if stripped[-1] in "，,、":
        return True
    if text[-1] in _CLOSERS and _SENTENCE.search(text[-3:]):
        return False
    if len(text) > LONGEST_HEADING:
        return bool(_INNER.search(text))
    return (len(text) > _LONGEST_TOPIC and _STOP_INSIDE.search(text) is not None) or _ARTICLE.match(text) is not None


def ends(text: str) -> bool:
    """Whether a text ends in a full stop or the like."""
    return text.rstrip(_CLOSERS)[-1:] in tuple(_END)


def is_heading(line: Line) -> bool:
    """Whether an unlabelled line looks like a heading: short, and no sentence."""
    text = line.text
    if line.label is not None or line.translates:
        return False
    if line.level:
        return True
    return (
        2 <= len(text) <= LONGEST_HEADING
        and not text.isdigit()
        and text[-1] not in "。，,;；、:：…"
        and not _SENTENCE.search(text[:-1])
        and " | " not in text
        and not m.is_marginal(line)
        and not m.is_detail(line)
        and sum(text.count(c) for c in "（(《") == sum(text.count(c) for c in "）)》")
    )


def lead_in(text: str) -> float:
    """How strongly a paragraph announces a list: 1 where it says 如下 or 以下几项, 0.5 for a mere colon, else 0."""
    if _LEAD_IN.search(text[-20:]) is None:
        return 0.0
    return 0.5 if text[-1] in ":：" and not re.search("如下|以下|下列", text[-20:]) else 1.0


def section_number(line: Line) -> int | None:
    """The value of a line that is nothing but a section's number set as an ornament: 01, 02."""
    return int(line.text) if len(line.text) <= 2 and _SECTION_NUMBER.fullmatch(line.text) else None


def join_ornaments(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, an ornament number joined with the heading that it stands beside."""
    groups: list[list[Line]] = []
    for block in blocks:
        lines = list(block.lines)
        beside = groups[-1] if groups and groups[-1][-1].page == block.page else None
        number = [section_number(line) is not None for line in (*(beside or ()), *lines)]
        text = [is_heading(line) for line in (*(beside or ()), *lines)]
        pair = beside is not None and len(number) == 2 and len(lines) == 1
        if beside is not None and pair and ((text[0] and number[1]) or (number[0] and text[1])):
            beside.extend(lines)
        else:
            groups.append(lines)
    return renumber(groups)
