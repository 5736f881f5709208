"""The same words in two places, such as a news report that repeats the official text it announces."""

from __future__ import annotations

from collections.abc import Sequence

from qa.document_kinds import official_rank
from qa.rank import Ranked

_ALIKE = 0.72
_DEPTH = 25
_SHORTEST = 16
_SHORTEST_REPEAT = 30
_NEARLY = 0.75


def prefer_official(ranked: Sequence[Ranked]) -> list[Ranked]:
    """``ranked`` with the official text right before the best report that repeats it."""
    if not ranked or official_rank(ranked[0].candidate.view.document) == 0:
        return list(ranked)
    top = ranked[0]
    for position, other in enumerate(ranked[1:_DEPTH], 1):
        view = other.candidate.view
        if (
            official_rank(view.document) < official_rank(top.candidate.view.document)
            and len(view.text) >= _SHORTEST_REPEAT
            and other.score >= _NEARLY * top.score
            and likeness(view.text, top.candidate.view.text) >= _ALIKE
        ):
            return [other, *ranked[:position], *ranked[position + 1 :]]
    return list(ranked)


def likeness(text: str, other: str) -> float:
    """The share of the neighbouring-character triples of ``text`` that ``other`` holds, 0 to 1; 0 for short texts."""
    if len(text) < _SHORTEST:
        return 0.0
    triples = {text[i : i + 3] for i in range(len(text) - 2)}
    return sum(triple in other for triple in triples) / len(triples)
