"""The one way in which a store changes.

The order makes it safe: vectors are appended beyond what counts, words are added to the word index, then one catalogue
transaction makes both count. Whatever a writer that died left beyond that line is cut off by the next one. Only after
the commit are the words of removed files taken out of the word index; searches leave them out in the meantime.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import records, validity
from index.catalogue import Catalogue, next_generation, read_meta, write_meta
from index.errors import StoreError, UnknownDocumentError
from index.layout import lexical_index, vector_files
from index.lexical import LexicalEntry
from index.lock import WriterLock
from index.prepare import ReadyFile
from index.seals import sealed
from index.types import FileChange
from index.upkeep import forget_words, recover, tidy
from index.vectors import Half, Keys

if TYPE_CHECKING:
    from index.encoder import Encoder

_log = logging.getLogger(__name__)


class Writer:
    """Changes a store's folder, holding its lock while it does."""

    def __init__(self, folder: Path, catalogue: Catalogue, lock: WriterLock, encoder: Encoder) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._lock = lock
        self._encoder = encoder

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in, each in place of what its name held, all in one commit. Raises StoreError."""
        names = [file.name for file in files]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise StoreError(f"{twice} is given twice in one go; give each file a name of its own")
        with self._lock.held():
            with self._reported():
                recover(self._folder, self._catalogue)
                changes = self._commit_files(files)
            self._tidy()
        return changes

    def remove(self, doc_id_or_file: str) -> tuple[str, ...]:
        """Takes a document or a file out; the ids of the documents that went. Raises UnknownDocumentError."""
        with self._lock.held():
            with self._reported(), self._catalogue.writing() as connection:
                gone = _find(connection, doc_id_or_file)
                touched = validity.Touched(connection)
                touched.by_documents([doc_key for _, doc_key, _ in gone])
                for _, doc_key, _ in gone:
                    records.delete_documents(connection, [doc_key])
                forget_words(connection, [doc_key for _, doc_key, _ in gone])
                records.note_removed(connection, gone[0][0], [doc_id for _, _, doc_id in gone])
                touched.settle()
                next_generation(connection)
            self._tidy()
        return tuple(doc_id for _, _, doc_id in gone if doc_id)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Turns what the disk refuses into one sentence; the transaction has been rolled back by then."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            said = getattr(error, "strerror", None) or error
            raise StoreError(
                f"{self._folder} could not be written ({said}); it is as it was before. "
                "Make room or mend the disk and try again"
            ) from error

    def _tidy(self) -> None:
        """What can wait: the change is committed by now, and the next writer tidies up where this one can't."""
        try:
            tidy(self._folder, self._catalogue, self._encoder)
        except (OSError, sqlite3.Error) as error:
            _log.warning("%s: the change is kept, tidying up after it waits for the next one (%s)", self._folder, error)

    def _commit_files(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        with self._catalogue.writing() as connection:
            facts = read_meta(connection)
            row = int(facts["rows"])
            changes: list[FileChange] = []
            touched = validity.Touched(connection)
            entries: list[LexicalEntry] = []
            keys: list[tuple[int, int]] = []
            for file in files:
                touched.by_file(file.name)
                removed = self._drop_file(connection, file.name)
                places = records.insert_file(connection, file, row)
                keys += [places[passage.clause_id] for passage in file.passages]
                entries += [LexicalEntry(n, places[p.clause_id][0], p.terms) for n, p in enumerate(file.passages, row)]
                row += len(file.passages)
                added = tuple(document.doc_id for document in file.documents)
                touched.by_file(file.name)
                changes.append(FileChange(file.name, added, removed, file.clauses))
            if entries:
                vectors = np.concatenate([file.vectors for file in files])
                self._append(connection, facts, vectors, np.array(keys, dtype=np.int32))
                lexical_index(self._folder, facts).add(entries)
            touched.settle()
            write_meta(connection, {"rows": str(row)})
            next_generation(connection)
        return changes

    def _append(self, connection: sqlite3.Connection, facts: dict[str, str], vectors: Half, keys: Keys) -> None:
        batch = vector_files(self._folder, facts).append(vectors, keys, committed=int(facts["rows"]))
        connection.execute(
            "INSERT INTO batches VALUES (?, ?, ?, ?, ?)",
            sealed(batch.first, batch.stop, batch.vectors_crc, batch.keys_crc),
        )

    def _drop_file(self, connection: sqlite3.Connection, name: str) -> tuple[str, ...]:
        """Takes out what the name held; the ids of its documents."""
        found = connection.execute("SELECT file_key FROM files WHERE name = ?", (name,)).fetchone()
        if found is None:
            return ()
        gone = connection.execute("SELECT doc_key, doc_id FROM documents WHERE file_key = ?", found).fetchall()
        records.delete_file(connection, found[0])
        forget_words(connection, [doc_key for doc_key, _ in gone])
        return tuple(doc_id for _, doc_id in gone)


def _find(connection: sqlite3.Connection, doc_id_or_file: str) -> list[tuple[int, int, str]]:
    """(file key, document key, document id) of what the name means. Raises UnknownDocumentError."""
    files_of = "SELECT files.file_key, doc_key, doc_id FROM files LEFT JOIN documents USING (file_key) WHERE "
    for condition in ("doc_id = ?", "name = ?"):
        found = connection.execute(files_of + condition + " ORDER BY doc_key", (doc_id_or_file,)).fetchall()
        if found:
            return found
    raise UnknownDocumentError(
        f"neither a document nor a file {doc_id_or_file} is in the store; policyqa outline lists what is"
    )
