"""What can be read of a store in a folder: as it is at each reading, or all of one moment."""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index import reading
from index.catalogue import Catalogue, read_meta
from index.catalogue import generation as generation_of
from index.errors import UnknownDocumentError
from index.filters import matching_documents
from index.searching import find
from index.types import Feedback, Filters, SearchResult, StoredFile, StoreStats

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.snapshot import Snapshot
    from index.watch import Watch
    from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText


class Reader(ABC):
    """The reading half of a store in ``folder``. Each reading is of one state; which, `Store` and `Moment` decide."""

    folder: Path

    @abstractmethod
    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection inside a read transaction. Raises StoreError where something is not what was written."""

    @abstractmethod
    def _state(self) -> AbstractContextManager[tuple[sqlite3.Connection, Snapshot]]:
        """The same, with the snapshot of its generation."""

    @property
    @abstractmethod
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds."""

    @property
    def place(self) -> str:
        """The store's folder."""
        return str(self.folder)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Nothing: a folder is there or it isn't."""
        return ()

    @property
    def generation(self) -> int:
        """Changes with every commit."""
        with self._reading() as connection:
            return generation_of(connection)

    def documents(self, filters: Filters = Filters()) -> tuple[PolicyDocument, ...]:  # noqa: B008  frozen
        """The documents that pass, without their clauses, in the order in which they came."""
        with self._reading() as connection:
            return reading.read_documents(connection, matching_documents(connection, filters))

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        with self._reading() as connection:
            return reading.read_document(connection, doc_id)

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id. Raises UnknownDocumentError."""
        with self._reading() as connection:
            return reading.read_clause(connection, clause_id)[0]

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out."""
        with self._reading() as connection:
            return reading.read_clauses(connection, clause_ids)

    def outline(self, doc_id: str) -> tuple[tuple[str, str | None], ...]:
        """(clause id, id of the clause above) of each clause of a document, in reading order, without their texts.

        Raises UnknownDocumentError.
        """
        with self._reading() as connection:
            return reading.read_outline(connection, doc_id)

    def texts(self, doc_id: str, most: int | None = None) -> tuple[str, ...]:
        """The texts of a document's first ``most`` clauses (None: of all), in reading order.

        Raises UnknownDocumentError.
        """
        with self._reading() as connection:
            return reading.read_texts(connection, doc_id, most)

    def document_of(self, clause_id: str) -> PolicyDocument:
        """The document that holds a clause, without its clauses. Raises UnknownDocumentError."""
        with self._reading() as connection:
            return reading.read_clause(connection, clause_id)[1]

    def files(self) -> tuple[StoredFile, ...]:
        """The files in the store, by name."""
        with self._reading() as connection:
            return reading.stored_files(connection)

    def source(self, name: str) -> SourceText:
        """The text extracted from the file of that name, in which spans count. Raises UnknownDocumentError."""
        with self._reading() as connection:
            return reading.read_source(connection, name)

    def original(self, name: str) -> bytes:
        """The very bytes that were ingested under that name. Raises UnknownDocumentError."""
        with self._reading() as connection:
            return reading.read_original(connection, name)

    def kept(self, name: str) -> ParsedFile:
        """Everything that ingest found in that file, less what was removed from it since; references as parsed.

        Raises UnknownDocumentError.
        """
        with self._reading() as connection:
            return reading.read_file(connection, reading.file_key(connection, name)).parsed

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> SearchResult:  # noqa: B008  frozen
        """The ``k`` best clauses for a query among the documents that pass the filters, best first."""
        started = time.perf_counter()
        vector = self.encoder.encode([query], "query")[0]
        encoded = time.perf_counter()
        with self._state() as (connection, snapshot):
            doc_keys = matching_documents(connection, filters)
            hits, timings = find(connection, snapshot, query, vector, k, doc_keys)
        timings = {"encode": (encoded - started) * 1000, **timings, "total": (time.perf_counter() - started) * 1000}
        return SearchResult(query, hits, timings)

    def feedback(self) -> tuple[Feedback, ...]:
        """Everything readers said, oldest first."""
        with self._reading() as connection:
            return reading.read_feedback(connection)

    @property
    def stats(self) -> StoreStats:
        """How much the store holds."""
        with self._reading() as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("documents", "clauses", "passages")
            ]
            encoder = read_meta(connection)["encoder"]
        size = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        documents, clauses, passages = counts
        return StoreStats(documents, clauses, passages, size, encoder)


class Moment(Reader):
    """A store as it is at one moment, whatever is committed meanwhile, until the context that gave it ends."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        encoder: Encoder,
        connection: sqlite3.Connection,
        snapshot: Snapshot,
        watch: Watch,
    ) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self._encoder = encoder
        self._connection = connection
        self._snapshot = snapshot
        self._watch = watch

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds."""
        return self._encoder

    @property
    def generation(self) -> int:
        """The same for as long as the moment lasts."""
        return self._snapshot.generation

    def files(self) -> tuple[StoredFile, ...]:
        """The files in the store, by name."""
        self._watch.assure()
        return super().files()

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out, once that is certain."""
        found = super().clauses(clause_ids)
        if not found.keys() >= set(clause_ids):
            self._watch.assure()
        return found

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._catalogue.named_damage():
                yield self._connection
        except UnknownDocumentError:
            self._watch.assure()  # what was not found may have been lost
            raise

    @contextmanager
    def _state(self) -> Iterator[tuple[sqlite3.Connection, Snapshot]]:
        with self._catalogue.named_damage():
            yield self._connection, self._snapshot
