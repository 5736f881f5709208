"""Sentences of many clauses laid out in one table, and the windows in which an answer is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.library import Shelf, View
from qa.lists import announces, listing_under, wants_list
from qa.question import Asked

Matrix = npt.NDArray[np.float32]
Owners = npt.NDArray[np.int64]

_LEAD = 2
_ITEM = 0.9
"""What a word is worth that stands in an item of the list which the clause announces."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Whose sentence each row is: ``sentence_owner[i]`` is the number of the view that row i belongs to, ascending;
    ``item_owner`` the same for the sentences of the items that a view announces, which come after.
    """

    views: Sequence[View]
    items: tuple[View, ...]
    """The items that views announce, in the order of those."""
    sentence_owner: Owners
    item_owner: Owners
    first_rows: Owners
    """Where in the rows of the `blocks` each view begins."""
    sentence_rows: Owners
    """Which of those rows are sentences, of views and of items."""

    @property
    def blocks(self) -> tuple[View, ...]:
        """The views and the items: clauses each of which has two rows of its own (where it stands) before those of its
        sentences, in `View.lines` as in `View.tokens`.
        """
        return (*self.views, *self.items)

    def parted(self, rows: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix]:
        """The rows of the `blocks`: the first and the second of each view, those of its sentences, those of items'."""
        first, count = self.first_rows, len(self.sentence_owner)
        rest = rows[self.sentence_rows]
        return rows[first], rows[first + 1], rest[:count], rest[count:]

    def best(self, scores: npt.NDArray[np.float32], owners: Owners) -> npt.NDArray[np.float32]:
        """The best row of each view, float32 ``[views]``."""
        best = np.full(len(self.views), -1.0, dtype=np.float32)
        np.maximum.at(best, owners, scores)
        return best

    def best_sentences(self, scores: npt.NDArray[np.float32]) -> list[int]:
        """The position of each view's best sentence among its own, the first of those that are as good."""
        starts = np.searchsorted(self.sentence_owner, np.arange(len(self.views)))
        best = np.flatnonzero(scores == np.maximum.reduceat(scores, starts)[self.sentence_owner])
        firsts: list[int] = (best[np.searchsorted(best, starts)] - starts).tolist()
        return firsts

    def windows(self, sentences: Matrix, items: Matrix) -> tuple[Matrix, Owners]:
        """Each sentence with its two neighbours' maxima, since an answer spreads over sentences but not over a chapter;
        and one row more for each view that announces a list, for the whole of it.
        """
        together = (self.sentence_owner[1:] == self.sentence_owner[:-1])[:, None]
        rows = sentences.copy()
        rows[:-1] = np.maximum(rows[:-1], np.where(together, sentences[1:], 0.0))
        rows[1:] = np.maximum(rows[1:], np.where(together, sentences[:-1], 0.0))
        if not len(items):
            return rows, self.sentence_owner
        announcing = np.unique(self.item_owner)
        whole = [
            np.maximum(
                sentences[self.sentence_owner == owner].max(axis=0), _ITEM * items[self.item_owner == owner].max(axis=0)
            )
            for owner in announcing
        ]
        return np.concatenate([rows, np.stack(whole)]), np.concatenate([self.sentence_owner, announcing])


def lay_out(asked: Asked, shelf: Shelf, views: Sequence[View]) -> Layout:
    """The layout for ``views``, each of which must have a sentence."""
    items = [items_below(shelf, view) for view in views] if wants_list(asked) else []
    below = tuple(item for each in items for item in each)
    counts = np.asarray([len(block.sentences) for block in (*views, *below)], dtype=np.int64)
    starts = np.cumsum(counts + _LEAD) - counts - _LEAD
    return Layout(
        views,
        below,
        np.repeat(np.arange(len(views)), counts[: len(views)]),
        np.repeat(np.repeat(np.arange(len(items)), [len(each) for each in items]), counts[len(views) :]),
        starts[: len(views)],
        np.arange(counts.sum()) + np.repeat(_LEAD * np.arange(1, len(counts) + 1), counts),
    )


def items_below(shelf: Shelf, view: View) -> tuple[View, ...]:
    """The items of the list that a clause announces, none where it announces none: its matter is in them."""
    if not announces(view):
        return ()
    listing = listing_under(view, shelf)
    return listing.items if listing is not None else ()
