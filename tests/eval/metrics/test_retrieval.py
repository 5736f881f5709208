from __future__ import annotations

from math import log2

import pytest

from eval.metrics.hit import hit_at
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg_at, ndcg_graded_at
from eval.metrics.recall import recall_at

NONE: frozenset[int] = frozenset()


def test_a_hit_needs_every_gold_entry() -> None:
    touched = [{0}, NONE, {0}, {1}]
    assert hit_at(touched, 2, 3) == 0.0
    assert hit_at(touched, 2, 4) == 1.0
    assert hit_at(touched, 1, 1) == 1.0


def test_a_hit_judges_a_short_list_as_it_is() -> None:
    assert hit_at([], 1, 10) == 0.0
    assert hit_at([{0}], 1, 10) == 1.0


def test_recall_counts_each_entry_once() -> None:
    assert recall_at([{0}, {0}, {2}], 3, 2) == pytest.approx(1 / 3)
    assert recall_at([{0}, {0}, {2}], 3, 3) == pytest.approx(2 / 3)


def test_the_reciprocal_rank_is_of_the_first_helpful_result() -> None:
    assert reciprocal_rank([NONE, NONE, {1}, {0}]) == pytest.approx(1 / 3)
    assert reciprocal_rank([NONE, NONE, {1}], k=2) == 0.0
    assert reciprocal_rank([]) == 0.0


def test_ndcg_by_hand() -> None:
    # entries at ranks 1 and 3; ideal ranks 1 and 2
    expected = (1 + 1 / log2(4)) / (1 + 1 / log2(3))
    assert ndcg_at([{0}, NONE, {1}], 2, 10) == pytest.approx(expected)
    assert ndcg_at([NONE, NONE], 2, 10) == 0.0


def test_ndcg_stays_within_one_where_one_result_holds_all() -> None:
    assert ndcg_at([{0, 1, 2}], 3, 10) == pytest.approx(
        (1 + 1 / log2(3) + 1 / log2(4)) / (1 + 1 / log2(3) + 1 / log2(4))
    )


def test_ndcg_ideal_is_cut_at_k() -> None:
    assert ndcg_at([{0}, {1}], 5, 2) == pytest.approx(1.0)


def test_graded_ndcg_by_hand() -> None:
    assert ndcg_graded_at([0, 2], [2, 1], 2) == pytest.approx((2 / log2(3)) / (2 + 1 / log2(3)))
    assert ndcg_graded_at([0, 0], [], 2) == 0.0


@pytest.mark.parametrize("measure", [hit_at, recall_at, ndcg_at])
def test_without_gold_nothing_is_defined(measure: object) -> None:
    with pytest.raises(ValueError, match="not defined"):
        measure([{0}], 0, 5)  # type: ignore[operator]
