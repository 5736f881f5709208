"""From outcomes to figures: means with intervals, slices with the worst first, refusals, calibration, latency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eval.metrics.bootstrap import Interval, bootstrap_interval
from eval.metrics.calibration import CalibrationBin, calibration_bins, expected_calibration_error
from eval.metrics.latency import percentile
from eval.metrics.refusals import RefusalCounts, count_refusals
from eval.outcome import Outcome

MEASURES = (
    "right",
    "hit1",
    "hit3",
    "hit5",
    "hit10",
    "recall5",
    "recall10",
    "mrr10",
    "ndcg10",
    "first_citation",
    "citation_precision",
    "citation_recall",
    "alce_precision",
    "alce_recall",
    "literal",
    "numbers",
    "facts",
    "complete",
    "refused",
    "false_refusal",
    "crag",
)
"""Per-question measures in the order in which they are reported."""

SLICE_MEASURES = ("right", "hit1", "hit5", "hit10", "first_citation", "citation_precision", "citation_recall", "facts")
_WEAKEST_FIRST = "right"


@dataclass(frozen=True, slots=True)
class Slice:
    """The questions that share a value (type = number), with their means; absent where a measure is not defined."""

    by: str
    value: str
    count: int
    measures: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Milliseconds of one stage over all questions; ``wall`` is what the caller waited."""

    stage: str
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a report states about a run. ``slices`` stand worst first within each ``by``."""

    count: int
    measures: dict[str, Interval]
    refusals: RefusalCounts
    ece: float | None
    calibration: tuple[CalibrationBin, ...]
    latency: tuple[StageLatency, ...]
    slices: tuple[Slice, ...]
    why: dict[str, int]

    def slices_by(self, by: str) -> tuple[Slice, ...]:
        """The slices of one sort (``type``, ``lang``, ``document``, ``half``), worst first."""
        return tuple(s for s in self.slices if s.by == by)

    @property
    def worst(self) -> Slice | None:
        """The worst slice by type, language or document that holds at least three questions."""
        named = [s for s in self.slices if s.by != "half" and s.count >= 3]
        return min(named, key=lambda s: s.measures[_WEAKEST_FIRST].mean, default=None)


def summarize(outcomes: Sequence[Outcome]) -> Summary:
    """The figures of a run. Raises ValueError where there is no outcome."""
    if not outcomes:
        msg = "a run without questions has no summary"
        raise ValueError(msg)
    answers = [o for o in outcomes if o.kind == "answer"]
    confidences = [min(1.0, max(0.0, o.confidence)) for o in answers]
    right = [o.right for o in answers]
    reasons = [reason for o in outcomes for reason in o.why]
    return Summary(
        count=len(outcomes),
        measures=_means(outcomes, MEASURES),
        refusals=count_refusals([o.answerable for o in outcomes], [o.kind == "refusal" for o in outcomes]),
        ece=expected_calibration_error(confidences, right),
        calibration=calibration_bins(confidences, right),
        latency=_latency(outcomes),
        slices=(
            *_slices(outcomes, "type", lambda o: (o.type,)),
            *_slices(outcomes, "lang", lambda o: (o.lang,)),
            *_slices(outcomes, "document", lambda o: o.documents),
            *_slices(outcomes, "half", lambda o: (o.half,)),
        ),
        why={reason: reasons.count(reason) for reason in dict.fromkeys(sorted(reasons))},
    )


def _means(outcomes: Iterable[Outcome], names: Sequence[str]) -> dict[str, Interval]:
    values = {name: [o.measures[name] for o in outcomes if name in o.measures] for name in names}
    found = {name: bootstrap_interval(numbers) for name, numbers in values.items()}
    return {name: interval for name, interval in found.items() if interval is not None}


def _slices(outcomes: Sequence[Outcome], by: str, values_of: Callable[[Outcome], tuple[str, ...]]) -> tuple[Slice, ...]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for value in values_of(outcome):
            groups.setdefault(value, []).append(outcome)
    slices = [Slice(by, value, len(group), _means(group, SLICE_MEASURES)) for value, group in groups.items()]
    return tuple(sorted(slices, key=lambda s: (s.measures[_WEAKEST_FIRST].mean, -s.count)))


def _latency(outcomes: Sequence[Outcome]) -> tuple[StageLatency, ...]:
    stages = dict.fromkeys(stage for o in outcomes for stage in o.timings_ms)
    found = []
    for stage in stages:
        values = [o.timings_ms[stage] for o in outcomes if stage in o.timings_ms]
        p50, p95 = percentile(values, 50), percentile(values, 95)
        if p50 is not None and p95 is not None:
            found.append(StageLatency(stage, round(p50, 3), round(p95, 3)))
    return tuple(found)
