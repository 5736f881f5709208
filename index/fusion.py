"""One ranking out of two: passages found by meaning and passages found by words."""

from __future__ import annotations

from collections.abc import Sequence

RECIPROCAL_RANK_K = 60
"""Cormack, Clarke & Büttcher 2009: the constant that keeps a single first place from deciding everything."""


def reciprocal_ranks(rankings: Sequence[Sequence[int]], weights: Sequence[float]) -> dict[int, float]:
    """A score for every row in any ranking: the sum of ``weight / (60 + rank)``, rank from 1. Higher is better."""
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, row in enumerate(ranking, 1):
            scores[row] = scores.get(row, 0.0) + weight / (RECIPROCAL_RANK_K + rank)
    return scores
