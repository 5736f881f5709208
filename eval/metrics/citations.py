"""Citation precision, recall and first citation, judged by gold."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet


def citation_precision(touched: Sequence[AbstractSet[int]]) -> float | None:
    """Share of an answer's citations that touch gold or an alternative, 0 to 1.

    ``touched[i]`` holds the gold entries that citation i+1 touches; empty for one that touches none.

        precision = |{ i : touched[i] ≠ ∅ }| / |citations|

    Edge rule: an answer without citations (a refusal) has no precision: None, left out of means.

    >>> citation_precision([{0}, set()]), citation_precision([])
    (0.5, None)
    """
    if not touched:
        return None
    return sum(1 for entries in touched if entries) / len(touched)


def citation_recall(touched: Sequence[AbstractSet[int]], entries: int) -> float:
    """Share of gold entries touched by some citation, 0 to 1.

        recall = |touched[0] ∪ touched[1] ∪ …| / entries

    Edge rules: no citation (a refusal of a question that has an answer) gives 0; with no gold entry the measure is not
    defined and ValueError is raised.

    >>> citation_recall([{0}, {0}], entries=2)
    0.5
    """
    if entries < 1:
        msg = "citation recall is not defined without gold entries"
        raise ValueError(msg)
    return len(set().union(*touched)) / entries


def first_citation(touched: Sequence[AbstractSet[int]]) -> float:
    """1.0 where the first citation touches gold or an alternative, else 0.0; a refusal gives 0.0.

    >>> first_citation([{1}, set()]), first_citation([set(), {0}])
    (1.0, 0.0)
    """
    return float(bool(touched) and bool(touched[0]))
