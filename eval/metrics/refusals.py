"""Refusals: does the system keep silent where the documents do, and only there?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefusalCounts:
    """How refusals and answers fell on answerable and unanswerable questions. Ratios are None where undefined (0/0)."""

    right: int
    """Unanswerable and refused."""
    false: int
    """Answerable, but refused."""
    missed: int
    """Unanswerable, but answered."""
    answered: int
    """Answerable and answered (rightly or not)."""

    @property
    def precision(self) -> float | None:
        """right / (right + false): how far a refusal can be believed."""
        return self.right / (self.right + self.false) if self.right + self.false else None

    @property
    def recall(self) -> float | None:
        """right / (right + missed): the share of unanswerable questions that were refused."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def false_refusal_rate(self) -> float | None:
        """false / (false + answered): the share of answerable questions that were refused."""
        return self.false / (self.false + self.answered) if self.false + self.answered else None


def count_refusals(answerable: Sequence[bool], refused: Sequence[bool]) -> RefusalCounts:
    """The four counts, from two sequences of equal length, one value a question.

    >>> count_refusals([True, True, False, False], [False, True, True, False])
    RefusalCounts(right=1, false=1, missed=1, answered=1)
    """
    pairs = list(zip(answerable, refused, strict=True))
    return RefusalCounts(
        right=pairs.count((False, True)),
        false=pairs.count((True, True)),
        missed=pairs.count((False, False)),
        answered=pairs.count((True, False)),
    )
