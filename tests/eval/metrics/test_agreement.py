"""The measures give what ranx gives where both define them."""

from __future__ import annotations

import random

import pytest

from eval.metrics.hit import hit_at
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg_at, ndcg_graded_at
from eval.metrics.recall import recall_at

DEPTHS = (1, 3, 5, 10)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore")
def test_hit_recall_mrr_and_ndcg_agree_with_ranx() -> None:
    ranx = pytest.importorskip("ranx")
    rng = random.Random(7)
    qrels: dict[str, dict[str, int]] = {}
    runs: dict[str, dict[str, float]] = {}
    for q in range(60):
        pool = [f"d{i}" for i in range(40)]
        judged = rng.sample(pool, rng.choice([1, 1, 2, 3, 6, 12]))
        qrels[f"q{q}"] = {d: rng.choice([1, 2, 3]) if q % 2 else 1 for d in judged}
        ranked = rng.sample(pool, rng.choice([1, 4, 10, 25]))
        runs[f"q{q}"] = {d: 1.0 - i / 100 for i, d in enumerate(ranked)}
    names = [f"{m}@{k}" for m in ("hit_rate", "recall", "mrr", "ndcg") for k in DEPTHS]
    theirs = ranx.evaluate(ranx.Qrels(qrels), ranx.Run(runs), names, return_mean=False)
    for position, q in enumerate(ranx.Qrels(qrels).keys()):
        grades, ranked = qrels[q], sorted(runs[q], key=lambda d: -runs[q][d])
        order = {d: i for i, d in enumerate(grades)}
        touched = [frozenset({order[d]}) if d in grades else frozenset() for d in ranked]
        any_touched = [frozenset({0}) if t else t for t in touched]
        for k in DEPTHS:
            # ranx's hit rate asks for any relevant document, which is ours with all of them in one entry.
            assert hit_at(any_touched, 1, k) == pytest.approx(theirs[f"hit_rate@{k}"][position], abs=1e-9)
            assert recall_at(touched, len(grades), k) == pytest.approx(theirs[f"recall@{k}"][position], abs=1e-9)
            assert reciprocal_rank(touched, k) == pytest.approx(theirs[f"mrr@{k}"][position], abs=1e-9)
            graded = ndcg_graded_at([grades.get(d, 0) for d in ranked], list(grades.values()), k)
            assert graded == pytest.approx(theirs[f"ndcg@{k}"][position], abs=1e-9)
            if set(grades.values()) == {1}:
                assert ndcg_at(touched, len(grades), k) == pytest.approx(theirs[f"ndcg@{k}"][position], abs=1e-9)


def test_percentiles_and_intervals_agree_with_numpy() -> None:
    import numpy as np

    from eval.metrics.latency import percentile

    values = [3.0, 1.0, 41.5, 7.25, 7.25, 2.0]
    for percent in (0, 5, 50, 95, 99, 100):
        assert percentile(values, percent) == pytest.approx(float(np.percentile(values, percent)), abs=1e-12)


def test_the_randomization_test_of_zeros_and_ones_is_mcnemars_exact_test() -> None:
    stats = pytest.importorskip("scipy.stats")
    from eval.metrics.significance import paired_randomization

    first = [1.0] * 9 + [0.0] * 3 + [1.0] * 20
    second = [0.0] * 9 + [1.0] * 3 + [1.0] * 20
    expected = stats.binomtest(3, 12, 0.5).pvalue
    assert paired_randomization(first, second).p_value == pytest.approx(expected, abs=1e-12)
