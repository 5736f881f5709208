"""hit@k: did the first k results hold everything that the answer needs?"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def hit_at(touched: Sequence[AbstractSet[int]], entries: int, k: int) -> float:
    """1.0 where the first k results together touch every gold entry, else 0.0.

    ``touched[i]`` holds the gold entries (0-based) that result i+1 touches; ``entries`` is how many there are.

        hit@k = 1[ touched[0] ∪ … ∪ touched[k-1] = {0, …, entries-1} ]

    Edge rules: fewer than k results are judged as they are. With no gold entry the measure is not defined and
    ValueError is raised; leave such questions out. With one entry this is the usual hit rate (ranx ``hit_rate@k``);
    with several it is stricter, since half a comparison does not answer it.

    >>> hit_at([{0}, set(), {1}], entries=2, k=2), hit_at([{0}, set(), {1}], entries=2, k=3)
    (0.0, 1.0)
    """
    if entries < 1 or k < 1:
        msg = f"hit@{k} is not defined for {entries} gold entries"
        raise ValueError(msg)
    return float(len(set().union(*touched[:k])) == entries)
