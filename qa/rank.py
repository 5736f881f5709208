"""The order in which clauses are shown: search hits ranked anew by what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.features import NAMES, Candidate, feature_matrix
from qa.library import Shelf
from qa.network import network
from qa.question import Asked
from qa.wordmatch import Matrix


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score (higher is better, comparable within one question) and the features behind it."""

    candidate: Candidate
    score: float
    features: Mapping[str, float]


class Features(Mapping[str, float]):
    """A row of a feature matrix by the names of its columns; few of the rows are ever looked at."""

    __slots__ = ("_matrix", "_row")

    def __init__(self, matrix: Matrix, row: int) -> None:
        self._matrix = matrix
        self._row = row

    def __getitem__(self, name: str) -> float:
        return float(self._matrix[self._row, _COLUMNS[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


_COLUMNS = {name: column for column, name in enumerate(NAMES)}


def rank(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate]) -> list[Ranked]:
    """``candidates``, best first."""
    # some builds of the linear algebra library raise a flag over numbers beside the ones they multiply
    with np.errstate(invalid="ignore"):
        matrix = feature_matrix(asked, shelf, candidates)
        scores = network().scores(matrix)
    order = np.argsort(-scores, kind="stable")
    rows = zip(order.tolist(), scores[order].tolist(), strict=True)
    ranked = [Ranked(candidates[i], worth, Features(matrix, i)) for i, worth in rows]
    return _in_place(ranked) if asked.places else ranked


_ELSEWHERE = 2.5
"""How much better a clause about another place may score and still come after one about the place that is asked."""
_LEVEL = 0.5


def _in_place(ranked: list[Ranked]) -> list[Ranked]:
    """``ranked``, but a clause about another place than the one asked about comes after the best one about that.

    Of those that are level with it, the deepest in the outline: the place's own heading is level with what it heads.
    """
    here = next((one for one in ranked if one.features["region"] > 0), None)
    if here is None or ranked[0].features["region"] >= 0 or ranked[0].candidate.exact:
        return ranked
    if ranked[0].score - here.score > _ELSEWHERE:
        return ranked
    level = [one for one in ranked if one.features["region"] > 0 and here.score - one.score <= _LEVEL]
    first = max(level, key=lambda one: len(one.candidate.view.clause.path))
    return [first, *(one for one in ranked if one is not first)]
