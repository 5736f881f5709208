"""What a report says under no heading, before its first numbered section and after its last: a clause a paragraph.

A report's (一)…(十) are made alike, of one paragraph each or of paragraphs that name their topics first. In the last
one such paragraphs end where the report comes to its close; what follows gets clauses of its own, as before the first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.headings import opening
from ingest.lines import Line
from ingest.node import Node
from ingest.outline import LEAD
from ingest.topics import paragraphs_of, topic_of

_LONG_LEAD = 1200
"""An opening of more characters tells of many things; a shorter one is quoted as one."""
_SECTIONS = frozenset({"cn", "cn_paren"})
_FEWEST = 2
_COMMA = re.compile("[,，]")
_TURNS = re.compile(
    r"(?:今|去|明|过去一|过去[一二三四五六七八九十]|新的一|[一二三四五六七八九十]|这些)年|我们|各位|各级|全[国省市区县]各"
)
"""Words with which who speaks turns to another matter."""


def without_overrun(nodes: Sequence[Node]) -> list[Node]:
    """The nodes of a text in prose, those of its last sections without what is said after them."""
    parents = {id(node.parent) for node in nodes if node.parent is not None}
    result: list[Node] = []
    run: list[Node] = []
    for node, after in zip(nodes, (*nodes[1:], None), strict=True):
        result.append(node)
        if node.step == LEAD and sum(len(line.text) for line in node.lines) > _LONG_LEAD:
            first, *more = paragraphs_of(node.lines)
            node.lines = first
            result += [_clause(paragraph, node.confidence) for paragraph in more]
        if node.scheme not in _SECTIONS or id(node) in parents:
            run = []
            continue
        goes_on = bool(run) and _next(run[-1], node)
        run = [*run, node] if goes_on else [node]
        if len(run) > _FEWEST and (after is None or not _next(node, after)):
            result += _closing(run)
    return result


def _next(node: Node, after: Node) -> bool:
    beside = node.scheme == after.scheme and node.parent is after.parent
    return beside and (node.number[0] + 1,) == after.number


def _closing(run: Sequence[Node]) -> list[Node]:
    """Clauses for the paragraphs that the last of alike sections has and the others have none like; cut out of it."""
    *others, last = run
    below = [paragraph for node in others for paragraph in paragraphs_of(node.lines)[1:]]
    if any(not topic_of(paragraph) for paragraph in below):
        return []
    commas = any(_COMMA.search(topic_of(paragraph)) for paragraph in below)
    own = paragraphs_of(last.lines)
    end = next((at for at in range(1, len(own)) if not below or not _is_like(own[at], commas=commas)), len(own))
    last.lines = [line for paragraph in own[:end] for line in paragraph]
    return [_clause(paragraph, last.confidence) for paragraph in own[end:]]


def _is_like(paragraph: Sequence[Line], *, commas: bool) -> bool:
    """Whether a paragraph names its topic as those of the other sections do, and not when or by whom it is done."""
    topic = topic_of(paragraph)
    return bool(topic) and not _TURNS.match(topic) and (commas or _COMMA.search(topic) is None)


def _clause(paragraph: list[Line], sure: float) -> Node:
    name = opening(paragraph[0].text)
    return Node(name, "", name, LEAD, (), None, paragraph, sure)
