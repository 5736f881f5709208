"""What pgvector's HNSW index is worth at a size: time, recall and room of the search by vectors with and without it.

``python -m eval.benchmarks.pgvector --engine-uri postgresql://... --clauses 10000`` fills an empty database with
synthetic policies and asks it as the store does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eval.benchmarks.scale import write_files
from eval.benchmarks.synthetic import ARTICLES, policies, questions
from eval.benchmarks.timing import one_at_a_time
from index.build import ingest_paths
from index.encoder import load_encoder
from index.engines.postgres_connection import Connection, Connections, half
from index.engines.postgres_schema import HNSW
from index.engines.postgres_search import nearest
from index.engines.shard import Sought
from index.errors import StoreError
from index.opening import Engine, StorePlace, open_store
from index.protocol import PolicyStore
from index.types import Filters

Vector = npt.NDArray[np.float32]
_AS_NEAR = 1e-6
_COUNTS = (100, 600)
"""How many nearest passages the store asks for, for the ten clauses of a search and for the sixty of an answer."""


def measure(store: PolicyStore, connections: Connections, asked: Sequence[str]) -> dict[str, Any]:
    """Figures without the index, then with it: milliseconds, and the share found of the exact ten and of all."""
    connection = connections.connect()
    try:
        connection.execute("DROP INDEX IF EXISTS passages_hnsw")
        vectors = dict(zip(asked, store.encoder.encode(asked, "query"), strict=True))
        exact = {question: _distances(connection, vector) for question, vector in vectors.items()}
        figures: dict[str, Any] = {"without": _searched(store, connection, vectors, exact)}
        started = time.perf_counter()
        connection.execute("SET statement_timeout = 0")
        connection.execute(HNSW)
        figures["built_s"] = round(time.perf_counter() - started, 1)
        (size,) = connection.execute("SELECT pg_relation_size('passages_hnsw')").fetchone() or (0,)
        figures["index_mb"] = round(size / 1e6, 1)
        figures["with"] = _searched(store, connection, vectors, exact)
    finally:
        connection.close()
    return figures


def _distances(connection: Connection, vector: Vector, among: set[int] | None = None) -> list[float]:
    """How far the nearest passages are, nearest first; ``among`` those of these keys, or the nearest of all."""
    condition, values = ("true", []) if among is None else ("passage_key = ANY(%s)", [list(among)])
    rows = connection.execute(
        f"SELECT embedding <#> %s AS distance FROM passages WHERE {condition} ORDER BY distance LIMIT %s",  # noqa: S608
        [half(vector), *values, max(_COUNTS)],
    )
    return [distance for (distance,) in rows]


def _searched(
    store: PolicyStore, connection: Connection, vectors: Mapping[str, Vector], exact: Mapping[str, Sequence[float]]
) -> dict[str, Any]:
    connection.execute("VACUUM ANALYZE passages")
    figures: dict[str, Any] = {}
    for count in _COUNTS:

        def ask(question: str, count: int = count) -> set[int]:
            sought = Sought(question, vectors[question], {}, {}, 0, count, Filters(), {})
            with connection.transaction():
                return nearest(connection, sought, None, narrow=False)

        latency = one_at_a_time(ask, list(vectors))
        found = {question: _distances(connection, vector, ask(question)) for question, vector in vectors.items()}
        figures[f"nearest_{count}"] = {
            "p50_ms": round(latency.p50_ms, 1),
            "p95_ms": round(latency.p95_ms, 1),
            "recall_at_10": _recall(found, exact, 10),
            "recall": _recall(found, exact, count),
        }
    whole = one_at_a_time(store.search, list(vectors))
    figures["search"] = {"p50_ms": round(whole.p50_ms, 1), "p95_ms": round(whole.p95_ms, 1)}
    return figures


def _recall(found: Mapping[str, Sequence[float]], exact: Mapping[str, Sequence[float]], count: int) -> float:
    """The share of the nearest ``count`` that is found; any that is as near as the last of them counts as found."""
    shares = [
        min(
            1.0,
            sum(distance <= exact[question][:count][-1] + _AS_NEAR for distance in own) / len(exact[question][:count]),
        )
        for question, own in found.items()
    ]
    return round(float(np.mean(shares)), 4)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.pgvector", description=__doc__)
    parser.add_argument("--engine-uri", required=True, help="an empty database")
    parser.add_argument("--clauses", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=100)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        write_files(place / "sources", policies(max(1, given.clauses // ARTICLES)))
        with open_store(StorePlace(place, Engine.POSTGRES, (given.engine_uri,)), load_encoder(), create=True) as store:
            if store.stats.clauses:
                raise StoreError(f"{store.place} holds a library already: give an empty database")
            ingest_paths(store, [place / "sources"], processes=1)
            connections = Connections(given.engine_uri, None)
            try:
                figures = measure(store, connections, questions(given.questions))
            finally:
                connections.close()
            sys.stdout.write(json.dumps({"clauses": store.stats.clauses, **figures}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
