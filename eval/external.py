"""External retrieval benchmarks: the product's parts and the product on other people's corpora and judgements."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.beir import Benchmark, Entry
from eval.metrics.bootstrap import Interval, bootstrap_interval
from eval.metrics.latency import percentile
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg_graded_at
from eval.metrics.recall import recall_at
from eval.published import PUBLISHED, PublishedFigure
from eval.retrievers import Bm25Retriever, DenseRetriever, Passage, Retriever
from eval.runner import Progress
from ingest.model import Clause, Kind, ParsedFile, PolicyDocument, SourceText

if TYPE_CHECKING:
    from rich.console import Console

    from index.encoder import Encoder
    from index.store import Store

DEPTH = 100
MEASURES = ("recall1", "recall5", "recall10", "recall100", "mrr10", "ndcg10")
_FILE_ENTRIES = 1000

Rank = Callable[[str], Sequence[str]]
"""A query -> ids of the corpus, best first."""


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """One system's means with intervals over the queries, and the milliseconds of one query."""

    name: str
    measures: dict[str, Interval]
    p50_ms: float


@dataclass(frozen=True, slots=True)
class ExternalResult:
    """A benchmark's table: what was measured here, and beside it what others published."""

    benchmark: str
    split: str
    texts: int
    queries: int
    encoder: str
    rows: tuple[ExternalRow, ...]
    published: tuple[PublishedFigure, ...]

    def to_json(self) -> dict[str, Any]:
        """The table with intervals and sources."""
        rows = [
            {
                "system": row.name,
                "scores": {n: {"mean": i.mean, "low": i.low, "high": i.high} for n, i in row.measures.items()},
                "p50_ms": row.p50_ms,
            }
            for row in self.rows
        ]
        published = [
            {"system": p.system, "scores": p.measures, "source": p.source, "setting": p.setting} for p in self.published
        ]
        counts = {"texts": self.texts, "queries": self.queries}
        head = {"benchmark": self.benchmark, "split": self.split, **counts, "encoder": self.encoder}
        return {**head, "measured": rows, "published": published}


def run_external(
    benchmark: Benchmark, encoder: Encoder, progress: Progress | None = None, *, work: Path | None = None
) -> ExternalResult:
    """BM25 alone, dense alone, and the store's search over the benchmark's corpus.

    The corpus goes into a store of its own under ``work`` (default: a temporary folder), which is removed again.
    """
    from qa.search import search

    passages = [Passage(e.id, ((0, len(e.text)),), e.text, f"{e.title}\n{e.text}") for e in benchmark.corpus]
    rows: list[ExternalRow] = []

    def add(name: str, rank: Rank) -> None:
        rows.append(measure(name, rank, benchmark))
        if progress is not None:
            progress(len(rows), 3, name)

    add("BM25, character pairs", _sources(Bm25Retriever(passages)))
    add("dense alone", _sources(DenseRetriever(passages, encoder)))
    with (
        tempfile.TemporaryDirectory(prefix="policyqa-external-", dir=work) as folder,
        fill_store(Path(folder) / "store", benchmark.corpus, encoder) as store,
    ):
        add("policyqa search", lambda query: [h.clause.clause_id for h in search(store, query, DEPTH).hits])
    return ExternalResult(
        benchmark.name,
        benchmark.split,
        len(benchmark.corpus),
        len(benchmark.queries),
        encoder.name,
        tuple(rows),
        PUBLISHED.get(benchmark.name.lower(), ()),
    )


def _sources(retriever: Retriever) -> Rank:
    """A retriever whose passages carry their text's id as source."""
    return lambda query: [passage.source for passage in retriever.search(query, DEPTH)]


def measure(name: str, rank: Rank, benchmark: Benchmark) -> ExternalRow:
    """One system's figures: recall@1, 5, 10, 100, MRR@10 and nDCG@10, each the mean over queries."""
    values: dict[str, list[float]] = {measure: [] for measure in MEASURES}
    waits_ms: list[float] = []
    for query, grades in benchmark.qrels.items():
        began = time.perf_counter()
        ranked = rank(benchmark.queries[query])
        waits_ms.append((time.perf_counter() - began) * 1000)
        for measure, value in query_measures(ranked, grades).items():
            values[measure].append(value)
    intervals = {measure: bootstrap_interval(numbers) for measure, numbers in values.items()}
    found = {measure: interval for measure, interval in intervals.items() if interval is not None}
    return ExternalRow(name, found, round(percentile(waits_ms, 50) or 0.0, 3))


