from __future__ import annotations

import pytest

from eval.metrics.bootstrap import bootstrap_interval
from eval.metrics.calibration import calibration_bins, expected_calibration_error
from eval.metrics.latency import percentile
from eval.metrics.significance import paired_randomization


def test_calibration_error_by_hand() -> None:
    # bin [.8,.9): two answers, confidence .8, one right -> gap .3; bin [.2,.3): one answer, wrong -> gap .2
    error = expected_calibration_error([0.8, 0.8, 0.2], [True, False, False])
    assert error == pytest.approx(2 / 3 * 0.3 + 1 / 3 * 0.2)


def test_a_confidence_of_one_falls_in_the_last_bin() -> None:
    (only,) = calibration_bins([1.0], [True])
    assert (only.low, only.high, only.accuracy) == (0.9, 1.0, 1.0)


def test_calibration_edges() -> None:
    assert expected_calibration_error([], []) is None
    with pytest.raises(ValueError, match="outside"):
        expected_calibration_error([1.2], [True])


def test_percentile_edges() -> None:
    assert percentile([], 50) is None
    assert percentile([7.0], 95) == 7.0
    with pytest.raises(ValueError, match="outside"):
        percentile([1.0], 101)


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few = bootstrap_interval([0.0, 1.0] * 10)
    many = bootstrap_interval([0.0, 1.0] * 200)
    assert few is not None
    assert many is not None
    assert few.low < few.mean < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    # the normal approximation for p = .5, n = 400: ±1.96 · .025
    assert many.high - many.mean == pytest.approx(0.049, abs=0.006)


def test_an_interval_is_the_same_each_time() -> None:
    values = [0.2, 0.9, 0.4, 1.0]
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval([]) is None
    constant = bootstrap_interval([1.0, 1.0])
    assert constant is not None
    assert (constant.low, constant.high) == (1.0, 1.0)


def test_equal_runs_do_not_differ() -> None:
    test = paired_randomization([1.0, 0.0], [1.0, 0.0])
    assert (test.p_value, test.differing, test.difference) == (1.0, 0, 0.0)


def test_a_clear_difference_is_significant_and_a_small_one_is_not() -> None:
    assert paired_randomization([0.0] * 40, [1.0] * 40).p_value < 0.001
    assert paired_randomization([0.0, 1.0, 0.0] * 10, [1.0, 0.0, 0.0] * 10).p_value == pytest.approx(1.0)


def test_the_test_needs_pairs() -> None:
    with pytest.raises(ValueError, match="same questions"):
        paired_randomization([1.0], [1.0, 0.0])
