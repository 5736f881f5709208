"""A file's blocks → one part for each document in it.

Titles open documents. What stands between two titles belongs to the first of them, except on pages where layout has
put text before its title, or set two documents side by side: there every block goes to the document that it fits
best, by numbering that goes on, sentences that go on, words shared with the title, and who writes to whom.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest import marginal as m
from ingest.blocks import Block, join_boxes, join_ornaments, pair_ornaments, renumber, to_blocks
from ingest.enactment import note_length
from ingest.furniture import Contents
from ingest.lines import Line
from ingest.membership import assign, is_headline
from ingest.model import SourceText
from ingest.titles import Evidence, Title, find_titles

_LAW = re.compile(r"(?:法|条例|條例|规定|規定|办法|辦法|细则|細則|规则|規則|法典)(?:[(（].{1,12}[)）])?$")
_LONGEST_HEADING = 130
"""A line that the format marks as a heading may be a title even where it is long, as English ones are."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document: its title, the blocks that print it, and the other blocks in printed order."""

    title: str
    evidence: Evidence
    head: tuple[Block, ...]
    blocks: tuple[Block, ...]

    @property
    def prose(self) -> bool:
        """Whether the title is a headline over prose and not the name of an official text."""
        return is_headline(self.title)

    @property
    def lines(self) -> list[Line]:
        """All lines, those of the title first."""
        return [line for block in (*self.head, *self.blocks) for line in block.lines]


def split_documents(
    source: SourceText, lines: Sequence[Line], contents: Contents | None
) -> tuple[list[Part], list[Block]]:
    """The documents of a file in printed order, and the blocks that belong to none (masthead, imprint)."""
    blocks = to_blocks(lines)
    if not blocks:
        return [], []
    body = [line for block in blocks for line in block.lines]
    titles = find_titles(body, contents)
    if len(titles) < 2 and not (titles and titles[0].first == 0):
        titles = [_first_title(source, body, titles)]
    elif titles[0].first > 0 and body[0].level == 1 and body[0].label is None and len(body[0].text) <= _LONGEST_HEADING:
        titles = [Title(body[0].text, 0, 1, Evidence.HEADING), *titles]
    titles = [_with_note(body, _with_subtitle(body, _with_translation(body, title))) for title in titles]
    blocks = join_ornaments(_cut_at_titles(body, blocks, titles))
    heads = _heads(blocks, titles)
    owner, stray = assign(blocks, heads, [title.text for title in titles])
    parts = []
    for n, title in enumerate(titles):
        head = tuple(blocks[i] for i in sorted(heads[n]))
        own = tuple(
            block
            for block in blocks
            if owner[block.index] == n and block.index not in heads[n] and block.index not in stray
        )
        parts.append(Part(title.text, title.evidence, head, tuple(join_boxes(pair_ornaments(own)))))
    return parts, [blocks[i] for i in stray]


def _first_title(source: SourceText, body: Sequence[Line], titles: list[Title]) -> Title:
    """The title of a file with one document: its first unlabelled short lines, else the file's own name."""
    if titles and titles[0].first < 12:
        return titles[0]
    name = source.metadata.get("title") or source.name.rsplit(".", 1)[0]
    for at, line in enumerate(body[:8]):
        if line.level and line.label is None and len(line.text) <= _LONGEST_HEADING:
            return Title(line.text, at, at + 1, Evidence.HEADING)
        if line.label is not None or len(line.text) > 60:
            break
        if line.text[-1] in "。:：;；" or any(mark in line.text[:4] for mark in ("来源", "索引")):
            continue
        last = at + 1
        while last < min(at + 4, len(body)) and _goes_on(body[last - 1], body[last]):
            last += 1
        return Title("".join(piece.text for piece in body[at:last]), at, last, Evidence.FIRST)
    return Title(name, 0, 0, Evidence.FIRST)


def _goes_on(above: Line, line: Line) -> bool:
    """Whether a title runs on in the next line: no gap, no label, still short, and the line above ends nothing."""
    short = len(line.text) <= 40 and line.label is None and line.text[-1] not in "。:：;；"
    return short and not line.gap and not line.level and above.text.endswith(("关于", "的", "和", "与", "、", "及"))


def _with_translation(body: Sequence[Line], title: Title) -> Title:
    """The title with the English one printed below it."""
    below = body[title.last] if title.last < len(body) else None
    if below is None or title.text.isascii() or title.first == title.last:
        return title
    english = below.label is None and below.text.isascii() and len(below.text) <= _LONGEST_HEADING
    return (
        replace(title, last=title.last + 1) if english and re.search("[A-Za-z]{3}.*[A-Za-z]{3}", below.text) else title
    )


def _with_subtitle(body: Sequence[Line], title: Title) -> Title:
    """The title with the subtitle printed below it (——2031年3月2日在…会议上), which has no text below itself.

    Two lines with dashes are a list.
    """
    below = body[title.last : title.last + 2]
    if title.first == title.last or not below or not m.is_dashed(below[0]):
        return title
    alone = len(below) == 1 or below[1].label is None or below[1].label.scheme != "dash"
    return replace(title, last=title.last + 1) if alone else title


def _with_note(body: Sequence[Line], title: Title) -> Title:
    """The title of a law with the lines below it that say who made it, and when."""
    if title.first == title.last or not _LAW.search(title.text):
        return title
    return replace(title, last=title.last + note_length(body[title.last :]))


def _cut_at_titles(body: Sequence[Line], blocks: list[Block], titles: list[Title]) -> list[Block]:
    """The blocks, cut so that every title has blocks of its own."""
    cuts = {title.first for title in titles} | {title.last for title in titles}
    groups: list[list[Line]] = []
    position = 0
    for block in blocks:
        group: list[Line] = []
        for line in block.lines:
            if group and position in cuts:
                groups.append(group)
                group = []
            group.append(line)
            position += 1
        groups.append(group)
    return renumber(groups)


def _heads(blocks: Sequence[Block], titles: Sequence[Title]) -> list[set[int]]:
    """For each title the indexes of the blocks that print it."""
    starts: list[int] = []
    position = 0
    for block in blocks:
        starts.append(position)
        position += len(block.lines)
    return [{i for i, start in enumerate(starts) if title.first <= start < title.last} for title in titles]
