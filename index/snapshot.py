"""What a search works on: one generation of a store, held in memory or mapped, that never changes under it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.dense import DenseIndex, Mask, Nearest
from index.dense_files import dense_file, open_dense
from index.layout import lexical_index, vector_files
from index.lexical import LexicalSearcher
from index.vectors import Half, Keys

_TAIL_ROWS = 8_192
"""Rows beyond the last exact index that are kept in one of their own: cheap enough to remake at each commit."""
_COMPARED_ROWS = 8_192
"""Where a filter leaves no more rows than these, each is compared and no index asked."""
_BLOCK = 16_384
_COMPARED_SHARE = 0.2
"""The same for an approximate index, as a share of all rows: it has no way to look at few rows only."""
_ROUGH_SPARE = 300
"""How many more than the wanted rows an approximate index is asked for, to be scored exactly: its order is rough."""


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

    def nearest(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> list[tuple[int, float]]:
        """``(row, cosine)`` of the nearest passages, best first. Cosines are exact, whatever index found the rows."""
        if allowed is not None:
            count = int(np.count_nonzero(allowed))
            if count <= max(_COMPARED_ROWS, _COMPARED_SHARE * self.rows if self.base_name else 0):
                return self._best(query, np.flatnonzero(allowed), k) if count else []
        found = [
            index.search(query, wanted, None if allowed is None else allowed[index.first : index.first + len(index)])[0]
            for index, wanted in (
                (self.base, k + _ROUGH_SPARE if self.base_name else k),
                (self.tail, k),
            )
            if len(index)
        ]
        return self._best(query, np.concatenate(found), k) if found else []

    def _best(self, query: npt.NDArray[np.float32], rows: npt.NDArray[np.int64], k: int) -> list[tuple[int, float]]:
        cosines = self.cosines(query, rows)
        best = np.lexsort((rows, -cosines))[:k]
        return list(zip(rows[best].tolist(), cosines[best].tolist(), strict=True))

    def cosines(
        self, query: npt.NDArray[np.float32], rows: Sequence[int] | npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float32]:
        """The query's cosine with each of the rows, from the stored vectors."""
        wanted = np.asarray(rows, dtype=np.int64)
        cosines = np.empty(len(wanted), dtype=np.float32)
        for start in range(0, len(wanted), _BLOCK):
            block = wanted[start : start + _BLOCK]
            cosines[start : start + _BLOCK] = self.vectors[block].astype(np.float32) @ query
        return cosines


def take_snapshot(
    connection: sqlite3.Connection,
    folder: Path,
    facts: dict[str, str],
    before: Snapshot | None,
) -> Snapshot:
    """The state that ``connection``'s transaction sees, reusing what ``before`` had built of the same epoch."""
    epoch, rows = int(facts["epoch"]), int(facts["rows"])
    vectors, keys = vector_files(folder, facts).read(rows)
    dead = connection.execute("SELECT first, stop FROM dead_rows").fetchall()
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
