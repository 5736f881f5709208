"""Normalised discounted cumulative gain: is what helps near the top?"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import log2


def ndcg_at(touched: Sequence[AbstractSet[int]], entries: int, k: int) -> float:
    """nDCG@k over gold entries, each worth one, found at the first result that touches it; 0 to 1.

    Let r_1 <= r_2 <= … be the ranks at which the entries are first touched within the first k results, and
    n = min(entries, k):

        DCG@k = Σ_j 1 / log2(1 + max(r_j, j)),   ideal = Σ_{j=1..n} 1 / log2(1 + j),   nDCG@k = DCG@k / ideal

    The maximum matters where one result touches several entries at once: it keeps the sum within the ideal. At most n
    entries count. Where each result touches at most one entry and each entry is one document, r_j >= j always and this
    is the usual binary nDCG (Järvelin and Kekäläinen 2002; ranx ``ndcg@k``). With no gold entry the measure is not
    defined and ValueError is raised.

    >>> round(ndcg_at([set(), {0}], entries=1, k=10), 4)
    0.6309
    """
    if entries < 1 or k < 1:
        msg = f"nDCG@{k} is not defined for {entries} gold entries"
        raise ValueError(msg)
    first_rank: dict[int, int] = {}
    for rank, found in enumerate(touched[:k], 1):
        for entry in found:
            first_rank.setdefault(entry, rank)
    best = min(entries, k)
    ranks = sorted(first_rank.values())[:best]
    gained = sum(1 / log2(1 + max(rank, place)) for place, rank in enumerate(ranks, 1))
    return gained / sum(1 / log2(1 + place) for place in range(1, best + 1))


def ndcg_graded_at(grades: Sequence[float], judged: Sequence[float], k: int) -> float:
    """nDCG@k with graded relevance and linear gain, as ranx ``ndcg@k`` and trec_eval define it; 0 to 1.

    ``grades[i]`` is the grade of result i+1 (0 where unjudged), ``judged`` are the grades of all judged documents.

        DCG@k = Σ_{i=1..k} grades[i-1] / log2(1 + i),   nDCG@k = DCG@k / DCG@k of the judged grades sorted downwards

    Edge rule: with no grade above 0 the ideal is 0 and the value is 0.

    >>> ndcg_graded_at([1, 2], [2, 1], k=2) < ndcg_graded_at([2, 1], [2, 1], k=2)
    True
    """
    ideal = _dcg(sorted(judged, reverse=True)[:k])
    return _dcg(grades[:k]) / ideal if ideal > 0 else 0.0


def _dcg(grades: Sequence[float]) -> float:
    return sum(grade / log2(1 + rank) for rank, grade in enumerate(grades, 1))
