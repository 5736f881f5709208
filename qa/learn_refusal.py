"""Calibrates refusing: ``python -m qa.learn_refusal --set STORE QUESTIONS [HALF] --set …``.

Over each set's store, its own questions are asked, answerable and not; every answerable one again with what answers it
withheld (``clause``) and with that clause's document withheld (``document``), which leaves the nearest misses there
are; and every other set's answerable ones (``foreign``), which that store cannot answer. What the rules for near misses
do not catch is told apart by a logistic curve over `qa.support.support`, whose evidence may only speak for answering
(``numeric`` and ``no_total`` only against): two curves, with what the reader says and without. Writes
``qa/data/refusal.json``, and prints risk and coverage: once as fitted, once with each gold document's questions left
out of the fit that judges them. Those figures choose where each curve refuses; it is then moved so that both do at the
same confidence.
"""

from __future__ import annotations

import argparse
import json
import math
import zlib
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.protocol import PolicyStore
from index.reranker import Reranker
from index.store import Store
from index.types import Filters
from qa.conversation import understand_turn
from qa.features import Candidate
from qa.gather import gather
from qa.learning import Lesson, lessons
from qa.library import Library, Shelf
from qa.order import in_order
from qa.plan import Plan, make_plan
from qa.question import Asked
from qa.rank import Ranked, rank
from qa.reader import Reader
from qa.refuse import missing_label, near_miss
from qa.second_look import look_again
from qa.support import reading, support
from qa.withholding import says_all, withheld

FILE = Path(__file__).parent / "data" / "refusal.json"
_AGAINST = ("numeric", "no_total")
_SHARES = {"yes": 1.0, "near": 0.3, "clause": 0.4, "document": 0.2, "foreign": 0.1}
"""What each kind of question weighs in sum. Real near misses are few and count the most by far."""
_STEPS, _RATE, _PENALTY = 3000, 0.5, 0.02
_FOLDS = 6
_FOREIGN = 120
"""About how many of another set's questions are asked of a store."""


@dataclass(frozen=True, slots=True)
class Row:
    """The evidence for one question, what kind of question it is, and the fold that its gold document falls into."""

    evidence: dict[str, float]
    kind: str
    fold: int


def evidence(store: PolicyStore, asked_of_it: Sequence[tuple[Lesson, str]]) -> Iterator[Row]:
    """The evidence for each question that no rule refuses; an answerable one that is answered wrongly is left out."""
    shelf = Library(store).shelf()
    reranker = Reranker()
    for lesson, kind in asked_of_it:
        asked = understand_turn(lesson.question, lesson.history, store, shelf, Filters())
        found = gather(asked, store, shelf, Filters())
        fold = _fold(lesson, found)
        tries = [(kind, found)]
        if kind == "yes":
            tries += zip(("clause", "document"), withheld(lesson, asked, found), strict=False)
        for what, candidates in tries:
            reader = Reader(asked, shelf, reranker)
            ranked = in_order(asked, look_again(rank(asked, shelf, candidates), reader), shelf, date.today())
            plan = make_plan(asked, ranked, shelf, reader)
            if not _judged_by_evidence(asked, ranked, plan, shelf):
                continue
            right = any(view.clause.clause_id in lesson.clauses for view in plan.views)
            told = what in ("clause", "document") and says_all(lesson, " ".join(p.text for p in plan.pieces))
            if right == (what == "yes") and not told:
                yield Row(support(asked, ranked, plan, shelf) | reading(ranked, reader), what, fold)


def _judged_by_evidence(asked: Asked, ranked: Sequence[Ranked], plan: Plan, shelf: Shelf) -> bool:
    """Whether neither a rule refuses nor the plan is of a sort that is always shown."""
    if plan.sides or plan.about or plan.absent or ranked[0].candidate.exact:
        return False
    return missing_label(asked, ranked, shelf, Filters()) is None and near_miss(asked, plan, shelf) is None


def _fold(lesson: Lesson, found: Sequence[Candidate]) -> int:
    titles = sorted(c.view.document.title for c in found if c.view.clause.clause_id in lesson.clauses)
    return zlib.crc32((titles[0] if titles else lesson.question).encode()) % _FOLDS


Curve = tuple[dict[str, float], float]


def fit(rows: Sequence[Row], without: Container[str] = ()) -> Curve:
    """Weights by name, and the bias, of the logistic curve that tells ``yes`` from the rest."""
    names = [name for name in rows[0].evidence if name not in without]
    features = np.asarray([[row.evidence[name] for name in names] for row in rows])
    kinds = np.asarray([row.kind for row in rows])
    wanted = (kinds == "yes").astype(float)
    share = np.ones(len(rows))
    for kind, part in _SHARES.items():
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
    parser.add_argument("--threshold", type=float, default=0.16, help="the operating point (default: 0.16)")
    parser.add_argument("--alone", type=float, help="where the curve without a reader refuses (default: --threshold)")
    parser.add_argument("--with-reader", type=float, help="where the other one does; both are moved to --threshold")
    given = parser.parse_args()
    sets = [(Path(s[0]), list(_read(Path(s[0]), Path(s[1]), s[2] if len(s) > 2 else ""))) for s in given.set]
    rows: list[Row] = []
    for i, (folder, own) in enumerate(sets):
        asked_of_it = [(lesson, "yes" if lesson.answerable else "near") for lesson in own]
        for j, (_, foreign) in enumerate(sets):
            if i != j:
                alone = [lesson for lesson in foreign if lesson.answerable and not lesson.history]
                asked_of_it += [(lesson, "foreign") for lesson in alone[:: max(1, len(alone) // _FOREIGN)]]
        with Store.open(folder) as store:
            rows += evidence(store, asked_of_it)
    table: dict[str, object] = {}
    for name, without, point in (("alone", ("read",), given.alone), ("with_reader", (), given.with_reader)):
        weights, bias = fit(rows, without)
        moved = _log_odds(given.threshold) - _log_odds(point or given.threshold)
        table[name] = {"weights": {n: round(w, 4) for n, w in weights.items()}, "bias": round(bias + moved, 4)}
        _report(f"{name}, fitted", rows, [_sure(row, weights, bias) for row in rows])
        fits = [fit([row for row in rows if row.fold != fold], without) for fold in range(_FOLDS)]
        _report(f"{name}, left out", rows, [_sure(row, *fits[row.fold]) for row in rows])
    FILE.write_text(json.dumps({**table, "threshold": given.threshold}, indent=2) + "\n", encoding="utf-8")


def _log_odds(confidence: float) -> float:
    return math.log(confidence / (1 - confidence))


def _sure(row: Row, weights: dict[str, float], bias: float) -> float:
    return float(1 / (1 + np.exp(-(bias + sum(w * row.evidence[n] for n, w in weights.items())))))


def _report(how: str, rows: Sequence[Row], sure: Sequence[float]) -> None:
    kinds = [row.kind for row in rows]
    for threshold in (0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.25, 0.3):
        refused = {
            k: f"{sum(s < threshold and kind == k for s, kind in zip(sure, kinds, strict=True))}/{kinds.count(k)}"
            for k in _SHARES
        }
        print(json.dumps({"confidence": how, "threshold": threshold, "refused": refused}))  # noqa: T201


def _read(folder: Path, questions: Path, half: str) -> list[Lesson]:
    with Store.open(folder) as store:
        return list(lessons(store, questions, half))


if __name__ == "__main__":
    main()
