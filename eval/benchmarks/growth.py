"""How figures grow with size: several ``policyqa bench --json`` outputs side by side, as a table and as a plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.errors import EvaluationError

Figures = dict[str, Any]

_ROWS = (
    ("clauses", "clauses"),
    ("ingest, clauses/s", "ingest_clauses_per_s"),
    ("search p50, ms", "search_p50_ms"),
    ("search p95, ms", "search_p95_ms"),
    ("ask p50, ms", "ask_p50_ms"),
    ("ask p95, ms", "ask_p95_ms"),
    ("ask p99, ms", "ask_p99_ms"),
    ("ask, processor time p50, ms", "ask_cpu_p50_ms"),
    ("ask, processor time p95, ms", "ask_cpu_p95_ms"),
    ("floor p50, ms (encode + FAISS flat + bm25s)", "floor_p50_ms"),
    ("ask / floor, by turns", "ask_to_floor"),
    ("ask / floor, processor time", "ask_to_floor_cpu"),
    ("recall@10 of exact", "recall_at_10"),
    ("disk, MB", "disk_mb"),
    ("resident, MB", "rss_mb"),
    ("cold ask, s", "cold_ask_s"),
    ("one document replaced, s", "update_again_s"),
    ("first ask after that, s", "ask_after_update_s"),
    ("tutorial p50, ms (LangChain splitter + FAISS flat)", "peers.tutorial.ask_p50_ms"),
    ("bm25s alone p50, ms", "peers.bm25s.ask_p50_ms"),
    ("FAISS flat alone p50, ms", "peers.faiss.ask_p50_ms"),
    ("1 user p50, ms", "concurrent.1.p50_ms"),
    ("8 users, never pausing, p95, ms", "concurrent.8.p95_ms"),
    ("32 users, never pausing, p95, ms", "concurrent.32.p95_ms"),
    ("32 users, never pausing, p95 / 1 user p50", "p95_to_alone.32_never_pausing"),
    ("128 users, never pausing, p95, ms", "concurrent.128.p95_ms"),
    ("32 users, never pausing, answers/s", "concurrent.32.per_s"),
    ("32 users, never pausing, in two processes, answers/s", "concurrent_workers.32.per_s"),
    ("32 users, each with a pause of 1 to 2 s, p95, ms", "concurrent_pausing.32.p95_ms"),
    ("32 users, each with a pause of 1 to 2 s, p95 / 1 user p50", "p95_to_alone.32_pausing"),
)
_LINES = (
    ("ask p95", "ask_p95_ms"),
    ("ask p50", "ask_p50_ms"),
    ("search p50", "search_p50_ms"),
    ("floor p50", "floor_p50_ms"),
)


def read_figures(files: Sequence[Path]) -> list[Figures]:
    """The outputs by size, smallest first. Raises EvaluationError where a file holds none."""
    found: list[Figures] = []
    for file in files:
        try:
            figures = json.loads(file.read_text(encoding="utf-8"))
            int(figures["clauses"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"{file} holds no output of policyqa bench --json ({error})") from error
        found.append(figures)
    return sorted(found, key=lambda figures: int(figures["clauses"]))


def table(runs: Sequence[Figures]) -> str:
    """The figures as a Markdown table, a column for each size."""
    lines = []
    for name, key in _ROWS:
        values = [_at(figures, key) for figures in runs]
        if any(value is not None for value in values):
            lines.append(f"| {name} | {' | '.join(_shown(value) for value in values)} |")
    return "\n".join([lines[0], f"|---|{'---|' * len(runs)}", *lines[1:]])


def plot(runs: Sequence[Figures], file: Path) -> None:
    """Milliseconds over clauses, both in powers of ten, drawn to ``file``; its ending says the format."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "policyqa"}  # words as words, the same file each time
    from matplotlib import pyplot

    drawing, axes = pyplot.subplots(figsize=(7, 4.2))
    for name, key in _LINES:
        points = [(figures["clauses"], value) for figures in runs if (value := _at(figures, key)) is not None]
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="clauses", ylabel="ms")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False)
    drawing.tight_layout()
    drawing.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
    pyplot.close(drawing)


def _at(figures: Figures, key: str) -> float | None:
    value: Any = figures
    for step in key.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, int | float) else None


def _shown(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
