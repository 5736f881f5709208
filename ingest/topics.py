"""Paragraphs that name their topic first: 应用牵引。发挥… below 基本原则, which readers cite by those words.

A section whose paragraphs all begin so gets a clause for each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest import blocks as b
from ingest.lines import Line
from ingest.node import Node

TOPIC = "topic"
_TOPIC = re.compile(r"([^。；;:：《》\d]{2,26}?)[。:：]\s*(?=\S)")
_COLON_TOPIC = re.compile(r"([^。；;:：]{3,46})[:：](?=\S{6,})")
_ALONE = re.compile(r"([^。；;:：《》\d，,]{3,20})[。:：]?")
_FACET = re.compile(r"(从[^。；;:：,，《》\d]{1,6}看)[,，]")
_STILL = re.compile(r"同时|此外|另外|但|总的|当前|其中|上述|以上|到\d{4}年|展望|最后|总之")
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[,，、]|首先|其次|再次|最后")
_MOST_OF = 3
"""So many topics for each paragraph among them that names none, and stays with the section."""
_NEVER = frozenset({"article", "ordinal", "dash", TOPIC, "题名", "落款", "主送", "引言", "导语", "正文"})


def split_topics(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, with a node of its own for each topic of a section that consists of topics."""
    parents = {id(node.parent) for node in nodes if node.parent is not None}
    result: list[Node] = []
    for node in nodes:
        result.append(node)
        if id(node) in parents or node.scheme in _NEVER or len(node.lines) < 3:
            continue
        result.extend(_topics(node))
    return result


def _topics(node: Node) -> list[Node]:
    """The topic nodes cut out of a node's paragraphs; none where they don't all begin with a topic."""
    paragraphs = paragraphs_of(node.lines)
    named = _of_one_kind([topic_of(paragraph) for paragraph in paragraphs], paragraphs)
    first = next((i for i, topic in enumerate(named) if topic and i), None)
    if first is None:
        return []
    last = max(i for i, topic in enumerate(named) if topic)
    tail = paragraphs[last + 1 :]
    between = [i for i in range(first, last) if not named[i]]
    topics = last + 1 - first - len(between)
    if topics < 2 or (between and topics < _MOST_OF * len(between)) or len(tail) > 1:
        return []
    if tail and not _STILL.match(tail[0][0].text):
        return []
    rest = [*paragraphs[:first], *(paragraphs[i] for i in between), *tail]
    node.lines = [line for paragraph in rest for line in paragraph]
    return [
        Node(topic, "", topic, TOPIC, (), node, paragraph, node.confidence)
        for topic, paragraph in zip(named, paragraphs, strict=True)
        if topic and paragraph is not paragraphs[0]
    ]


def _of_one_kind(topics: list[str], paragraphs: Sequence[Sequence[Line]]) -> list[str]:
    """The topics; where most end in a colon, a sentence that ends in a full stop is none."""
    colon = [_COLON_TOPIC.match(paragraph[0].text) is not None for paragraph in paragraphs]
    by_colon = sum(1 for topic, is_colon in zip(topics, colon, strict=True) if topic and is_colon)
    others = sum(map(bool, topics)) - by_colon
    if not 0 < others * _MOST_OF <= by_colon:
        return topics
    return [topic if is_colon else "" for topic, is_colon in zip(topics, colon, strict=True)]


def paragraphs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines grouped so that a cut sentence and a topic alone on its line stay with what follows."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and (b.is_open(groups[-1][-1].text) or (_stands_alone(groups[-1][-1], line) and len(groups) > 1)):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _stands_alone(above: Line, line: Line) -> bool:
    return above.label is None and _ALONE.fullmatch(above.text) is not None and len(line.text) > b.LONGEST_HEADING


def topic_of(paragraph: Sequence[Line]) -> str:
    """The topic that a paragraph begins with, or nothing."""
    first = paragraph[0]
    if first.label is not None or _ORDINAL.match(first.text) or _STILL.match(first.text):
        return ""
    if len(paragraph) > 1 and (alone := _ALONE.fullmatch(first.text)) is not None:
        return alone[1].strip()
    match = _FACET.match(first.text) or _TOPIC.match(first.text) or _COLON_TOPIC.match(first.text)
    return match[1].strip() if match is not None else ""
