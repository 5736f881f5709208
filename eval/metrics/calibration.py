"""Expected calibration error: does a stated confidence mean what it says?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Answers whose confidence fell in [low, high): how many, how sure on average, how often right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def calibration_bins(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> tuple[CalibrationBin, ...]:
    """The non-empty ones of ``bins`` equal-width bins over [0, 1]; a confidence of 1 falls in the last.

    Raises ValueError for a confidence outside [0, 1].
    """
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, correct in zip(confidences, right, strict=True):
        if not 0.0 <= confidence <= 1.0:
            msg = f"confidence {confidence} is outside 0 to 1"
            raise ValueError(msg)
        groups[min(int(confidence * bins), bins - 1)].append((confidence, correct))
    return tuple(
        CalibrationBin(
            low=i / bins,
            high=(i + 1) / bins,
            count=len(group),
            confidence=sum(c for c, _ in group) / len(group),
            accuracy=sum(r for _, r in group) / len(group),
        )
        for i, group in enumerate(groups)
        if group
    )


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float | None:
    """ECE over answers, 0 (confidence equals accuracy in every bin) to 1 (Naeini et al. 2015, Guo et al. 2017).

        ECE = Σ_b (n_b / n) · |accuracy_b - confidence_b|,   over equal-width bins b

    Edge rule: None where there is no answer.

    >>> expected_calibration_error([0.9, 0.9], [True, False])
    0.4
    """
    if not confidences:
        return None
    total = len(confidences)
    return sum(b.count / total * abs(b.accuracy - b.confidence) for b in calibration_bins(confidences, right, bins))
