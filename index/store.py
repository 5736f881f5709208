"""A folder of policies that can be searched: opened, added to, taken from, and trusted afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index import codec, reading, records
from index.catalogue import FILE_NAME as CATALOGUE_NAME
from index.catalogue import Catalogue, read_meta, write_meta
from index.catalogue import generation as generation_of
from index.current import Current
from index.dense import DenseKind
from index.errors import EncoderMismatchError, StoreError
from index.filters import matching_documents
from index.lexical import LexicalIndex
from index.lock import WriterLock
from index.prepare import ReadyFile, prepare
from index.rewrite import rewrite
from index.schema import FORMAT
from index.searching import find
from index.types import Feedback, FileChange, Filters, SearchResult, StoredFile, StoreStats
from index.upkeep import describe, tidy
from index.verify import quickly_damaged
from index.writing import Writer

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.snapshot import Snapshot
    from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText


class Store:
    """An open store. Searching is safe from any number of threads and never waits for a writer."""

    def __init__(self, folder: Path, catalogue: Catalogue, encoder: Encoder | None) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self._encoder = encoder
        self._lock = WriterLock(folder / "writer.lock")
        self._current = Current(folder, catalogue)

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None, *, create: bool = False) -> Store:
        """The store in ``folder``. Without an encoder it takes the one it was built with.

        Raises StoreError where there is none (unless ``create``), where it is damaged or of another version, and
        EncoderMismatchError where it was built with another encoder than the one given.
        """
        folder = Path(folder)
        if not (folder / CATALOGUE_NAME).exists():
            if not create:
                raise StoreError(f"{folder} holds no store: make one with policyqa ingest PATH --store {folder}")
            found(folder, encoder)
        store = cls(folder, Catalogue(folder), encoder)
        try:
            store._check(encoder)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def place(self) -> str:
        """The store's folder."""
        return str(self.folder)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Nothing: a folder is there or it isn't."""
        return ()

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds, loaded when first needed."""
        if self._encoder is None:
            from index.encoder import recorded_encoder

            with self._catalogue.reading() as connection:
                name = read_meta(connection)["encoder"]
            encoder = recorded_encoder(name)
            self._check_encoder(encoder)
            self._encoder = encoder
        return self._encoder

    @property
    def generation(self) -> int:
        """Changes with every commit."""
        with self._catalogue.reading() as connection:
            return generation_of(connection)

    def ingest(self, file: ParsedFile, raw: bytes) -> FileChange:
        """Puts a file in, in place of what its name held before, in one commit. Raises StoreError."""
        return self.ingest_many([(file, raw)])[0]

    def ingest_many(self, files: Iterable[tuple[ParsedFile, bytes]]) -> list[FileChange]:
        """Puts several files in, all in one commit. Raises StoreError; then nothing has changed."""
        return self.put([prepare(file, raw, self.encoder) for file, raw in files])

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in that were made ready, perhaps in other processes, all in one commit. Raises StoreError."""
        changes = self._writer().put(files)
        self._current.refresh_if_loaded()
        return changes

    def remove(self, doc_id_or_file: str) -> tuple[str, ...]:
        """Takes out one document, or all of a file; the ids that went. Raises UnknownDocumentError."""
        removed = self._writer().remove(doc_id_or_file)
        self._current.refresh_if_loaded()
        return removed

    def documents(self, filters: Filters = Filters()) -> tuple[PolicyDocument, ...]:  # noqa: B008  frozen
        """The documents that pass, without their clauses, in the order in which they came."""
        with self._catalogue.reading() as connection:
            return reading.read_documents(connection, matching_documents(connection, filters))

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        with self._catalogue.reading() as connection:
            return reading.read_document(connection, doc_id)

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id. Raises UnknownDocumentError."""
        with self._catalogue.reading() as connection:
            return reading.read_clause(connection, clause_id)[0]

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out."""
        with self._catalogue.reading() as connection:
            return reading.read_clauses(connection, clause_ids)

    def outline(self, doc_id: str) -> tuple[tuple[str, str | None], ...]:
        """(clause id, id of the clause above) of each clause of a document, in reading order, without their texts.

        Raises UnknownDocumentError.
        """
        with self._catalogue.reading() as connection:
            return reading.read_outline(connection, doc_id)

    def texts(self, doc_id: str, most: int | None = None) -> tuple[str, ...]:
        """The texts of a document's first ``most`` clauses (None: of all), in reading order.

        Raises UnknownDocumentError.
        """
        with self._catalogue.reading() as connection:
            return reading.read_texts(connection, doc_id, most)

    def document_of(self, clause_id: str) -> PolicyDocument:
        """The document that holds a clause, without its clauses. Raises UnknownDocumentError."""
        with self._catalogue.reading() as connection:
            return reading.read_clause(connection, clause_id)[1]

    def files(self) -> tuple[StoredFile, ...]:
        """The files in the store, by name."""
        with self._catalogue.reading() as connection:
            return reading.stored_files(connection)

    def source(self, name: str) -> SourceText:
        """The text extracted from the file of that name, in which spans count. Raises UnknownDocumentError."""
        with self._catalogue.reading() as connection:
            return reading.read_source(connection, name)

    def original(self, name: str) -> bytes:
        """The very bytes that were ingested under that name. Raises UnknownDocumentError."""
        with self._catalogue.reading() as connection:
            return reading.read_original(connection, name)

    def kept(self, name: str) -> ParsedFile:
        """Everything that ingest found in that file, less what was removed from it since; references as parsed.

        Raises UnknownDocumentError.
        """
        with self._catalogue.reading() as connection:
            return reading.read_file(connection, reading.file_key(connection, name)).parsed

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> SearchResult:  # noqa: B008  frozen
        """The ``k`` best clauses for a query among the documents that pass the filters, best first."""
        started = time.perf_counter()
        vector = self.encoder.encode([query], "query")[0]
        encoded = time.perf_counter()
        with self._current.state() as (connection, snapshot):
            doc_keys = matching_documents(connection, filters)
            hits, timings = find(connection, snapshot, query, vector, k, doc_keys)
        timings = {"encode": (encoded - started) * 1000, **timings, "total": (time.perf_counter() - started) * 1000}
        return SearchResult(query, hits, timings)

    def record_feedback(self, feedback: Feedback) -> None:
        """Keeps what a reader thought of a reply."""
        with self._lock.held(), self._catalogue.writing() as connection:
            records.insert_feedback(connection, codec.dump(feedback))

    def feedback(self) -> tuple[Feedback, ...]:
        """Everything readers said, oldest first."""
        with self._catalogue.reading() as connection:
            return reading.read_feedback(connection)

    @property
    def stats(self) -> StoreStats:
        """How much the store holds."""
        with self._catalogue.reading() as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in ("documents", "clauses", "passages")
            ]
            encoder = read_meta(connection)["encoder"]
        size = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        documents, clauses, passages = counts
        return StoreStats(documents, clauses, passages, size, encoder)

    def compact(self) -> None:
        """Writes vectors and words anew without the rows of what was removed. Done by itself when it pays."""
        with self._lock.held():
            rewrite(self.folder, self._catalogue, self.encoder, encode=False)
            describe(self.folder, self._catalogue)
        self._current.refresh_if_loaded()

    def use_dense(self, kind: str) -> None:
        """From now on searches vectors by ``flat``, ``scan``, ``hnsw``, or ``auto`` (by size). Raises ValueError."""
        if kind != "auto":
            DenseKind(kind)
        with self._lock.held():
            with self._catalogue.writing() as connection:
                write_meta(connection, {"dense_kind": kind})
            tidy(self.folder, self._catalogue, self.encoder)
        self._current.refresh_if_loaded()

    @contextmanager
    def state(self) -> Iterator[Snapshot]:
        """The vectors and indexes that searches work on now, for measuring; they stay as they are in the context."""
        with self._current.state() as (_, snapshot):
            yield snapshot

    def close(self) -> None:
        """Lets go of the store's files."""
        self._current.let_go()
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _writer(self) -> Writer:
        return Writer(self.folder, self._catalogue, self._lock, self.encoder)

    def _check(self, encoder: Encoder | None) -> None:
        self._catalogue.check()
        for damage in quickly_damaged(self.folder, self._catalogue):
            raise StoreError(str(damage))
        if encoder is not None:
            self._check_encoder(encoder)

    def _check_encoder(self, encoder: Encoder) -> None:
        with self._catalogue.reading() as connection:
            facts = read_meta(connection)
        built = (facts["encoder"], facts["encoder_revision"], facts["dim"])
        if built[1:] != (encoder.revision, str(encoder.dim)):
            raise EncoderMismatchError(
                f"{self.folder} was built with the encoder {built[0]} (revision {built[1]}, {built[2]} numbers) and "
                f"can't be searched with {encoder.name} (revision {encoder.revision}, {encoder.dim} numbers): "
                f"open it with {built[0]}, or encode it anew with: "
                f"policyqa rebuild --store {self.folder} --encoder {encoder.name}"
            )


