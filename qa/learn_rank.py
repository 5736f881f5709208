"""Learns the ranking weights: ``python -m qa.learn_rank --set STORE QUESTIONS --set …``.

Every question gives a list of candidates, some of them right; the weights are moved so that the right ones get the
larger share of a softmax over scores (a listwise loss, Cao et al. 2007), and held near the ones set by hand in
``qa/data/rank_weights.json`` by a squared penalty. Writes them there, and prints how often the first clause is right,
also by weights that were learned without the question (five folds).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.protocol import PolicyStore
from index.store import Store
from index.types import Filters
from qa.conversation import understand_turn
from qa.features import NAMES, feature_matrix
from qa.gather import gather
from qa.learning import lessons
from qa.library import Library

Matrix = npt.NDArray[np.float32]
Case = tuple[Matrix, npt.NDArray[np.bool_]]

WEIGHTS_FILE = Path(__file__).parent / "data" / "rank_weights.json"
_STEPS = 400
_FOLDS = 5
_RATE = 0.05


def cases(store: PolicyStore, questions: Path) -> list[Case]:
    """For each answerable question whose answer is among the candidates: their features, and which are right."""
    shelf = Library(store).shelf()
    found: list[Case] = []
    for lesson in lessons(store, questions):
        asked = understand_turn(lesson.question, lesson.history, store, shelf, Filters())
        candidates = gather(asked, store, shelf, Filters())
        right = np.asarray([c.view.clause.clause_id in lesson.clauses for c in candidates], dtype=bool)
        if right.any():
            found.append((feature_matrix(asked, shelf, candidates), right))
    return found


def fit(found: Sequence[Case], prior: npt.NDArray[np.float64], penalty: float) -> npt.NDArray[np.float64]:
    """The weights that rank right candidates first, near ``prior``: Adam on a convex loss, always the same result."""
    features, right, real = _side_by_side(found)
    weights = prior.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        scores = np.where(real, features @ weights.astype(np.float32), -np.inf)
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        target = np.where(right, share, 0.0)
        target /= np.maximum(target.sum(axis=1, keepdims=True), 1e-9)
        gradient = np.tensordot(share - target, features) / len(found) + penalty * (weights - prior)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        weights = weights - _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def _side_by_side(found: Sequence[Case]) -> tuple[Matrix, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """All cases in one table ``[cases, candidates, features]``, which candidates are right, and which are there."""
    shape = (len(found), max(len(right) for _, right in found))
    features = np.zeros((*shape, len(NAMES)), dtype=np.float32)
    right, real = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for i, (matrix, answers) in enumerate(found):
        features[i, : len(answers)] = matrix
        right[i, : len(answers)] = answers
        real[i, : len(answers)] = True
    return features, right, real


def first_right(found: Sequence[Case], weights: npt.NDArray[np.float64]) -> float:
    """The share of cases whose best candidate is right, 0 to 1."""
    firsts = [right[int((features @ weights).argmax())] for features, right in found]
    return float(np.mean(firsts)) if firsts else 0.0


def cross_validated(sets: Sequence[Sequence[Case]], prior: npt.NDArray[np.float64], penalty: float) -> list[float]:
    """`first_right` for each set, every case judged by weights that were learned without its fold."""
    totals = [0.0] * len(sets)
    orders = [np.random.default_rng(0).permutation(len(found)) for found in sets]
    for fold in range(_FOLDS):
        parts = [set(order[fold::_FOLDS].tolist()) for order in orders]
        seen = [c for found, part in zip(sets, parts, strict=True) for i, c in enumerate(found) if i not in part]
        weights = fit(seen, prior, penalty)
        for number, (found, part) in enumerate(zip(sets, parts, strict=True)):
            totals[number] += len(part) * first_right([found[i] for i in sorted(part)], weights)
    return [total / max(1, len(found)) for total, found in zip(totals, sets, strict=True)]


def main() -> None:
    """Learns, writes the file, and prints for each set how often the first clause is right, as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=("STORE", "QUESTIONS"), type=Path)
    parser.add_argument("--penalty", type=float, default=0.005)
    given = parser.parse_args()
    table = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    prior = np.asarray([table["by_hand"][name] for name in NAMES], dtype=np.float64)
    sets: list[list[Case]] = []
    for folder, questions in given.set:
        with Store.open(folder) as store:
            sets.append(cases(store, questions))
    found = [case for one in sets for case in one]
    weights = fit(found, prior, given.penalty)
    table["weights"] = {name: round(float(weight), 3) for name, weight in zip(NAMES, weights, strict=True)}
    table["learned_from"] = {
        "questions": [questions.name for _, questions in given.set],
        "cases": len(found),
        "penalty": given.penalty,
    }
    WEIGHTS_FILE.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    left_out = cross_validated(sets, prior, given.penalty)
    for (_, questions), one, share in zip(given.set, sets, left_out, strict=True):
        line = {"set": questions.name, "cases": len(one), "by_hand": first_right(one, prior), "left_out": share}
        print(json.dumps({**line, "fitted": first_right(one, weights)}))  # noqa: T201


if __name__ == "__main__":
    main()
