"""What the reranker makes of the clauses that come into question, for one question; each is read once."""

from __future__ import annotations

from collections.abc import Sequence

from index.reranker import Reranker
from qa.excerpt import excerpt
from qa.library import Shelf, View
from qa.question import Asked
from qa.wordmatch import Group, groups_of


class Reader:
    """Reads clauses with one question. About 35 ms a clause on two cores, so what asks for it asks for few."""

    def __init__(self, asked: Asked, shelf: Shelf, reranker: Reranker) -> None:
        self._asked = asked
        self._shelf = shelf
        self._reranker = reranker
        self._groups: tuple[Group, ...] | None = None
        self._read: dict[str, float] = {}

    def odds(self, views: Sequence[View]) -> list[float]:
        """The log odds that each clause answers, in the order of ``views``. Raises `index.encoder.EncoderError`."""
        new = [view for view in views if view.clause.clause_id not in self._read]
        if new:
            if self._groups is None:
                self._groups = groups_of(self._asked, self._shelf)
            texts = [excerpt(view, self._asked, self._groups, self._shelf) for view in new]
            found = self._reranker.scores(self._asked.standalone, texts)
            self._read |= {view.clause.clause_id: float(odds) for view, odds in zip(new, found, strict=True)}
        return [self._read[view.clause.clause_id] for view in views]

    def known(self, view: View) -> float | None:
        """The log odds of a clause that has been read, None of another."""
        return self._read.get(view.clause.clause_id)
