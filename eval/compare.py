"""Two runs on the same questions: which figures differ by more than luck, and which questions flipped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from eval.errors import RunFileError
from eval.metrics.significance import PairedTest, paired_randomization
from eval.outcome import Outcome, Run
from eval.summary import MEASURES

if TYPE_CHECKING:
    from rich.console import Console

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in both runs over the questions where both define it, with the paired test of B against A."""

    name: str
    first: float
    second: float
    test: PairedTest

    @property
    def significant(self) -> bool:
        """Whether the chance of such a difference between like systems is below 5 % (for this one measure alone)."""
        return self.test.p_value < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that is right in one run and wrong in the other."""

    id: str
    question: str
    type: str
    mended: bool
    """True where A was wrong and B is right."""
    why: tuple[str, ...]
    """What went wrong in the run that got it wrong."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run B against run A. ``common`` questions were compared; ``warnings`` say what else differs."""

    first: Run
    second: Run
    common: int
    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The comparison without the runs' traces."""
        return {
            "first": _named(self.first),
            "second": _named(self.second),
            "common": self.common,
            "differences": [
                {"name": d.name, "first": d.first, "second": d.second, "significant": d.significant, **asdict(d.test)}
                for d in self.differences
            ],
            "flips": [asdict(flip) for flip in self.flips],
            "warnings": list(self.warnings),
        }


def compare_runs(first: Run, second: Run) -> Comparison:
    """Compares by question id. Raises RunFileError where the runs have no question in common."""
    mine = {o.id: o for o in first.outcomes}
    theirs = {o.id: o for o in second.outcomes}
    pairs = [(mine[i], theirs[i]) for i in mine if i in theirs and mine[i].question == theirs[i].question]
    if not pairs:
        msg = f"the runs have no question in common: {first.set_name} and {second.set_name}"
        raise RunFileError(msg)
    warnings = []
    if first.set_hash != second.set_hash:
        left = len(mine) + len(theirs) - 2 * len(pairs)
        warnings.append(f"the question sets differ; {len(pairs)} common questions are compared, {left} left out")
    differences = [_difference(name, pairs) for name in MEASURES]
    flips = [_flip(a, b) for a, b in pairs if a.right != b.right]
    return Comparison(
        first,
        second,
        len(pairs),
        tuple(d for d in differences if d is not None),
        tuple(sorted(flips, key=lambda flip: flip.mended)),
        tuple(warnings),
    )


def print_comparison(comparison: Comparison, console: Console) -> None:
    """The comparison as tables: measures, then the questions that flipped, newly wrong ones first."""
    from rich.table import Table

    for warning in comparison.warnings:
        console.print(f"! {warning}", markup=False)
    table = Table(title=f"B - A, {comparison.common} questions", title_justify="left")
    for name in ("measure", "A", "B", "difference", "p", "differing"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for d in comparison.differences:
        mark = " *" if d.significant else ""
        cells = (f"{d.first:.3f}", f"{d.second:.3f}", f"{d.test.difference:+.3f}{mark}", f"{d.test.p_value:.3f}")
        table.add_row(d.name, *cells, f"{d.test.differing}/{d.test.count}")
    console.print(table)
    for flip in comparison.flips:
        sign = "A wrong, B right" if flip.mended else "A right, B wrong"
        console.print(f"{sign}  {flip.id} ({flip.type}) {flip.question} [{', '.join(flip.why)}]", markup=False)


def _difference(name: str, pairs: list[tuple[Outcome, Outcome]]) -> Difference | None:
    both = [(a.measures[name], b.measures[name]) for a, b in pairs if name in a.measures and name in b.measures]
    if not both:
        return None
    first, second = [a for a, _ in both], [b for _, b in both]
    test = paired_randomization(first, second)
    return Difference(name, sum(first) / len(first), sum(second) / len(second), test)


def _flip(first: Outcome, second: Outcome) -> Flip:
    wrong = first if second.right else second
    return Flip(first.id, first.question, first.type, second.right, wrong.why)


def _named(run: Run) -> dict[str, Any]:
    return {"system": run.system, "set": run.set_name, "started_at": run.started_at, "store": run.store}
