"""Calibrates refusing: ``python -m qa.learn_refusal --set STORE QUESTIONS [HALF] --set … --threshold 0.25``.

Over each set's store, its own questions are asked, answerable and not, and every other set's answerable ones, which
that store cannot answer. What the rules for near misses do not catch is told apart by a logistic curve over
`qa.support.support`, whose evidence may only speak for answering (``worst`` and ``numeric`` only against). Answerable
questions, near misses and foreign questions weigh the same in sum. Writes ``qa/data/refusal.json``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.protocol import PolicyStore
from index.store import Store
from index.types import Filters
from qa.conversation import understand_turn
from qa.duplicates import prefer_official
from qa.gather import gather
from qa.learning import Lesson, lessons
from qa.library import Library
from qa.penalties import penalty_first
from qa.plan import make_plan
from qa.rank import rank
from qa.refuse import missing_label, near_miss
from qa.support import support

FILE = Path(__file__).parent / "data" / "refusal.json"
_AGAINST = ("worst", "numeric")
_STEPS, _RATE, _PENALTY = 3000, 0.5, 0.02
Row = tuple[dict[str, float], str]


def evidence(store: PolicyStore, asked_of_it: list[tuple[Lesson, str]]) -> list[Row]:
    """The evidence for each question that no rule refuses, with what it is: ``yes``, ``near`` or ``foreign``."""
    shelf = Library(store).shelf()
    rows: list[Row] = []
    for lesson, kind in asked_of_it:
        asked = understand_turn(lesson.question, lesson.history, store, shelf, Filters())
        ranked = rank(asked, shelf, gather(asked, store, shelf, Filters()))
        ranked = penalty_first(asked, prefer_official(ranked), shelf)
        plan = make_plan(asked, ranked, shelf)
        if missing_label(asked, ranked, shelf, Filters()) is None and near_miss(asked, plan, shelf) is None:
            rows.append((support(asked, ranked, plan, shelf), kind))
    return rows


def fit(rows: list[Row]) -> tuple[dict[str, float], float]:
    """Weights by name, and the bias, of the logistic curve that tells ``yes`` from the rest."""
    names = list(rows[0][0])
    features = np.asarray([[row[name] for name in names] for row, _ in rows])
    kinds = np.asarray([kind for _, kind in rows])
    wanted = (kinds == "yes").astype(float)
    share = np.ones(len(rows))
    for kind, part in (("yes", 1.0), ("near", 0.5), ("foreign", 0.5)):
        if (kinds == kind).any():
            share[kinds == kind] = part / (kinds == kind).sum()
    share /= share.sum()
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = (features - mean) / spread
    sign = np.asarray([-1.0 if name in _AGAINST else 1.0 for name in names])
    weights: npt.NDArray[np.float64] = np.zeros(len(names))
    bias = 0.0
    for _ in range(_STEPS):
        error = (1 / (1 + np.exp(-(scaled @ weights + bias))) - wanted) * share
        weights = weights - _RATE * (scaled.T @ error + _PENALTY * weights)
        weights = np.where(weights * sign > 0, weights, 0.0)
        bias -= _RATE * float(error.sum())
    plain = weights / spread
    return dict(zip(names, map(float, plain), strict=True)), bias - float(plain @ mean)


def main() -> None:
    """Calibrates, writes the file, and prints risk and coverage at five thresholds as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs="+", action="append", required=True, metavar="STORE QUESTIONS [HALF]")
    parser.add_argument("--threshold", type=float, default=0.25)
    given = parser.parse_args()
    sets = [(Path(s[0]), list(_read(Path(s[0]), Path(s[1]), s[2] if len(s) > 2 else ""))) for s in given.set]
    rows: list[Row] = []
    for i, (folder, own) in enumerate(sets):
        asked_of_it = [(lesson, "yes" if lesson.answerable else "near") for lesson in own]
        for j, (_, foreign) in enumerate(sets):
            if i != j:
                asked_of_it += [(lesson, "foreign") for lesson in foreign if lesson.answerable and not lesson.history]
        with Store.open(folder) as store:
            rows += evidence(store, asked_of_it)
    weights, bias = fit(rows)
    table = {"weights": {n: round(w, 4) for n, w in weights.items()}, "bias": round(bias, 4)}
    FILE.write_text(json.dumps({**table, "threshold": given.threshold}, indent=2) + "\n", encoding="utf-8")
    sure = np.asarray([1 / (1 + np.exp(-(bias + sum(weights[n] * v for n, v in row.items())))) for row, _ in rows])
    kinds = np.asarray([kind for _, kind in rows])
    for threshold in (0.1, 0.2, 0.25, 0.3, 0.4, 0.5):
        refused = {k: f"{int((sure[kinds == k] < threshold).sum())}/{int((kinds == k).sum())}" for k in set(kinds)}
        print(json.dumps({"threshold": threshold, "refused": refused}))  # noqa: T201


def _read(folder: Path, questions: Path, half: str) -> list[Lesson]:
    with Store.open(folder) as store:
        return list(lessons(store, questions, half))


if __name__ == "__main__":
    main()
