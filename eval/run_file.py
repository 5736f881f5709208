"""Runs as JSON: what ``policyqa eval --json`` prints, what ``--compare`` reads, what a stopped run goes on from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.errors import RunFileError
from eval.metrics.bootstrap import Interval
from eval.outcome import Expected, Fact, Outcome, Run, Shown
from eval.summary import Slice, Summary, summarize

FORMAT = "policyqa-run/1"


def run_json(run: Run) -> dict[str, Any]:
    """The run as JSON: figures first, then one trace a question under ``items``."""
    summary = summarize(run.outcomes)
    return {
        "format": FORMAT,
        "system": run.system,
        "set": {"name": run.set_name, "sha256": run.set_hash, "questions": summary.count},
        "store": run.store,
        "started_at": run.started_at,
        "seconds": run.seconds,
        **summary_json(summary),
        "problems": list(run.problems),
        "items": [outcome_json(outcome) for outcome in run.outcomes],
    }


def summary_json(summary: Summary) -> dict[str, Any]:
    """The figures: ``scores`` (means), ``intervals`` (95 %), ``refusals``, ``latency_ms``, ``slices`` (worst first)."""
    refusals = summary.refusals
    return {
        "scores": {name: _rounded(interval.mean) for name, interval in summary.measures.items()}
        | {
            "refusal_precision": _rounded(refusals.precision),
            "refusal_recall": _rounded(refusals.recall),
            "ece": _rounded(summary.ece),
        },
        "intervals": {name: _interval(interval) for name, interval in summary.measures.items()},
        "refusals": asdict(refusals),
        "latency_ms": {s.stage: {"p50": s.p50_ms, "p95": s.p95_ms} for s in summary.latency},
        "slices": {by: [_slice(s) for s in summary.slices_by(by)] for by in ("half", "type", "lang", "document")},
        "worst_slice": _slice(summary.worst) if summary.worst else None,
        "why": summary.why,
        "calibration": [asdict(b) for b in summary.calibration],
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One trace as JSON; `outcome_from_json` gives it back."""
    return asdict(outcome)


def outcome_from_json(raw: dict[str, Any]) -> Outcome:
    """The trace that `outcome_json` wrote. Raises KeyError or TypeError where it is none."""
    fields = dict(raw)
    fields["history"] = tuple(raw["history"])
    fields["expected"] = tuple(Expected(**e) for e in raw["expected"])
    fields["retrieved"] = tuple(_shown(s) for s in raw["retrieved"])
    fields["cited"] = tuple(_shown(s) for s in raw["cited"])
    fields["facts"] = tuple(Fact(**f) for f in raw["facts"])
    fields["documents"] = tuple(raw["documents"])
    fields["why"] = tuple(raw["why"])
    return Outcome(**fields)


def write_run(path: Path, run: Run) -> None:
    """Saves a run; what stood there before is replaced only once the new file is whole."""
    partial = path.with_name(path.name + ".new")
    partial.write_text(json.dumps(run_json(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def read_run(path: Path) -> Run:
    """A saved run. Raises RunFileError, naming the file, where it is missing or no saved run."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            msg = f"{path} has format {raw['format']!r}, this program reads {FORMAT!r}"
            raise RunFileError(msg)
        return Run(
            system=raw["system"],
            set_name=raw["set"]["name"],
            set_hash=raw["set"]["sha256"],
            store=raw["store"],
            started_at=raw["started_at"],
            seconds=raw["seconds"],
            outcomes=tuple(outcome_from_json(item) for item in raw["items"]),
            problems=tuple(raw["problems"]),
        )
    except OSError as error:
        msg = f"{path} cannot be read ({error.strerror or error})"
        raise RunFileError(msg) from error
    except (ValueError, KeyError, TypeError) as error:
        msg = f"{path} is not a run saved by policyqa eval --save ({type(error).__name__}: {error})"
        raise RunFileError(msg) from error


class Checkpoint:
    """Outcomes of a run in progress, one JSON line each, beside the file that the finished run will be saved to.

    ``key`` names what is asked of what (set hash, store generation, encoder, system); lines of another key are not
    taken over.
    """

    def __init__(self, target: Path, key: str) -> None:
        self.path = target.with_name(target.name + ".part")
        self._key = key

    def outcomes(self) -> tuple[Outcome, ...]:
        """What an earlier run with the same key got done; a line cut short by a crash is left out."""
        if not self.path.is_file():
            return ()
        lines = self.path.read_text(encoding="utf-8").split("\n")
        if lines[0] != self._key:
            self.path.unlink()
            return ()
        if lines[-1]:  # cut short by a crash; what is kept next must begin on a line of its own
            self.path.write_text("".join(line + "\n" for line in lines[:-1]), encoding="utf-8")
        return tuple(outcome_from_json(json.loads(line)) for line in lines[1:-1])

    def keep(self, outcome: Outcome) -> None:
        """Adds one outcome."""
        if not self.path.is_file():
            self.path.write_text(self._key + "\n", encoding="utf-8")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(outcome_json(outcome), ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Takes the checkpoint away once the run is saved."""
        self.path.unlink(missing_ok=True)


def _shown(raw: dict[str, Any]) -> Shown:
    return Shown(**{**raw, "path": tuple(raw["path"]), "touches": tuple(raw["touches"])})


def _interval(interval: Interval) -> dict[str, float | int]:
    return {
        "mean": round(interval.mean, 4),
        "low": round(interval.low, 4),
        "high": round(interval.high, 4),
        "count": interval.count,
    }


def _slice(part: Slice) -> dict[str, Any]:
    scores = {name: _interval(interval) for name, interval in part.measures.items()}
    return {"by": part.by, "value": part.value, "count": part.count, "scores": scores}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
