"""A second look at close calls: where the first clauses are nearly level, a reranker reads them with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from index.reranker import Reranker
from qa.library import Shelf
from qa.question import Asked
from qa.rank import Ranked
from qa.views import View

CLOSE = 1.0
"""By how much the first clause may lead and still be a close call, in units of `Ranked.score`; docs/answers.md has the
figures of other values."""
MOST = 4
"""How many clauses are read again."""
WEIGHT = 0.8
"""What a unit of the reranker's log odds is worth beside one of the score."""


class SecondLook:
    """Looks again where the setting has it: ``always``, ``never``, or ``auto``, in small libraries."""

    def __init__(self, wanted: Literal["auto", "always", "never"]) -> None:
        self._wanted = wanted
        self._reranker = Reranker()

    def over(self, asked: Asked, ranked: list[Ranked], shelf: Shelf) -> list[Ranked]:
        """``ranked`` after a second look, or as it is."""
        return look_again(asked, ranked, self._reranker) if self._applies(shelf) else ranked

    def warm_up(self, shelf: Shelf) -> None:
        """Reads the network now, where questions about ``shelf`` will need it."""
        if self._applies(shelf):
            self._reranker.scores("适用范围", ["适用范围"])

    def _applies(self, shelf: Shelf) -> bool:
        return self._wanted == "always" or (self._wanted == "auto" and shelf.is_small)


def look_again(asked: Asked, ranked: list[Ranked], reranker: Reranker) -> list[Ranked]:
    """``ranked``, its first clauses in the order that features and reading agree on.

    The places change hands, the scores stay with the places: what is worked out from their differences (how many
    clauses to quote, how sure to be) was fitted to them. What is found by its number, and what is about another place
    than the one that is asked about, stays where it is.
    """
    if not _close(ranked):
        return ranked
    first = ranked[0]
    level = [i for i in range(min(MOST, len(ranked))) if _as_fit(ranked[i], first)]
    if len(level) == 1:
        return ranked
    read = reranker.scores(asked.standalone, [passage(ranked[i].candidate.view) for i in level])
    worth = [ranked[i].score + WEIGHT * float(odds) for i, odds in zip(level, read, strict=True)]
    order = sorted(range(len(level)), key=lambda at: -worth[at])
    again = list(ranked)
    for place, at in zip(level, order, strict=True):
        again[place] = replace(ranked[level[at]], score=ranked[place].score)
    return again


def passage(view: View) -> str:
    """A clause as the reranker reads it: document and path, then the text."""
    return f"{view.document.title} {' '.join(filter(None, view.clause.path))}\n{view.clause.text}"


def _close(ranked: Sequence[Ranked]) -> bool:
    return len(ranked) > 1 and not ranked[0].candidate.exact and ranked[0].score - ranked[1].score < CLOSE


def _as_fit(one: Ranked, first: Ranked) -> bool:
    return not one.candidate.exact and one.features["region"] >= first.features["region"]
