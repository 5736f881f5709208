"""Is the difference between two runs on the same questions more than luck?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

EXACT_UP_TO = 16
DRAWS = 20_000
SEED = 20211


@dataclass(frozen=True, slots=True)
class PairedTest:
    """The mean difference B - A, the chance of one as large if A and B were alike, and how many pairs differ."""

    difference: float
    p_value: float
    differing: int
    count: int


def paired_randomization(
    first: Sequence[float], second: Sequence[float], *, draws: int = DRAWS, seed: int = SEED
) -> PairedTest:
    """Fisher's paired randomization test, two-sided (Smucker et al. 2007).

    If the systems were alike, each question's difference d_q could as well have the other sign:

        p = P( |Σ s_q d_q| >= |Σ d_q| ),  s_q = ±1 independently

    Counted exactly over all sign patterns where at most 16 questions differ, else estimated from seeded draws as
    (1 + exceeding) / (1 + draws), which is never 0. For measures that are 0 or 1 this is McNemar's exact test.
    Edge rules: no differing question gives p = 1; sequences of unequal length raise ValueError, as do empty ones.

    >>> paired_randomization([0, 0, 0, 0], [1, 1, 1, 1]).p_value
    0.125
    """
    import numpy as np

    if len(first) != len(second) or not first:
        msg = f"a paired test needs the same questions in both runs, got {len(first)} and {len(second)}"
        raise ValueError(msg)
    differences = np.asarray(second, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    differing = differences[np.abs(differences) > 1e-12]
    mean = float(differences.mean())
    if differing.size == 0:
        return PairedTest(mean, 1.0, 0, len(first))
    observed = abs(differing.sum()) - 1e-9
    if differing.size <= EXACT_UP_TO:
        patterns = (np.arange(2**differing.size)[:, None] >> np.arange(differing.size)) & 1
        sums = np.abs((2 * patterns - 1) @ differing)
        return PairedTest(mean, float((sums >= observed).mean()), int(differing.size), len(first))
    signs = np.random.default_rng(seed).integers(0, 2, size=(draws, differing.size)) * 2 - 1
    exceeding = int((np.abs(signs @ differing) >= observed).sum())
    return PairedTest(mean, (1 + exceeding) / (1 + draws), int(differing.size), len(first))
