"""Lines in reading order → the tree of clauses, by a stack of open labels."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from ingest.labels import RANKS
from ingest.lines import Line
from ingest.model import Clause, SourceText, Span

_LONGEST_HEADING = 60
_STOPS = "。;；!！?？"


@dataclass(slots=True)
class Node:
    """A clause being built."""

    path: tuple[str, ...]
    label: str
    heading: str
    rank: int
    parent: Node | None
    spans: list[Span] = field(default_factory=list)
    number: tuple[int, ...] = ()
    scheme: str = ""
    confidence: float = 1.0


def build_nodes(lines: list[Line]) -> list[Node]:
    """The outline of one document, parents before children, in reading order."""
    nodes: list[Node] = []
    stack: list[Node] = []
    for line in lines:
        rank = _rank(line, stack)
        if rank is None:
            if not stack:
                node = Node((), "", "", -1, None, scheme="body")
                nodes.append(node)
                stack.append(node)
            stack[-1].spans.append(line.span)
            continue
        while (stack and stack[-1].rank >= rank) or (stack and stack[-1].scheme == "body"):
            stack.pop()
        parent = stack[-1] if stack else None
        label, heading = _printed(line)
        step = f"{label}{' ' if line.label and line.label.scheme in _SPACED else ''}{heading}".strip()
        node = Node(
            (*(parent.path if parent else ()), step),
            label,
            heading,
            rank,
            parent,
            [line.span],
            line.label.number if line.label else (),
            line.label.scheme if line.label else "heading",
        )
        nodes.append(node)
        stack.append(node)
    return nodes


_SPACED = {"part", "subpart", "chapter", "section", "article", "box", "annex", "decimal"}


def _rank(line: Line, stack: list[Node]) -> int | None:
    if line.label is None:
        return line.level * 2 if line.level else None
    return RANKS[line.label.scheme]


def _printed(line: Line) -> tuple[str, str]:
    """The label and the short title beside it."""
    if line.label is None:
        return "", line.text[:_LONGEST_HEADING]
    rest = line.rest.strip(" \t　\xa0")
    if line.label.scheme == "article":
        return line.label.printed, ""
    cut = next((i for i, c in enumerate(rest) if c in _STOPS), len(rest))
    heading = rest[: cut + (rest[cut : cut + 1] in {"?", "？"})]
    return line.label.printed, heading if len(heading) <= _LONGEST_HEADING else ""


def to_clauses(doc_id: str, source: SourceText, nodes: list[Node], page_of: dict[Span, int]) -> tuple[Clause, ...]:
    """Clauses with ids made from their paths, so that a small edit elsewhere in the file changes no id."""
    ids: dict[int, str] = {}
    seen: dict[str, int] = {}
    clauses: list[Clause] = []
    for node in nodes:
        key = "\n".join(node.path)
        count = seen[key] = seen.get(key, 0) + 1
        clause_id = f"{doc_id}.{short_hash(key, str(count), size=8)}"
        ids[id(node)] = clause_id
        clauses.append(
            Clause(
                clause_id=clause_id,
                path=node.path,
                label=node.label,
                heading=node.heading,
                spans=tuple(node.spans),
                text="\n".join(source.text[a:b] for a, b in node.spans),
                pages=tuple(sorted({page_of[s] for s in node.spans if page_of.get(s)})),
                parent_id=ids[id(node.parent)] if node.parent else None,
                order_confidence=node.confidence,
            )
        )
    return tuple(clauses)


def short_hash(*parts: str, size: int) -> str:
    """``size`` characters of a-z2-7 that depend on every part; safe in URLs."""
    digest = hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()
    return base64.b32encode(digest).decode().lower()[:size]
