"""A query over one snapshot: the nearest passages and the best worded ones, fused into a ranking of clauses."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index import codec
from index.fusion import ENGLISH_MARKS, Evidence, fuse, same_language
from index.links import linked
from index.snapshot import Snapshot
from index.tokens import query_terms
from index.types import Hit
from ingest.model import Clause, PolicyDocument

_CANDIDATES_PER_HIT = 10
_LEAST_CANDIDATES = 100


def find(
    connection: sqlite3.Connection,
    snapshot: Snapshot,
    query: str,
    vector: npt.NDArray[np.float32],
    k: int,
    doc_keys: Sequence[int] | None,
) -> tuple[tuple[Hit, ...], dict[str, float]]:
    """The ``k`` best clauses, best first, and what each stage took in milliseconds.

    A clause stands where its best passage stands. ``doc_keys`` restricts the search itself, so a narrow filter still
    fills ``k``.
    """
    count = max(_LEAST_CANDIDATES, k * _CANDIDATES_PER_HIT)
    started = time.perf_counter()
    dense = snapshot.nearest(vector, count, snapshot.allowed(doc_keys))
    after_dense = time.perf_counter()
    words = query_terms(query)
    # Entries of documents that went a moment ago may still be in the word index: they are left out here.
    found = snapshot.lexical.search(words, count, doc_keys)
    count_rows, live = snapshot.rows, snapshot.live
    lexical = {row: score for row, score in found if row < count_rows and (live is None or live[row])}
    after_lexical = time.perf_counter()
    rows = sorted({row for row, _ in dense} | lexical.keys())
    cosines = dict(zip(rows, snapshot.cosines(vector, rows).tolist(), strict=True))
    best_possible = snapshot.lexical.best_possible(words)
    scores = fuse(
        Evidence(cosines, lexical, best_possible, complete=len(found) < count),
        same_language(query, snapshot.lexical.share_with_any(ENGLISH_MARKS)),
    )
    best: dict[int, int] = {}
    order = np.asarray(rows, dtype=np.int64)[np.argsort([-scores[row] for row in rows], kind="stable")]
    for row, clause_key in zip(order.tolist(), snapshot.keys[order, 1].tolist(), strict=True):
        best.setdefault(clause_key, row)
        if len(best) == k:
            break
    hits = _hits(connection, list(best.values()), scores, cosines, lexical)
    finished = time.perf_counter()
    return hits, {
        "dense": (after_dense - started) * 1000,
        "lexical": (after_lexical - after_dense) * 1000,
        "fuse": (finished - after_lexical) * 1000,
    }


def _hits(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    scores: dict[int, float],
    cosines: dict[int, float],
    bm25: dict[int, float],
) -> tuple[Hit, ...]:
    marks = ", ".join("?" * len(rows))
    query = (
        f"SELECT row, start, stop, record, doc_key FROM passages JOIN clauses USING (clause_key) WHERE row IN ({marks})"  # noqa: S608
    )
    found = {row: rest for row, *rest in connection.execute(query, list(rows))}
    documents: dict[int, PolicyDocument] = {}
    hits: list[Hit] = []
    for row in rows:
        start, stop, record, doc_key = found[row]
        if doc_key not in documents:
            (text,) = connection.execute("SELECT record FROM documents WHERE doc_key = ?", (doc_key,)).fetchone()
            documents[doc_key] = codec.load_kept(PolicyDocument, text)
        hits.append(
            Hit(
                rank=len(hits) + 1,
                score=scores[row],
                clause=linked(connection, codec.load_kept(Clause, record)),
                document=documents[doc_key],
                similarity_cosine=cosines[row],
                score_bm25=bm25.get(row),
                passage=(start, stop),
            )
        )
    return tuple(hits)
