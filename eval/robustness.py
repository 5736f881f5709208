"""How much is lost when the same questions are asked otherwise, with intervals of the differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from eval.corpus import CachedCorpus, Corpus
from eval.metrics.bootstrap import Interval, bootstrap_interval
from eval.metrics.significance import paired_randomization
from eval.outcome import Outcome
from eval.perturb import VIEWS, perturbed
from eval.question import QuestionSet
from eval.runner import Answerer, Progress, run_questions

if TYPE_CHECKING:
    from rich.console import Console

MEASURES = ("right", "hit1", "hit5", "hit10", "first_citation", "citation_recall", "facts", "false_refusal", "refused")


@dataclass(frozen=True, slots=True)
class Delta:
    """A measure's mean as first asked and under the view, over the same questions, and the interval of the change."""

    name: str
    before: float
    after: float
    change: Interval
    p_value: float


@dataclass(frozen=True, slots=True)
class View:
    """One way of asking otherwise: how many questions it applies to, the changes, and which questions it broke."""

    name: str
    count: int
    deltas: tuple[Delta, ...]
    broken: tuple[tuple[str, str], ...]
    """(id, question as asked) where the answer was right before and is not under the view."""

    def to_json(self) -> dict[str, Any]:
        """The view as JSON."""
        broken = [{"id": i, "question": q} for i, q in self.broken]
        return {"view": self.name, "count": self.count, "deltas": [asdict(d) for d in self.deltas], "broken": broken}


def measure_robustness(
    answerer: Answerer,
    corpus: Corpus,
    questions: QuestionSet,
    written: dict[tuple[str, str], str],
    *,
    views: Sequence[str] = VIEWS,
    progress: Progress | None = None,
    allow_missing: bool = False,
) -> tuple[View, ...]:
    """The set as it stands, then each view over the questions it applies to; views that apply to none are left out."""
    cached = CachedCorpus(corpus)
    sets = {view: _asked(questions, view, written) for view in views}
    total = len(questions) + sum(len(s) for s in sets.values())
    done = 0

    def told(number: int, _: int | None, label: str) -> None:
        if progress is not None:
            progress(done + number, total, label)

    base = run_questions(answerer, cached, questions, progress=told, allow_missing=allow_missing)
    done += len(questions)
    before = {outcome.id: outcome for outcome in base.outcomes}
    found = []
    for view, asked in sets.items():
        if len(asked):
            run = run_questions(answerer, cached, asked, progress=told, allow_missing=allow_missing)
            found.append(_view(view, [(before[o.id], o) for o in run.outcomes]))
            done += len(asked)
    return tuple(found)


def _asked(questions: QuestionSet, view: str, written: dict[tuple[str, str], str]) -> QuestionSet:
    changed = [perturbed(question, view, written) for question in questions.questions]
    return replace(questions, questions=tuple(q for q in changed if q is not None))


def _view(name: str, pairs: Sequence[tuple[Outcome, Outcome]]) -> View:
    deltas = [_delta(measure, pairs) for measure in MEASURES]
    broken = tuple((after.id, after.question) for before, after in pairs if before.right and not after.right)
    return View(name, len(pairs), tuple(d for d in deltas if d is not None), broken)


def _delta(name: str, pairs: Sequence[tuple[Outcome, Outcome]]) -> Delta | None:
    both = [(a.measures[name], b.measures[name]) for a, b in pairs if name in a.measures and name in b.measures]
    change = bootstrap_interval([b - a for a, b in both])
    if change is None:
        return None
    before, after = [a for a, _ in both], [b for _, b in both]
    test = paired_randomization(before, after)
    return Delta(name, sum(before) / len(before), sum(after) / len(after), change, test.p_value)


def print_robustness(views: Sequence[View], console: Console) -> None:
    """A table of changes, one row a view; a star marks p < .05."""
    from rich.table import Table

    table = Table(title="change against the set as it stands [95 % interval]", title_justify="left")
    for column in ("view", "n", *("right", "hit5", "citation_recall", "facts", "false_refusal")):
        table.add_column(column, justify="left" if column == "view" else "right")
    for view in views:
        deltas = {d.name: d for d in view.deltas}
        cells = [_cell(deltas.get(name)) for name in ("right", "hit5", "citation_recall", "facts", "false_refusal")]
        table.add_row(view.name, str(view.count), *cells)
    console.print(table)


def _cell(delta: Delta | None) -> str:
    if delta is None:
        return "–"
    star = "*" if delta.p_value < 0.05 else ""
    return f"{delta.change.mean:+.3f}{star} ({delta.change.low:+.2f}…{delta.change.high:+.2f})"
