"""Blocks in reading order → the tree of clauses of one document.

A line with a label opens a clause where :func:`ingest.grammar.place` puts it. Other lines belong to what is open: to
the article and not to its last item, to the section and not to its last dash, to the sentence that a page break cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import blocks as b
from ingest import marginal as m
from ingest import roles
from ingest.blocks import Block
from ingest.grammar import UNLABELLED, Open, Seen, place, rank_of, scheme_of
from ingest.headings import (
    announcement,
    heading_of,
    lead_heading,
    opening,
    step_of,
    without_connective,
    without_speaker,
)
from ingest.lines import Line
from ingest.node import Node
from ingest.order import Ordered
from ingest.overlaps import repeated_lines
from ingest.reading import heading_depth

TITLE, ADDRESSEE, PREAMBLE, LEAD, BODY, SIGNATURE = "题名", "主送", "引言", "导语", "正文", "落款"
"""Steps of paths for the parts of a document that print no label of their own."""

CAPTION = "caption"
_CAPTION = re.compile(r"(?:附?表|图)\s?[\d一二三四五六七八九十]{1,3}(?:[-.—－]\d{1,2})?[\s　:：]")
_TITLED_BELOW = frozenset({"annex", "part", "subpart", "chapter", "section"})
_PREFACE = re.compile(r"前\s*言|序\s*言|引\s*言|导\s*言|Foreword|Preface|Introduction", re.IGNORECASE)
_BRIEF = 8
"""Words such as 实现开工 or 重大事项 that stand for a group of items below them."""
_ARTICLE_RANK = rank_of("article")
_BACK = re.compile(r"(?:以上|上述|前述|前款|符合上述|同时符合)")


class Outline:
    """Builds the tree; read ``nodes`` when every block has been added. Parents come before children."""

    def __init__(self, title: str, blocks: Sequence[Block], *, prose: bool) -> None:
        self.nodes: list[Node] = []
        self._title = title
        self._prose = prose
        self._structured = any(roles.structures(line, block) for block in blocks for line in block.lines)
        self._law = any(line.label is not None and line.label.scheme == "article" for x in blocks for line in x.lines)
        self._stack: list[Node] = []
        self._open: tuple[Open, ...] = ()
        self._levels: list[int] = []
        self._memory: dict[str, Seen] = {}
        self._special: dict[str, Node] = {}
        self._last: Node | None = None
        self._cut = False
        self._begun = False
        self._opened = False

    def add_title(self, blocks: Sequence[Block]) -> None:
        """The lines that print the title."""
        for block in blocks:
            for line in block.lines:
                self._append(self._named(TITLE), line, 1.0)
        self._last = None

    def add(self, ordered: Sequence[Ordered]) -> None:
        """All other blocks, in reading order."""
        lines = [(line, item) for item in ordered for line in item.block.lines]
        signed = roles.signature([line for line, _ in lines])
        repeated = repeated_lines([line for line, _ in lines])
        opened: dict[int, tuple[list[Node], tuple[Open, ...], list[int]]] = {}
        at = 0
        while at < len(lines):
            line, item = lines[at]
            number = b.section_number(line)
            if number is not None and len(item.block.lines) == 2:
                at += 1
                continue
            following = lines[at + 1][0] if at + 1 < len(lines) else None
            if at in signed:
                self._append(self._named(SIGNATURE), line, item.confidence)
            else:
                if repeated.get(at) in opened:  # printed a second time: to the place where it stood the first time
                    stack, opens, levels = opened[repeated[at]]
                    self._stack, self._open, self._levels = [*stack], opens, [*levels]
                    self._memory.pop(opens[-1].scheme, None)
                    self._cut_to(len(stack) - 1)
                self._line(line, item, following)
                if line.label is not None and self._stack:
                    opened[at] = ([*self._stack], self._open, [*self._levels])
            at += 1

    def _line(self, line: Line, item: Ordered, following: Line | None) -> None:
        sure = item.confidence
        before = not self._begun and line.label is None
        beside_title = before and roles.beside_title(line)
        if m.is_source(line) or m.is_reporter(line) or beside_title or (line.label is None and m.is_number(line)):
            self._append(self._named(TITLE), line, sure)
        elif line.label is None and (m.is_intro(line) or m.is_prefatory(line)) and not line.level:
            self._append(self._last or self._named(TITLE), line, sure)
        elif line.label is not None and not (self._cut and self._breaks(line)):
            self._label(line, sure)
        elif not self._begun and m.is_addressee(line):
            self._append(self._named(ADDRESSEE), line, sure)
        elif roles.is_heading(line, item.block, following, cut=self._cut) or self._next_of_kind(
            line, item.block, following
        ):
            self._heading(line, item.block, sure)
        else:
            self._text(line, following, sure)

    def _next_of_kind(self, line: Line, block: Block, following: Line | None) -> bool:
        """Whether a line closes its block and is as short as the unlabelled heading that is open (加快建设)."""
        if self._cut or following is None or not self._stack or line is not block.last or not b.is_heading(line):
            return False
        open_heading = self._stack[-1]
        brief = len(line.text) <= _BRIEF and 0 < len(open_heading.heading) <= _BRIEF
        return brief and open_heading.scheme == UNLABELLED and len(open_heading.lines) > 1 and b.ends(following.text)

    def _breaks(self, line: Line) -> bool:
        """Whether a label in mid-sentence is no label: it goes on from nothing (a wrapped line that begins (二))."""
        assert line.label is not None
        return place(self._open, scheme_of(line.label), line.label.number, self._memory).cost > 0

    def _label(self, line: Line, sure: float) -> None:
        assert line.label is not None
        scheme, number = scheme_of(line.label), line.label.number
        if self._stack and self._stack[-1].scheme == UNLABELLED and _PREFACE.fullmatch(self._stack[-1].step):
            self._cut_to(len(self._stack) - 1)
        bare = bool(self._stack) and self._stack[-1] is self._last and len(self._last.lines) == 1
        placed = place(self._open, scheme, number, self._memory, bare=bare)
        depth = self._level_depth(line) if line.level else placed.depth
        label, heading = line.label.printed, heading_of(line)
        self._push(
            Node(step_of(line, heading), label, heading, scheme, number, self._below(depth), [], sure), depth, line
        )
        self._append(self._stack[-1], line, sure)

    def _heading(self, line: Line, block: Block, sure: float) -> None:
        numbers = [n for other in block.lines if (n := b.section_number(other)) is not None]
        ornament = numbers[0] if numbers and len(block.lines) == 2 else None
        empty = (
            bool(self._stack)
            and self._last is self._stack[-1]
            and len(self._last.lines) == 1
            and self._last.label == ""
        )
        if ornament is None and self._awaits_title(line):
            top = self._stack[-1]
            top.heading, top.step = line.text, f"{top.label} {line.text}"
            self._append(top, line, sure)
            return
        depth = self._level_depth(line) if line.level else self._heading_depth(ornament, empty=empty)
        step, label, scheme, number = line.text, "", UNLABELLED, (1,)
        if not line.level and _CAPTION.match(line.text):
            scheme, depth = CAPTION, self._caption_depth()
        if ornament is not None:
            label = next(other.text for other in block.lines if b.section_number(other) is not None)
            step, scheme, number = f"{label} {line.text}", "ornament", (ornament,)
        node = Node(step, label, line.text, scheme, number, self._below(depth), [], sure)
        self._push(node, depth, line)
        self._append(node, line, sure)
        for other in block.lines:
            if ornament is not None and b.section_number(other) is not None:
                node.lines.append(other)

    def _awaits_title(self, line: Line) -> bool:
        """Whether the label above stands alone on its line, its title on the next: 附件1, PART I, 3.1 of a standard."""
        top = self._stack[-1] if self._stack else None
        if top is None or top is not self._last or top.heading or not top.label or line.text == self._title:
            return False
        alone = len(top.lines) == 1 or (len(top.lines) == 2 and m.is_detail(top.lines[-1]))
        return alone and (top.scheme in _TITLED_BELOW or top.scheme.startswith("decimal"))

    def _heading_depth(self, ornament: int | None, *, empty: bool) -> int:
        if ornament is not None:
            return place(self._open, "ornament", (ornament,), self._memory).depth
        last_empty = bool(self._stack) and self._stack[-1] is self._last and len(self._stack[-1].lines) == 1
        labelled = (
            last_empty and self._stack[-1].label != "" and len(self._stack[-1].lines[0].text) <= b.LONGEST_HEADING
        )
        return len(self._stack) if labelled else heading_depth(self._open, below=empty)

    def _caption_depth(self) -> int:
        """Tables stand below the section that is open, beside its other tables."""
        depth = len(self._stack)
        return depth - 1 if depth and self._stack[-1].scheme == CAPTION else depth

    def _level_depth(self, line: Line) -> int:
        """How many open headings of the file format stand above one of this level."""
        return sum(1 for level in self._levels if 0 < level < line.level)

    def _text(self, line: Line, following: Line | None, sure: float) -> None:
        if self._cut and self._last is not None:
            self._append(self._last, line, sure)
            return
        node = self._second_list(line, following) or self._home(line, following)
        if node is None:
            node = self._paragraph(line, following)
        self._append(node, line, sure)

    def _second_list(self, line: Line, following: Line | None) -> Node | None:
        """A clause for a paragraph that announces one more list in its section (有下列情形之一的，不予支持：).

        Without it two items of the section would bear the same number. In articles the paragraphs are counted (第二款),
        and the second list is found by that.
        """
        if following is None or following.label is None or following.level or self._law or b.lead_in(line.text) == 0:
            return None
        scheme, number = scheme_of(following.label), following.label.number
        depth = place(self._open, scheme, number, self._memory).depth
        seen = self._memory.get(scheme)
        below = self._open[depth - 1].serial if depth else 0
        if number != (1,) or seen is None or seen.parent != below or seen.number < (2,):
            return None
        name = announcement(line.text)
        node = Node(name, "", name, UNLABELLED, (1,), self._below(depth))
        self._push(node, depth, line)
        return node

    def _home(self, line: Line, following: Line | None) -> Node | None:
        """The open clause that a paragraph without a label belongs to, or None for one of its own."""
        if not self._stack:
            if not self._structured or self._opened:
                return None if self._prose or not self._structured else self._named(PREAMBLE)
            if self._prose and roles.opens_list(line, following):
                return None
            return self._named(LEAD if self._prose else PREAMBLE)
        top = self._stack[-1]
        depth = len(self._stack)
        inside = [i for i, node in enumerate(self._stack) if node.scheme == "article"]
        if line.translates:
            depth = inside[-1] + 1 if inside else depth
        elif following is not None and following.label is not None and line.text[-1] in ":：" and not following.level:
            depth = place(self._open, scheme_of(following.label), following.label.number, self._memory).depth
        elif self._law and rank_of(top.scheme) > _ARTICLE_RANK:
            depth = inside[-1] + 1 if inside else depth
        elif (
            top.scheme in {"dash", "ordinal"}
            or (self._stack[0].scheme == LEAD and depth > 1)
            or (_BACK.match(line.text) and top.label and rank_of(top.scheme) > _ARTICLE_RANK)
        ):
            depth -= 1
        if depth and self._stack[depth - 1].scheme == LEAD:
            depth = 0
        if depth < len(self._stack):
            self._cut_to(depth)
        return self._stack[depth - 1] if depth else self._home_at_top()

    def _home_at_top(self) -> Node | None:
        return None if self._prose or not self._structured else self._named(PREAMBLE)

    def _paragraph(self, line: Line, following: Line | None) -> Node:
        """A clause for one paragraph of prose."""
        if not self._structured and not self._prose:
            return self._named(BODY)
        if not self._begun and not self._structured and not roles.opens_list(line, following):
            return self._named(LEAD)
        text = without_speaker(line.text, self._title)
        plain = without_connective(text)
        if (
            plain != text
            and self._last is not None
            and self._last.scheme == LEAD
            and not roles.opens_list(line, following)
        ):
            return self._last  # 同时,… goes on from the paragraph above
        text = plain or text
        colon = line.text[-1] in ":：" and following is not None and following.label is not None
        heading = lead_heading(text) if colon else opening(text)
        node = Node(heading, "", heading, LEAD, (), None)
        self.nodes.append(node)
        self._opened = True
        if roles.opens_list(line, following):
            self._stack, self._levels = [node], [0]
            self._open = (Open(UNLABELLED, (1,), len(self.nodes)),)
        return node

    def _named(self, step: str) -> Node:
        if step not in self._special:
            self._special[step] = Node(step, "", step, step, (), None)
            self.nodes.append(self._special[step])
        return self._special[step]

    def _below(self, depth: int) -> Node | None:
        return self._stack[depth - 1] if depth else None

    def _push(self, node: Node, depth: int, line: Line) -> None:
        self._opened = True
        self.nodes.append(node)
        self._cut_to(depth)
        below = self._open[depth - 1].serial if depth else 0
        self._stack.append(node)
        self._levels.append(line.level)
        self._open = (*self._open, Open(node.scheme, node.number, len(self.nodes)))
        self._memory[node.scheme] = Seen(node.number, below)

    def _cut_to(self, depth: int) -> None:
        del self._stack[depth:]
        del self._levels[depth:]
        self._open = self._open[:depth]

    def _append(self, node: Node, line: Line, sure: float) -> None:
        node.lines.append(line)
        node.confidence = min(node.confidence, sure)
        if node.scheme != TITLE:
            self._last, self._cut = node, b.is_open(line.text)
            self._begun = self._begun or node.scheme != ADDRESSEE
