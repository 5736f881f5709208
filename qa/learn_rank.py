"""Learns the ranking weights: ``python -m qa.learn_rank --set STORE QUESTIONS --set …``.

Every question gives a list of candidates, some of them right; the weights are moved so that the right ones get the
larger share of a softmax over scores (a listwise loss, Cao et al. 2007), and held near the ones set by hand in
``qa/data/rank_weights.json`` by a squared penalty; then a hidden layer is learned on top. Writes both.
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
from qa.hidden import Hidden
from qa.learn_hidden import fit_hidden
from qa.learning import lessons
from qa.library import Library

Matrix = npt.NDArray[np.float32]
Case = tuple[Matrix, npt.NDArray[np.bool_]]

WEIGHTS_FILE = Path(__file__).parent / "data" / "rank_weights.json"
HIDDEN_FILE = Path(__file__).parent / "data" / "rank_hidden.npz"
_STEPS = 400
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
    weights = prior.copy()
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = penalty * (weights - prior)
        for features, right in found:
            scores = features @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            target = np.where(right, share, 0.0)
            target /= max(float(target.sum()), 1e-9)
            gradient = gradient + (share - target) @ features / len(found)
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        weights = weights - _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def mean_reciprocal_rank(found: Sequence[Case], weights: npt.NDArray[np.float64], layer: Hidden | None = None) -> float:
    """The mean of 1 / rank of the first right candidate, 0 to 1 (higher is better)."""
    ranks = []
    for features, right in found:
        scores = features @ weights + (layer.correct(features) if layer is not None else 0.0)
        ranks.append(int(right[np.argsort(-scores, kind="stable")].argmax()) + 1)
    return float(np.mean([1 / rank for rank in ranks])) if ranks else 0.0


def main() -> None:
    """Learns, writes the file, and prints the mean reciprocal rank before and after as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", required=True, metavar=("STORE", "QUESTIONS"), type=Path)
    parser.add_argument("--penalty", type=float, default=0.005)
    given = parser.parse_args()
    table = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    prior = np.asarray([table["by_hand"][name] for name in NAMES], dtype=np.float64)
    HIDDEN_FILE.unlink(missing_ok=True)  # it was learned for the features and weights of before
    found: list[Case] = []
    for folder, questions in given.set:
        with Store.open(folder) as store:
            found += cases(store, questions)
    weights = fit(found, prior, given.penalty)
    table["weights"] = {name: round(float(weight), 3) for name, weight in zip(NAMES, weights, strict=True)}
    table["learned_from"] = {
        "questions": [questions.name for _, questions in given.set],
        "cases": len(found),
        "penalty": given.penalty,
    }
    WEIGHTS_FILE.write_text(json.dumps(table, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    layer = fit_hidden(found, np.round(weights, 3))
    layer.save(HIDDEN_FILE)
    before, after = mean_reciprocal_rank(found, prior), mean_reciprocal_rank(found, weights, layer)
    print(json.dumps({"cases": len(found), "mrr_by_hand": round(before, 3), "mrr": round(after, 3)}))  # noqa: T201


if __name__ == "__main__":
    main()
