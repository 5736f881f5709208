"""A query over one snapshot: the nearest passages and the best worded ones, fused into a ranking of clauses."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index import seals, validity
from index.dense import Rows
from index.fusion import ENGLISH_MARKS, Numbers, blend, same_language
from index.lexical import Found
from index.links import linked
from index.seals import BrokenSealError, intact
from index.snapshot import Shown, Snapshot
from index.tokens import query_terms
from index.types import Hit
from ingest.model import PolicyDocument

_CANDIDATES_PER_HIT = 10
_LEAST_CANDIDATES = 100
_MOST_SHOWN = 20_000
_PASSAGE = "passages.row, passages.clause_key, passages.start, passages.stop, passages.seal"


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
    near = snapshot.nearness(vector, count, snapshot.allowed(doc_keys))
    after_dense = time.perf_counter()
    words = query_terms(query)
    found = snapshot.lexical.search(words, count, doc_keys)
    after_lexical = time.perf_counter()
    with_words, bm25 = _counting(found, snapshot)
    rows = np.union1d(near.rows, with_words)
    cosines, held = near.of(rows).astype(np.float64), np.full(len(rows), np.nan)
    held[np.searchsorted(rows, with_words)] = bm25
    scores = blend(
        cosines,
        held,
        snapshot.lexical.best_possible(words),
        complete=len(found) < count,
        same_language=same_language(query, snapshot.lexical.share_with_any(ENGLISH_MARKS)),
    )
    order = np.argsort(-scores, kind="stable")
    _, firsts = np.unique(snapshot.keys[rows[order], 1], return_index=True)
    best = order[np.sort(firsts)[:k]]
    shown = _shown(connection, snapshot, rows[best].tolist())
    hits = tuple(
        Hit(
            rank, score, what.clause, what.document, cosine, None if math.isnan(words_score) else words_score, what.span
        )
        for rank, (what, score, cosine, words_score) in enumerate(
            zip(shown, scores[best].tolist(), cosines[best].tolist(), held[best].tolist(), strict=True), 1
        )
    )
    finished = time.perf_counter()
    return hits, {
        "dense": (after_dense - started) * 1000,
        "lexical": (after_lexical - after_dense) * 1000,
        "fuse": (finished - after_lexical) * 1000,
    }


def _counting(found: Sequence[Found], snapshot: Snapshot) -> tuple[Rows, Numbers]:
    """Rows, ascending, with their BM25 scores, of what the word index found and this generation has.

    Entries of documents that went a moment ago, or came, may be in the word index: they are left out here.
    """
    pairs = np.asarray(found, dtype=np.float64).reshape(len(found), 2)
    rows = pairs[:, 0].astype(np.int64)
    counting = rows < snapshot.rows
    if snapshot.live is not None:
        counting[counting] = snapshot.live[rows[counting]]
    order = np.argsort(rows[counting])
    return rows[counting][order], pairs[counting, 1][order]


def _shown(connection: sqlite3.Connection, snapshot: Snapshot, rows: Sequence[int]) -> list[Shown]:
    """What those rows show, kept by the snapshot for the searches that come across them again."""
    held = snapshot.shown
    found = {row: shown for row in rows if (shown := held.get(row)) is not None}
    wanted = [row for row in rows if row not in found]
    if wanted:
        found |= _read(connection, wanted)
        if len(held) > _MOST_SHOWN:
            held.clear()
        held.update((row, found[row]) for row in wanted)
    return [found[row] for row in rows]


def _read(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Shown]:
    marks = ", ".join("?" * len(rows))
    query = f"SELECT {_PASSAGE}, {seals.CLAUSE} FROM passages JOIN clauses USING (clause_key) WHERE row IN ({marks})"  # noqa: S608
    documents: dict[int, PolicyDocument] = {}
    shown: dict[int, Shown] = {}
    for found in connection.execute(query, list(rows)).fetchall():
        row, _, start, stop = intact("passages", *found[:5])
        doc_key = found[6]
        if doc_key not in documents:
            held = connection.execute(f"SELECT {seals.DOCUMENT} FROM documents WHERE doc_key = ?", (doc_key,))  # noqa: S608
            documents[doc_key] = validity.document(seals.there("documents", held.fetchone()))
        shown[row] = Shown(linked(connection, seals.clause(*found[5:])), documents[doc_key], (start, stop))
    if len(shown) < len(rows):
        raise BrokenSealError(f"the table passages lacks {len(rows) - len(shown)} rows that there are vectors of")
    return shown
