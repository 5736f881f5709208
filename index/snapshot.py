"""What a search works on: one generation of a store, held in memory or mapped, that never changes under it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense import DenseIndex, Mask, Nearest, Rows, Scores
from index.dense_files import dense_file, open_dense
from index.layout import lexical_index, vector_files
from index.lexical import LexicalSearcher
from index.seals import intact
from index.vectors import Half, Keys, widened
from ingest.model import Clause, PolicyDocument

_TAIL_ROWS = 8_192
"""Rows beyond the last exact index that are kept in one of their own: cheap enough to remake at each commit."""
_COMPARED_ROWS = 8_192
"""Where a filter leaves no more rows than these, each is compared and no index asked."""
_BLOCK = 128
"""Rows that are scored exactly at a time: they stay in the processor's cache, and an array of a megabyte would be pages
that the system may have to hand out anew for each question, which takes longer than the work."""
_COMPARED_SHARE = 0.2
"""The same for an approximate index, as a share of all rows: it has no way to look at few rows only."""
_ROUGH_SPARE = 300
"""How many more than the wanted rows an approximate index is asked for, to be scored exactly: its order is rough."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a hit on a passage shows: its clause, that one's document, and the passage's span within the clause."""

    clause: Clause
    document: PolicyDocument
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The searchable state of one generation."""

    generation: int
    epoch: int
    vectors: Half
    keys: Keys
    live: Mask | None
    base: Nearest
    base_name: str
    tail: DenseIndex
    lexical: LexicalSearcher
    shown: dict[int, Shown] = field(default_factory=dict)
    """What was read of passages that searches found, by row."""

    @property
    def rows(self) -> int:
        """Rows in the vector files, dead ones included."""
        return len(self.vectors)

    def allowed(self, doc_keys: Sequence[int] | None) -> Mask | None:
        """A flag for each row that is live and belongs to one of the documents; None where every row passes."""
        if doc_keys is None:
            return self.live
        wanted = np.zeros(int(self.keys[:, 0].max(initial=0)) + 1, dtype=np.bool_)
        wanted[[key for key in doc_keys if key < len(wanted)]] = True
        mask = wanted[self.keys[:, 0]]
        return mask if self.live is None else mask & self.live

    def nearness(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> Nearness:
        """How near passages are to a query, the ``k`` nearest of those allowed found. Cosines are exact, whatever index
        found the rows.
        """
        exact = isinstance(self.base, DenseIndex)
        if allowed is not None and not exact:
            count = int(np.count_nonzero(allowed))
            if count <= max(_COMPARED_ROWS, _COMPARED_SHARE * self.rows):
                return self._near(query, np.flatnonzero(allowed), k)
        found = [
            index.search(query, wanted, None if allowed is None else allowed[index.first : index.first + len(index)])
            for index, wanted in ((self.base, k if exact else k + _ROUGH_SPARE), (self.tail, k))
        ]
        rows = np.concatenate([rows for rows, _ in found])
        if exact:
            return Nearness(self, query, *_first(rows, np.concatenate([cosines for _, cosines in found]), k))
        return self._near(query, rows, k)

    def nearest(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> list[tuple[int, float]]:
        """``(row, cosine)`` of the nearest passages, best first."""
        near = self.nearness(query, k, allowed)
        return list(zip(near.rows.tolist(), near.cosines.tolist(), strict=True))

    def _near(self, query: npt.NDArray[np.float32], rows: Rows, k: int) -> Nearness:
        return Nearness(self, query, *_first(rows, self.cosines(query, rows), k))

    def cosines(self, query: npt.NDArray[np.float32], rows: Rows) -> Scores:
        """The query's cosine with each of the rows, from the stored vectors."""
        cosines = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            cosines[start : start + _BLOCK] = widened(self.vectors[block]) @ query
        return cosines


@dataclass(frozen=True, slots=True)
class Nearness:
    """The nearest rows to a query with their cosines, best first."""

    snapshot: Snapshot
    query: npt.NDArray[np.float32]
    rows: Rows
    cosines: Scores

    def of(self, rows: Rows) -> Scores:
        """The cosine of each of ``rows``, which ascend."""
        order = np.argsort(self.rows)
        at = np.minimum(np.searchsorted(self.rows, rows, sorter=order), max(0, len(self.rows) - 1))
        cosines = np.empty(len(rows), dtype=np.float32)
        known = self.rows[order[at]] == rows if len(self.rows) else np.zeros(len(rows), dtype=np.bool_)
        cosines[known] = self.cosines[order[at[known]]]
        cosines[~known] = self.snapshot.cosines(self.query, rows[~known])
        return cosines


def _first(rows: Rows, cosines: Scores, k: int) -> tuple[Rows, Scores]:
    """The ``k`` rows of the highest cosines, best first, the lower row first of two that are as near."""
    if 0 < k < len(rows):
        chosen = np.flatnonzero(cosines >= np.partition(cosines, len(rows) - k)[len(rows) - k])
        rows, cosines = rows[chosen], cosines[chosen]
    best = np.lexsort((rows, -cosines))[:k]
    return rows[best], cosines[best]


def take_snapshot(
    connection: sqlite3.Connection,
    folder: Path,
    facts: dict[str, str],
    before: Snapshot | None,
) -> Snapshot:
    """The state that ``connection``'s transaction sees, reusing what ``before`` had built of the same epoch."""
    epoch, rows = int(facts["epoch"]), int(facts["rows"])
    vectors, keys = vector_files(folder, facts).read(rows)
    dead = [intact("dead_rows", *row) for row in connection.execute("SELECT first, stop, seal FROM dead_rows")]
    live: Mask | None = None
    if dead:
        live = np.ones(rows, dtype=np.bool_)
        for first, stop in dead:
            live[first:stop] = False
    held = dense_file(facts)
    name, covered = (held.name, held.rows) if held is not None else ("", rows)
    base: Nearest
    if (
        before is not None
        and before.epoch == epoch
        and before.base_name == name
        and covered - len(before.base) <= _TAIL_ROWS
    ):
        base = before.base
    elif held is not None:
        base = open_dense(folder, held)
    else:
        base = DenseIndex(vectors)
    tail = DenseIndex(vectors[len(base) :], first=len(base))
    lexical = lexical_index(folder, facts).searcher()
    return Snapshot(int(facts["generation"]), epoch, vectors, keys, live, base, name, tail, lexical)
