"""Latency percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The percentile by linear interpolation between closest ranks (numpy's default), in the unit of the values.

        position = percent / 100 · (n - 1);  between the values at ⌊position⌋ and ⌊position⌋ + 1 of the sorted list

    Edge rules: None where there is no value; ValueError for a percent outside 0 to 100.

    >>> percentile([10.0, 20.0, 30.0, 40.0], 50)
    25.0
    """
    if not 0 <= percent <= 100:
        msg = f"percentile {percent} is outside 0 to 100"
        raise ValueError(msg)
    if not values:
        return None
    ordered = sorted(values)
    position = percent / 100 * (len(ordered) - 1)
    below = floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
