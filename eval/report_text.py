"""A run on the terminal: figures with intervals, slices with the worst first, why questions failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.outcome import Run
from eval.summary import Slice, Summary, summarize

if TYPE_CHECKING:
    from rich.console import Console

_NO_VALUE = "–"
_SLICE_COLUMNS = ("right", "hit1", "hit5", "hit10", "first_citation", "citation_precision", "citation_recall", "facts")


def print_run(run: Run, console: Console) -> None:
    """The run's figures as tables."""
    from rich.table import Table

    summary = summarize(run.outcomes)
    console.print(f"{run.set_name} · {summary.count} questions · {run.system} · {_store(run)} · {run.seconds:.1f} s")
    table = Table(title="指标 / measures", title_justify="left")
    for name in ("measure", "mean", "95 % interval", "n"):
        table.add_column(name, justify="left" if name == "measure" else "right")
    for name, interval in summary.measures.items():
        bounds = f"{interval.low:.3f} – {interval.high:.3f}"
        table.add_row(name, f"{interval.mean:.3f}", bounds, str(interval.count))
    console.print(table)
    console.print(refusal_line(summary))
    console.print(latency_line(summary))
    for by in ("half", "type", "lang", "document"):
        console.print(_slice_table(by, summary.slices_by(by)))
    if summary.why:
        console.print("why: " + ", ".join(f"{name} {count}" for name, count in summary.why.items()))
    for problem in run.problems:
        console.print(f"! {problem}", markup=False)


def refusal_line(summary: Summary) -> str:
    """Refusals in one line: right of all unanswerable, false of all answerable."""
    r = summary.refusals
    return (
        f"refusals: {r.right} of {r.right + r.missed} unanswerable refused, "
        f"{r.false} of {r.false + r.answered} answerable refused; ECE {_number(summary.ece)}"
    )


def latency_line(summary: Summary) -> str:
    """p50 / p95 in milliseconds per stage, in one line."""
    return "ms p50/p95: " + ", ".join(f"{s.stage} {s.p50_ms:.1f}/{s.p95_ms:.1f}" for s in summary.latency)


def _slice_table(by: str, slices: tuple[Slice, ...]) -> object:
    from rich.table import Table

    table = Table(title=f"by {by}, worst first", title_justify="left")
    table.add_column(by, overflow="fold", max_width=44)
    table.add_column("n", justify="right")
    for name in _SLICE_COLUMNS:
        table.add_column(name.replace("citation", "cit."), justify="right")
    for part in slices:
        cells = [_number(part.measures[n].mean if n in part.measures else None) for n in _SLICE_COLUMNS]
        table.add_row(part.value, str(part.count), *cells)
    return table


def _store(run: Run) -> str:
    return f"{run.store.get('documents', '?')} documents, encoder {run.store.get('encoder', '?')}"


def _number(value: float | None) -> str:
    return _NO_VALUE if value is None else f"{value:.3f}"
