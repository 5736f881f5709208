"""The product beside what one would have without it, on the same questions, encoder and machine, in one table.

Retrieval is judged as everywhere, by character spans. A retrieval-only method shows its first four passages as sources,
as tutorials do, so its citations are those four and its facts are looked up in their text; it never refuses.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eval.corpus import CachedCorpus
from eval.gold import ResolvedGold
from eval.judge import retrieval_measures
from eval.metrics.bootstrap import Interval, bootstrap_interval
from eval.metrics.citations import citation_precision, citation_recall
from eval.metrics.facts import complete, fact_recall
from eval.metrics.latency import percentile
from eval.question import Question, QuestionSet
from eval.retrievers import (
    Bm25Retriever,
    DenseRetriever,
    Passage,
    RerankedRetriever,
    Retriever,
    SearchRetriever,
    chunks,
    clause_passages,
)
from eval.runner import Answerer, Progress, resolve_all, run_questions
from eval.summary import summarize

if TYPE_CHECKING:
    from rich.console import Console

    from index.protocol import PolicyStore

SOURCES_SHOWN = 4
COLUMNS = (
    "hit1",
    "hit5",
    "hit10",
    "recall10",
    "mrr10",
    "ndcg10",
    "citation_precision",
    "citation_recall",
    "facts",
    "complete",
    "refused",
    "false_refusal",
)
_SHORT_NAMES = {"citation_precision": "cit. P", "citation_recall": "cit. R", "false_refusal": "false ref."}


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One system's figures; ``p50_ms`` and ``p95_ms`` are of one question, its encoding included."""

    name: str
    measures: dict[str, Interval]
    p50_ms: float
    p95_ms: float

    def to_json(self) -> dict[str, Any]:
        """The row with means and intervals."""
        scores = {n: {"mean": i.mean, "low": i.low, "high": i.high, "count": i.count} for n, i in self.measures.items()}
        return {"system": self.name, "scores": scores, "p50_ms": self.p50_ms, "p95_ms": self.p95_ms}


def compare_baselines(
    store: PolicyStore,
    assistant: Answerer,
    questions: QuestionSet,
    progress: Progress | None = None,
    *,
    allow_missing: bool = False,
) -> tuple[BaselineRow, ...]:
    """The tutorial pipeline, BM25 alone, dense alone, the store's search, its reranker and the whole, in this order.

    Raises EvaluationError where the libraries of the ``eval`` extra are absent, MissingGoldError as a run does.
    """
    corpus = CachedCorpus(store)
    gold = resolve_all(corpus, questions, store.place, allow_missing=allow_missing)
    files = [file.name for file in store.files()]
    windows, clauses = chunks(corpus, files), clause_passages(corpus)
    makers: dict[str, Callable[[], Retriever]] = {
        "tutorial: 500/50 chunks, FAISS": lambda: DenseRetriever(windows, store.encoder),
        "500/50 chunks, BM25": lambda: Bm25Retriever(windows),
        "clauses, BM25 alone": lambda: Bm25Retriever(clauses),
        "clauses, dense alone": lambda: DenseRetriever(clauses, store.encoder),
        "policyqa search (fused)": lambda: SearchRetriever(store),
        "+ reranker": lambda: RerankedRetriever(store),
    }
    rows = []
    for number, (name, make) in enumerate(makers.items(), 1):
        rows.append(measure_retriever(name, make(), questions, gold))
        if progress is not None:
            progress(number, len(makers) + 1, name)
    run = run_questions(assistant, corpus, questions, allow_missing=allow_missing)
    summary = summarize(run.outcomes)
    wall = next(stage for stage in summary.latency if stage.stage == "wall")
    figures = {name: summary.measures[name] for name in COLUMNS if name in summary.measures}
    rows.append(BaselineRow("policyqa", figures, wall.p50_ms, wall.p95_ms))
    return tuple(rows)


def measure_retriever(
    name: str, retriever: Retriever, questions: QuestionSet, gold: dict[str, ResolvedGold]
) -> BaselineRow:
    """One retriever's figures over a question set."""
    measured: list[dict[str, float]] = []
    waits_ms: list[float] = []
    for question in questions.questions:
        began = time.perf_counter()
        found = retriever.search(asked_alone(question), 10)
        waits_ms.append((time.perf_counter() - began) * 1000)
        measured.append(_measures(question, gold[question.id], found))
    figures = {c: bootstrap_interval([m[c] for m in measured if c in m]) for c in COLUMNS}
    return BaselineRow(
        name,
        {column: interval for column, interval in figures.items() if interval is not None},
        round(percentile(waits_ms, 50) or 0.0, 3),
        round(percentile(waits_ms, 95) or 0.0, 3),
    )


def asked_alone(question: Question) -> str:
    """What a retriever is given: it remembers no earlier turns, so the last one stands before the question."""
    return " ".join((*question.history[-1:], question.question))


def print_baselines(rows: Sequence[BaselineRow], set_name: str, console: Console) -> None:
    """The rows as a table of means."""
    from rich.table import Table

    table = Table(title=set_name, title_justify="left")
    table.add_column("system", no_wrap=True)
    for column in (*COLUMNS, "p50 ms"):
        table.add_column(_SHORT_NAMES.get(column, column), justify="right")
    for row in rows:
        means = [f"{row.measures[c].mean:.3f}" if c in row.measures else "–" for c in COLUMNS]
        table.add_row(row.name, *means, f"{row.p50_ms:.1f}")
    console.print(table)


def _measures(question: Question, gold: ResolvedGold, found: Sequence[Passage]) -> dict[str, float]:
    if not question.answerable:
        return {"refused": 0.0}
    touched = [gold.touched(p.source, p.spans) for p in found]
    shown = touched[:SOURCES_SHOWN]
    text = "\n".join(p.text for p in found[:SOURCES_SHOWN])
    values: dict[str, float | None] = {
        **retrieval_measures(touched, len(gold.gold)),
        "citation_precision": citation_precision(shown),
        "citation_recall": citation_recall(shown, len(gold.gold)),
        "facts": fact_recall(text, question.must),
        "complete": complete(text, question.must),
        "false_refusal": 0.0,
    }
    return {name: value for name, value in values.items() if value is not None}
