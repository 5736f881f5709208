"""A store's derived files written anew from its catalogue: after removals, after damage, for another encoder.

The new files are those of the next epoch. One catalogue transaction makes them count; until then the old ones serve.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.catalogue import Catalogue, read_meta, write_meta
from index.dense_files import renew
from index.layout import vector_files
from index.lexical import LexicalEntry, LexicalIndex
from index.passages import Passage, passages_of
from index.reading import KeptFile, read_file
from index.seals import intact, sealed
from index.tokens import terms
from index.vectors import Half, VectorFiles

if TYPE_CHECKING:
    from index.encoder import Encoder

_ROWS_AT_ONCE = 16_384

Progress = Callable[[int, int], None]


def rewrite(
    folder: Path, catalogue: Catalogue, encoder: Encoder, *, encode: bool, progress: Progress | None = None
) -> None:
    """Renumbers the rows without gaps and writes vectors and words anew. The caller holds the store's lock.

    ``encode`` False copies the vectors that are kept, True makes them from the texts with ``encoder``.
    """
    with catalogue.writing() as connection:
        facts = read_meta(connection)
        epoch = int(facts["epoch"]) + 1
        old = None if encode else vector_files(folder, facts).read(int(facts["rows"]))[0]
        fresh = _Fresh(connection, folder, epoch, encoder, old)
        file_keys = [key for (key,) in connection.execute("SELECT file_key FROM files ORDER BY file_key")]
        for done, file_key in enumerate(file_keys):
            if progress is not None:
                progress(done, len(file_keys))
            fresh.take(read_file(connection, file_key))
        rows = fresh.finish()
        vectors = VectorFiles(folder, epoch, encoder.dim).read(rows)[0]
        dense = renew(folder, facts, vectors, epoch)
        write_meta(
            connection,
            {
                "epoch": str(epoch),
                "rows": str(rows),
                "dense": dense.to_line() if dense else "",
                "words_to_remove": "[]",
                "encoder": encoder.name,
                "encoder_revision": encoder.revision,
                "dim": str(encoder.dim),
                "generation": str(int(facts["generation"]) + 1),
            },
        )


class _Fresh:
    """The next epoch's files while they are being written."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, epoch: int, encoder: Encoder, old: Half | None
    ) -> None:
        self._connection = connection
        self._encoder = encoder
        self._old = old
        self._files = VectorFiles(folder, epoch, encoder.dim)
        self._files.clear()
        self._lexical = LexicalIndex.create(folder / f"lexical-{epoch}")
        self._rows = 0
        self._vectors: list[Half] = []
        self._entries: list[LexicalEntry] = []
        self._keys: list[tuple[int, int]] = []
        connection.execute("DELETE FROM batches")
        connection.execute("DELETE FROM dead_rows")

    def take(self, file: KeptFile) -> None:
        """Gives the file's passages the next rows."""
        passages = passages_of(file.parsed)
        self._vectors.append(self._vectors_of(file, passages))
        clause_keys = [key for _, key in file.keys.values()]
        self._connection.executemany("DELETE FROM passages WHERE clause_key = ?", ((key,) for key in clause_keys))
        first = self._rows + len(self._keys)
        # Negative while old rows are still about, so that no new number meets an old one.
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
            (
                (-1 - row, *sealed(row, file.keys[passage.clause_id][1], passage.start, passage.stop)[1:])
                for row, passage in enumerate(passages, first)
            ),
        )
        for row, passage in enumerate(passages, first):
            doc_key, clause_key = file.keys[passage.clause_id]
            self._entries.append(LexicalEntry(row, doc_key, " ".join(terms(passage.text))))
            self._keys.append((doc_key, clause_key))
        if len(self._keys) >= _ROWS_AT_ONCE:
            self._flush()

    def finish(self) -> int:
        """Writes the rest; how many rows there are."""
        self._flush()
        self._connection.execute("UPDATE passages SET row = -1 - row")
        return self._rows

    def _vectors_of(self, file: KeptFile, passages: list[Passage]) -> Half:
        if self._old is not None:
            rows = [
                intact("passages", *held)[0]
                for _, clause_key in file.keys.values()
                for held in self._connection.execute(
                    "SELECT row, clause_key, start, stop, seal FROM passages WHERE clause_key = ? ORDER BY row",
                    (clause_key,),
                )
            ]
            if len(rows) == len(passages):
                return np.asarray(self._old[rows])
        if not passages:
            return np.empty((0, self._encoder.dim), dtype=np.float16)
        return self._encoder.encode([passage.text for passage in passages], "passage").astype(np.float16)

    def _flush(self) -> None:
        if not self._keys:
            return
        batch = self._files.append(
            np.concatenate(self._vectors), np.array(self._keys, dtype=np.int32), committed=self._rows
        )
        self._connection.execute(
            "INSERT INTO batches VALUES (?, ?, ?, ?, ?)",
            sealed(batch.first, batch.stop, batch.vectors_crc, batch.keys_crc),
        )
        self._lexical.add(self._entries)
        self._rows = batch.stop
        self._vectors, self._entries, self._keys = [], [], []
