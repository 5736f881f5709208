"""``--require`` gates: figures that a run must reach, for use in continuous integration."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.errors import GateError
from eval.summary import MEASURES, Summary

KNOWN = (*MEASURES, "refusal_precision", "refusal_recall", "ece", "p50_ms", "p95_ms")
LOWER_IS_BETTER = frozenset(("false_refusal", "ece", "p50_ms", "p95_ms"))
_GATE = re.compile(r"^\s*([a-z_0-9]+)\s*(>=|<=|=)\s*([0-9]*\.?[0-9]+)\s*$")


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one figure: at least ``bound``, or at most where ``at_most``."""

    name: str
    bound: float
    at_most: bool


def parse_gate(text: str) -> Gate:
    """The gate that ``hit5=.9``, ``ece<=0.1`` or ``p95_ms=300`` spells.

    ``=`` means at least, and at most for figures that are better when lower (false_refusal, ece, milliseconds).
    Raises GateError for another form or a figure that is not in `KNOWN`.
    """
    found = _GATE.match(text)
    if not found:
        msg = f"--require {text!r} is not of the form name=number, such as hit5=.9 or false_refusal<=.1"
        raise GateError(msg)
    name, sign, bound = found.groups()
    if name not in KNOWN:
        msg = f"--require {text!r}: {name!r} is not a figure of a run; known are {', '.join(KNOWN)}"
        raise GateError(msg)
    return Gate(name, float(bound), sign == "<=" or (sign == "=" and name in LOWER_IS_BETTER))


def figures(summary: Summary) -> dict[str, float]:
    """The figures that a gate may name: mean measures, refusal ratios, ECE, p50 and p95 of the wall time."""
    found: dict[str, float | None] = {name: interval.mean for name, interval in summary.measures.items()}
    found["refusal_precision"] = summary.refusals.precision
    found["refusal_recall"] = summary.refusals.recall
    found["ece"] = summary.ece
    for stage in summary.latency:
        if stage.stage == "wall":
            found["p50_ms"], found["p95_ms"] = stage.p50_ms, stage.p95_ms
    return {name: value for name, value in found.items() if value is not None}


def failures(gates: Sequence[Gate], have: Mapping[str, float]) -> tuple[str, ...]:
    """One sentence for each gate that the figures miss, in the gates' order.

    A figure that the run does not define (refusals where every question is answerable) misses its gate.
    """
    missed = []
    for gate in gates:
        if gate.name not in have:
            missed.append(f"{gate.name} is not defined for this question set")
            continue
        value = have[gate.name]
        if (value > gate.bound) if gate.at_most else (value < gate.bound):
            wanted = "at most" if gate.at_most else "at least"
            missed.append(f"{gate.name} is {value:.4g}, {wanted} {gate.bound:.4g} was required")
    return tuple(missed)
