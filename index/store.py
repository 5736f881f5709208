"""A folder of policies that can be searched: opened, added to, taken from, and trusted afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index import codec, records
from index.catalogue import FILE_NAME as CATALOGUE_NAME
from index.catalogue import Catalogue, read_meta, write_meta
from index.catalogue import generation as generation_of
from index.current import Current
from index.dense import DenseKind
from index.errors import EncoderMismatchError, StoreError
from index.lexical import LexicalIndex
from index.lock import WriterLock
from index.prepare import ReadyFile, prepare
from index.reader import Moment, Reader
from index.rewrite import rewrite
from index.schema import FORMAT
from index.types import Feedback, FileChange
from index.upkeep import describe, tidy
from index.verify import damaged_catalogue, damaged_derived, quickly_read
from index.watch import Watch
from index.writing import Writer

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.snapshot import Snapshot
    from ingest.model import ParsedFile


class Store(Reader):
    """An open store. Searching is safe from any number of threads and never waits for a writer."""

    def __init__(self, folder: Path, catalogue: Catalogue, encoder: Encoder | None) -> None:
        self.folder = folder
        self._catalogue = catalogue
        self._encoder = encoder
        self._lock = WriterLock(folder / "writer.lock")
        self._current = Current(folder, catalogue)
        self._watch = Watch(catalogue)

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
    def generation(self) -> int:
        """Changes with every commit; nothing of what the store holds is read for it."""
        with self._catalogue.reading() as connection:
            return generation_of(connection)

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

    def record_feedback(self, feedback: Feedback) -> None:
        """Keeps what a reader thought of a reply."""
        with self._lock.held(), self._catalogue.writing() as connection:
            records.insert_feedback(connection, codec.dump(feedback))

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
    def moment(self) -> Iterator[Moment]:
        """The store as it is now: what is read through it is all of one generation, though others commit meanwhile.

        It holds a connection, and SQLite keeps what it may still read: no longer than answering one question.
        """
        encoder = self.encoder
        try:
            with self._current.state() as (connection, snapshot):
                yield Moment(self.folder, self._catalogue, encoder, connection, snapshot, self._watch)
        finally:
            self.assure()

    def assure(self) -> None:
        """Returns once what a `moment` doesn't check as it reads was found sound. Raises StoreError."""
        self._watch.assure_documents()

    @contextmanager
    def state(self) -> Iterator[Snapshot]:
        """The vectors and indexes that searches work on now, for measuring; they stay as they are in the context."""
        with self._current.state() as (_, snapshot):
            yield snapshot

    def close(self) -> None:
        """Lets go of the store's files."""
        self._watch.close()
        self._current.let_go()
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._catalogue.reading() as connection:
                yield connection
        finally:  # what was not found may have been lost
            self._watch.assure()

    @contextmanager
    def _state(self) -> Iterator[tuple[sqlite3.Connection, Snapshot]]:
        try:
            with self._current.state() as found:
                yield found
        finally:
            self._watch.assure()

    def _writer(self) -> Writer:
        self._watch.assure()
        return Writer(self.folder, self._catalogue, self._lock, self.encoder)

    def _check(self, encoder: Encoder | None) -> None:
        self._catalogue.check()
        if quickly_read(self._catalogue):
            for damage in damaged_catalogue(self._catalogue, thorough=False):
                raise StoreError(str(damage))
            self._watch.trust()
        else:
            self._watch.begin()
        for damage in damaged_derived(self.folder, self._catalogue, thorough=False):
            raise StoreError(str(damage))
        if encoder is not None:
            self._check_encoder(encoder)

    def _check_encoder(self, encoder: Encoder) -> None:
        with self._catalogue.reading() as connection:
            facts = read_meta(connection)
        built = (facts["encoder"], facts["encoder_revision"], facts["dim"])
        if built[1:] != (encoder.revision, str(encoder.dim)):
            # after an update both have one name, and opening the store with "the other" is no way out
            way_out = "" if built[0] == encoder.name else f"open it with {built[0]}, or "
            raise EncoderMismatchError(
                f"{self.folder} was built with the encoder {built[0]} (revision {built[1]}, {built[2]} numbers) and "
                f"can't be searched with {encoder.name} (revision {encoder.revision}, {encoder.dim} numbers): "
                f"{way_out}encode it anew with: "
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
