"""A store on an engine beside one in a folder: the same files, the same questions; how alike, how fast, how large.

    python -m eval.benchmarks.engines --engine postgres --engine-uri URI --clauses 20000
    python -m eval.benchmarks.engines --engine milvus --engine-uri URI --files samples --questions FILE.jsonl

Without ``--files`` it takes made-up policies. The engine must hold no store yet. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from eval.benchmarks.scale import write_files
from eval.benchmarks.synthetic import ARTICLES, policies, questions
from eval.question_set import load_questions
from index.build import ingest_paths
from index.encoder import load_encoder
from index.opening import Engine, StorePlace, open_store
from index.protocol import PolicyStore
from index.types import SearchResult


def compare(folder: PolicyStore, engine: PolicyStore, asked: Sequence[str]) -> dict[str, Any]:
    """Shares of the first ten that both find, of equal first hits and of equal orders; milliseconds a search.

    ``own_cpu_ms`` is what this process computes in them; an engine's own work comes on top, in its server.
    """
    shared: list[float] = []
    firsts = orders = 0
    times: dict[str, list[tuple[float, float]]] = {"folder": [], "engine": []}
    for question in asked:
        ours, theirs = (
            _timed(store, question, times[name]) for name, store in (("folder", folder), ("engine", engine))
        )
        left, right = ([hit.clause.clause_id for hit in result.hits] for result in (ours, theirs))
        shared.append(len(set(left) & set(right)) / max(1, len(left)))
        firsts += left[:1] == right[:1]
        orders += left == right
    figures: dict[str, Any] = {
        "questions": len(asked),
        "overlap_at_10": round(mean(shared), 4),
        "same_first": round(firsts / len(asked), 4),
        "same_order": round(orders / len(asked), 4),
    }
    for name, taken in times.items():
        cut = quantiles([wall for wall, _ in taken], n=20)
        cpu = mean(cpu for _, cpu in taken)
        figures[name] = {"p50_ms": round(cut[9], 1), "p95_ms": round(cut[18], 1), "own_cpu_ms": round(cpu, 1)}
    return figures


def _timed(store: PolicyStore, question: str, times: list[tuple[float, float]]) -> SearchResult:
    started, worked = time.perf_counter(), time.process_time()
    result = store.search(question, 10)
    times.append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return result


def _filled(store: PolicyStore, sources: Path) -> dict[str, Any]:
    """Clauses a second from files to answers, in this process alone, and bytes a clause."""
    started = time.perf_counter()
    ingest_paths(store, [sources], processes=1)
    seconds = time.perf_counter() - started
    stats = store.stats
    return {
        "clauses": stats.clauses,
        "clauses_per_s": round(stats.clauses / seconds),
        "bytes_per_clause": round(stats.disk_bytes / max(1, stats.clauses)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.engines", description=__doc__)
    parser.add_argument("--engine", type=Engine, required=True)
    parser.add_argument("--engine-uri", required=True, help="several with commas between")
    parser.add_argument("--clauses", type=int, default=2_000)
    parser.add_argument("--files", type=Path, help="a folder of documents instead of made-up ones")
    parser.add_argument("--questions", type=Path, help="a question set about them")
    given = parser.parse_args(arguments)
    encoder = load_encoder()
    asked = [one.question for one in load_questions(given.questions).questions] if given.questions else questions(200)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        sources = given.files or place / "sources"
        if given.files is None:
            sources.mkdir()
            write_files(sources, policies(max(1, given.clauses // ARTICLES)))
        uris = tuple(given.engine_uri.split(","))
        with (
            open_store(StorePlace(place / "store"), encoder, create=True) as folder,
            open_store(StorePlace(place, given.engine, uris), encoder, create=True) as engine,
        ):
            filled = {"folder": _filled(folder, sources), "engine": _filled(engine, sources)}
            for store in (folder, engine):
                for question in asked[:20]:
                    store.search(question)
            sys.stdout.write(json.dumps({"filled": filled, "searched": compare(folder, engine, asked)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
