"""What the page's evaluation view runs and plots, without knowing this package: reached by its entry point."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.outcome import Outcome, Run
from eval.question_set import bundled_set, load_questions
from eval.run_file import run_json
from eval.runner import Answerer, Progress, run_questions
from eval.summary import Slice, Summary, summarize

if TYPE_CHECKING:
    from index.protocol import PolicyStore

DEFAULT_SET = "samples"


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run with its figures.

    ``summary.measures`` maps a measure to mean, 95 % interval and count; ``summary.slices_by("type")`` gives the
    slices worst first; ``run.outcomes`` are the questions' traces.
    """

    run: Run
    summary: Summary

    @property
    def scores(self) -> dict[str, float]:
        """Means by measure, 0 to 1 (``crag`` -1 to 1)."""
        return {name: interval.mean for name, interval in self.summary.measures.items()}

    @property
    def by_type(self) -> tuple[Slice, ...]:
        """The slices by question type, worst first."""
        return self.summary.slices_by("type")

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The questions whose reply is not what was wanted, in the set's order."""
        return tuple(o for o in self.run.outcomes if not o.right)

    @property
    def latency_ms(self) -> dict[str, tuple[float, float]]:
        """(p50, p95) by stage."""
        return {s.stage: (s.p50_ms, s.p95_ms) for s in self.summary.latency}

    def to_json(self) -> dict[str, Any]:
        """What ``policyqa eval --json`` prints."""
        return run_json(self.run)


class EvaluationService:
    """Runs question sets over a store that is already open."""

    def sets(self) -> dict[str, Path]:
        """The question sets that come with the project, by name."""
        from eval.question_set import BUNDLED

        return {p.stem: p for p in sorted(BUNDLED.glob("*.jsonl")) if "." not in p.stem}

    def run(
        self,
        store: PolicyStore,
        questions_path: Path | None = None,
        progress: Progress | None = None,
        *,
        answerer: Answerer | None = None,
    ) -> RunResult:
        """The set (default: the one about the samples) asked of an assistant over the store.

        ``progress(done, total, question_id)`` is called after each question. ``answerer`` replaces the assistant.
        Raises QuestionFileError for a malformed set, MissingGoldError where the store lacks its documents.
        """
        from eval.opening import describe_store
        from qa.assistant import Assistant

        questions = load_questions(questions_path or bundled_set(DEFAULT_SET))
        run = run_questions(
            answerer or Assistant(store), store, questions, store=describe_store(store), progress=progress
        )
        return RunResult(run, summarize(run.outcomes))