def found(folder: Path, encoder: Encoder | None = None, *, epoch: int = 1, generation: int = 0) -> None:
    """Makes an empty store in ``folder``, whose numbering begins there. Raises StoreError where other files are."""
    if encoder is None:
        from index.encoder import load_encoder

        encoder = load_encoder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = sorted(
            p.name for p in folder.iterdir() if not p.name.startswith((CATALOGUE_NAME, "writer.lock", "lexical-"))
        )
    except OSError as error:
        raise StoreError(
            f"{folder} can't be made into a store ({error.strerror}): give --store another folder"
        ) from error
    if strangers:
        raise StoreError(f"{folder} holds other files ({strangers[0]}, …) and no store: give --store an empty folder")
    with WriterLock(folder / "writer.lock").held():
        if not (folder / CATALOGUE_NAME).exists():
            LexicalIndex.create(folder / f"lexical-{epoch}")
            Catalogue.create(
                folder,
                {
                    "generation": str(generation),
                    "epoch": str(epoch),
                    "rows": "0",
                    "words_to_remove": "[]",
                    "dense": "",
                    "dense_kind": "auto",
                    "encoder": encoder.name,
                    "encoder_revision": encoder.revision,
                    "dim": str(encoder.dim),
                    "format": str(FORMAT),
                },
            ).close()
