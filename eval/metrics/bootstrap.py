"""Confidence intervals by resampling questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 2000
SEED = 20210


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds of its 95 % interval, over ``count`` questions."""

    mean: float
    low: float
    high: float
    count: int


def bootstrap_interval(
    values: Sequence[float], *, level: float = 0.95, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval | None:
    """The percentile bootstrap interval of the mean (Efron 1979): questions drawn with replacement, mean of each draw.

        [low, high] = the (1-level)/2 and (1+level)/2 quantiles of the resampled means

    Deterministic for a seed. Edge rules: None where there is no value; one value, or equal values, give an interval of
    no width (which says nothing of its uncertainty: mind ``count``).
    """
    import numpy as np

    if not values:
        return None
    data = np.asarray(values, dtype=np.float64)
    if data.min() == data.max():
        return Interval(float(data[0]), float(data[0]), float(data[0]), len(values))
    draws = np.random.default_rng(seed).integers(0, len(data), size=(resamples, len(data)))
    means = data[draws].mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(data.mean()), float(low), float(high), len(values))
