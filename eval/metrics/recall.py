"""recall@k: what share of what the answer needs do the first k results hold?"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def recall_at(touched: Sequence[AbstractSet[int]], entries: int, k: int) -> float:
    """Share of gold entries touched by the first k results, 0 to 1.

        recall@k = |touched[0] ∪ … ∪ touched[k-1]| / entries

    Edge rules: fewer than k results are judged as they are; several results that touch the same entry count once.
    With no gold entry the measure is not defined and ValueError is raised. Where every entry is one document and every
    result touches at most one (as in STARD and BEIR) this is ranx ``recall@k``.

    >>> recall_at([{0}, {0}, {1}], entries=2, k=2)
    0.5
    """
    if entries < 1 or k < 1:
        msg = f"recall@{k} is not defined for {entries} gold entries"
        raise ValueError(msg)
    return len(set().union(*touched[:k])) / entries
