"""Nodes of an outline → clauses: spans, text, pages and ids that survive small changes of the file."""

from __future__ import annotations

import base64
import bisect
import hashlib
from collections.abc import Sequence

from ingest.lines import Line
from ingest.model import Clause, SourceText, Span, quote
from ingest.node import Node


def to_clauses(doc_id: str, source: SourceText, nodes: Sequence[Node]) -> tuple[Clause, ...]:
    """The clauses of one document. Ids come from paths, so that an edit elsewhere in the file changes none."""
    ids: dict[int, str] = {}
    paths: dict[int, tuple[str, ...]] = {}
    seen: dict[str, int] = {}
    clauses: list[Clause] = []
    placed = sorted((region.span, region.page) for region in source.regions)
    starts = [span[0] for span, _ in placed]
    for node in nodes:
        above = paths.get(id(node.parent), ()) if node.parent is not None else ()
        path = paths[id(node)] = (*above, node.step)
        key = "\n".join(path)
        seen[key] = seen.get(key, 0) + 1
        clause_id = ids[id(node)] = f"{doc_id}.{short_hash(key, str(seen[key]), size=8)}"
        spans = merged_spans(source.text, node.lines)
        clauses.append(
            Clause(
                clause_id=clause_id,
                path=path,
                label=node.label,
                heading=node.heading,
                spans=spans,
                text=quote(source.text, spans),
                pages=tuple(sorted({line.page for line in node.lines if line.page} | _pages_of(spans, placed, starts))),
                parent_id=ids[id(node.parent)] if node.parent is not None else None,
                order_confidence=node.confidence,
            )
        )
    return tuple(clauses)


def _pages_of(spans: Sequence[Span], placed: Sequence[tuple[Span, int]], starts: Sequence[int]) -> set[int]:
    """The pages on which the reader saw any of the spans: a paragraph may run over to the next page."""
    found: set[int] = set()
    for start, stop in spans:
        at = bisect.bisect_left(starts, stop) - 1
        while at >= 0 and placed[at][0][1] > start:
            found.add(placed[at][1])
            at -= 1
    return found


def merged_spans(text: str, lines: Sequence[Line]) -> tuple[Span, ...]:
    """Spans of lines in reading order, those with nothing but white space between them in one span.

    The pieces of a line that was broken at a fixed width stay apart, so that they can be read as one.
    """
    spans: list[Span] = []
    for line in lines:
        for n, (start, end) in enumerate(line.words):
            near = spans and spans[-1][1] <= start < spans[-1][1] + 200 and not text[spans[-1][1] : start].strip()
            if near and not (n and "\n" in text[spans[-1][1] : start]):
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return tuple(spans)


def short_hash(*parts: str, size: int) -> str:
    """``size`` characters of a-z2-7 that depend on every part; safe in URLs."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return base64.b32encode(digest).decode().lower()[:size]