def query_measures(ranked: Sequence[str], grades: dict[str, float]) -> dict[str, float]:
    """One query's measures; each relevant text is a gold entry."""
    order = {document: i for i, document in enumerate(grades)}
    touched = [frozenset({order[d]}) if d in order else frozenset() for d in ranked]
    return {
        **{f"recall{k}": recall_at(touched, len(grades), k) for k in (1, 5, 10, 100)},
        "mrr10": reciprocal_rank(touched, 10),
        "ndcg10": ndcg_graded_at([grades.get(d, 0.0) for d in ranked], list(grades.values()), 10),
    }


def fill_store(folder: Path, corpus: Iterable[Entry], encoder: Encoder) -> Store:
    """A store of the corpus: texts of one group (a law) become one document's clauses, others a document each."""
    from index.store import Store

    store = Store.open(folder, encoder, create=True)
    store.ingest_many((file, file.source.text.encode()) for file in corpus_files(corpus))
    return store


def corpus_files(corpus: Iterable[Entry]) -> list[ParsedFile]:
    """The corpus as parsed files of about a thousand texts each; a clause's id is its text's id."""
    groups: dict[str, list[Entry]] = {}
    for entry in corpus:
        groups.setdefault(entry.group or f"\0{entry.id}", []).append(entry)
    files: list[ParsedFile] = []
    batch: list[list[Entry]] = []
    for group in groups.values():
        batch.append(group)
        if sum(len(entries) for entries in batch) >= _FILE_ENTRIES:
            files.append(_file(f"corpus-{len(files) + 1:05}.txt", batch))
            batch = []
    if batch:
        files.append(_file(f"corpus-{len(files) + 1:05}.txt", batch))
    return files


def _file(name: str, groups: Sequence[Sequence[Entry]]) -> ParsedFile:
    pieces: list[str] = []
    documents: list[PolicyDocument] = []
    offset = 0
    for group in groups:
        clauses: list[Clause] = []
        for entry in group:
            span = (offset, offset + len(entry.text))
            pieces.append(entry.text)
            offset = span[1] + 1
            label = entry.path[-1] if entry.path else ""
            clauses.append(Clause(entry.id, entry.path, label, "", (span,), entry.text))
        title = group[0].group or group[0].title or group[0].id
        kind = Kind.LAW if group[0].group else Kind.OTHER
        documents.append(PolicyDocument(f"doc-{group[0].id}", title, name, kind, clauses=tuple(clauses)))
    return ParsedFile(SourceText(name, "\n".join(pieces)), tuple(documents))


def print_external(result: ExternalResult, console: Console) -> None:
    """The table: measured rows first, then the published ones with their setting."""
    from rich.table import Table

    title = f"{result.benchmark} {result.split}: {result.queries} queries, {result.texts} texts, {result.encoder}"
    table = Table(title=title, title_justify="left")
    table.add_column("system")
    for measure in (*MEASURES, "p50 ms"):
        table.add_column(measure, justify="right")
    table.add_column("setting")
    for row in result.rows:
        cells = [
            f"{row.measures[m].mean:.3f} ±{(row.measures[m].high - row.measures[m].low) / 2:.3f}" for m in MEASURES
        ]
        table.add_row(row.name, *cells, f"{row.p50_ms:.1f}", "measured here")
    table.add_section()
    for figure in result.published:
        cells = [f"{figure.measures[m]:.3f}" if m in figure.measures else "–" for m in MEASURES]
        table.add_row(figure.system, *cells, "–", figure.setting)
    console.print(table)
    for source in dict.fromkeys(figure.source for figure in result.published):
        console.print(f"published: {source}", markup=False)


def _figure(interval: Interval) -> str:
    return f"{interval.mean:.3f} ±{(interval.high - interval.low) / 2:.3f}"
