"""Reciprocal rank: how far down is the first result that helps?"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def reciprocal_rank(touched: Sequence[AbstractSet[int]], k: int | None = None) -> float:
    """1 / rank of the first result that touches any gold entry, 0 to 1; its mean over questions is MRR.

        RR@k = 1 / min{ i : touched[i-1] ≠ ∅, i <= k },  0 where there is none

    Edge rules: no result, or none that touches gold among the first k, gives 0. ``k=None`` looks at all results.
    Equal to ranx ``mrr@k``.

    >>> reciprocal_rank([set(), {0}]), reciprocal_rank([set(), {0}], k=1)
    (0.5, 0.0)
    """
    for rank, entries in enumerate(touched if k is None else touched[:k], 1):
        if entries:
            return 1 / rank
    return 0.0
