"""A second look at close calls: where the first clauses are nearly level, a reranker reads them with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from index.reranker import Reranker
from qa.library import Shelf
from qa.question import Asked
from qa.rank import Ranked
from qa.reader import Reader

CLOSE = 2.0
"""By how much the first clause may lead and still be a close call, in units of `Ranked.score`; docs/answers.md has the
figures of other values."""
MOST = 5
"""How many clauses are read again at most."""
OF_A_PART = 2
"""How many for each side of a comparison, and each part of a question that asks two things: several are read for."""
WITHIN = 2.5
"""How far behind the first one they may be."""
WEIGHT = 1.0
"""What a unit of the reranker's log odds is worth beside one of the score."""
_READS_WORSE = -4.0
"""How much worse, in log odds, a clause may read than the best one and still be quoted beside it."""


class SecondLook:
    """Reads where the setting has it: ``always``, ``never``, or ``auto``, in small libraries."""

    def __init__(self, wanted: Literal["auto", "always", "never"]) -> None:
        self._wanted = wanted
        self._reranker = Reranker()

    def reader(self, asked: Asked, shelf: Shelf) -> Reader | None:
        """Who reads for this question, None where nobody does."""
        return Reader(asked, shelf, self._reranker) if self._applies(shelf) else None

    def warm_up(self, shelf: Shelf) -> None:
        """Reads the network now, where questions about ``shelf`` will need it."""
        if self._applies(shelf):
            self._reranker.scores("适用范围", ["适用范围"])

    def _applies(self, shelf: Shelf) -> bool:
        return self._wanted == "always" or (self._wanted == "auto" and shelf.is_small)


def look_again(ranked: list[Ranked], reader: Reader | None, most: int = MOST) -> list[Ranked]:
    """``ranked``, its first clauses in the order that features and reading agree on.

    The places change hands, the scores stay with the places: what is worked out from their differences (how many
    clauses to quote, how sure to be) was fitted to them. What is found by its number, and what is about another place
    than the one that is asked about, stays where it is. With no reader all of it does.
    """
    if reader is None or not _close(ranked):
        return ranked
    first = ranked[0]
    level = [i for i, one in enumerate(ranked[:most]) if first.score - one.score <= WITHIN and _as_fit(one, first)]
    if len(level) == 1:
        return ranked
    read = reader.odds([ranked[i].candidate.view for i in level])
    worth = [ranked[i].score + WEIGHT * odds for i, odds in zip(level, read, strict=True)]
    order = sorted(range(len(level)), key=lambda at: -worth[at])
    again = list(ranked)
    for place, at in zip(level, order, strict=True):
        again[place] = replace(ranked[level[at]], score=ranked[place].score)
    return again


def next_read(ranked: Sequence[Ranked], reader: Reader) -> Ranked | None:
    """Of the clauses that were read beside the best one, the one that reads best, where it reads nearly as well."""
    first = reader.known(ranked[0].candidate.view)
    read = [(odds, one) for one in ranked[1:MOST] if (odds := reader.known(one.candidate.view)) is not None]
    if first is None or not read:
        return None
    odds, second = max(read, key=lambda pair: pair[0])
    return second if odds - first > _READS_WORSE else None


def _close(ranked: Sequence[Ranked]) -> bool:
    return len(ranked) > 1 and not ranked[0].candidate.exact and ranked[0].score - ranked[1].score < CLOSE


def _as_fit(one: Ranked, first: Ranked) -> bool:
    return not one.candidate.exact and one.features["region"] >= first.features["region"]
