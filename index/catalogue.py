"""The SQLite catalogue: the one truth of a store. Everything else in the folder is derived from it or belongs to it.

A reader works inside one read transaction, so what it sees is one generation; the one writer changes everything a
file brings, or takes away, in one transaction.
"""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import disk
from index.errors import StoreError

FORMAT = 3
FILE_NAME = "catalogue.sqlite"
_APPLICATION_ID = 0x504F4C51  # "POLQ"
_BUSY_MS = 30_000

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    file_key INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    ingested_at TEXT NOT NULL,
    clauses INTEGER NOT NULL,
    warnings TEXT NOT NULL,
    source BLOB NOT NULL,
    original BLOB NOT NULL
);
CREATE TABLE documents (
    doc_key INTEGER PRIMARY KEY AUTOINCREMENT,
    file_key INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    title_key TEXT NOT NULL,
    number_key TEXT,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    region TEXT,
    issued_on TEXT,
    effective_on TEXT,
    expires_on TEXT,
    record TEXT NOT NULL,
    clauses_crc INTEGER NOT NULL
);
CREATE INDEX documents_file ON documents (file_key);
CREATE INDEX documents_title ON documents (title_key);
CREATE INDEX documents_number ON documents (number_key);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_region ON documents (region);
CREATE INDEX documents_dates ON documents (effective_on, expires_on);
CREATE TABLE issuers (
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    PRIMARY KEY (issuer, doc_key)
) WITHOUT ROWID;
CREATE INDEX issuers_document ON issuers (doc_key);
CREATE TABLE aliases (
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    alias_key TEXT NOT NULL,
    PRIMARY KEY (alias_key, doc_key)
) WITHOUT ROWID;
CREATE INDEX aliases_document ON aliases (doc_key);
CREATE TABLE clauses (
    clause_key INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    clause_id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX clauses_document ON clauses (doc_key);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    clause_key INTEGER NOT NULL REFERENCES clauses ON DELETE CASCADE,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL
);
CREATE INDEX passages_clause ON passages (clause_key);
CREATE TABLE batches (
    first INTEGER PRIMARY KEY,
    stop INTEGER NOT NULL,
    vectors_crc INTEGER NOT NULL,
    keys_crc INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE dead_rows (first INTEGER PRIMARY KEY, stop INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE feedback (feedback_key INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);
"""


class Catalogue:
    """The catalogue file of a store, with a pool of reading connections that threads share."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE_NAME
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._closed = False

    @classmethod
    def create(cls, folder: Path, meta: dict[str, str]) -> Catalogue:
        """A new, empty catalogue in ``folder`` with those facts in its meta table; it appears whole or not at all."""
        catalogue = cls(folder)
        fresh = catalogue.file.with_name(FILE_NAME + ".new")
        for leftover in (fresh, fresh.with_name(fresh.name + "-wal"), fresh.with_name(fresh.name + "-shm")):
            leftover.unlink(missing_ok=True)
        disk.step("create catalogue")
        connection = sqlite3.connect(fresh, isolation_level=None)
        try:
            connection.executescript(f"PRAGMA application_id={_APPLICATION_ID}; PRAGMA user_version={FORMAT};{_SCHEMA}")
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        finally:
            connection.close()
        disk.swap(fresh, catalogue.file)
        return catalogue

    def check(self) -> None:
        """Raises StoreError where the file is no catalogue, is damaged, or was written by another version."""
        try:
            with self.reading() as connection:
                (application,) = connection.execute("PRAGMA application_id").fetchone()
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                connection.execute("SELECT value FROM meta").fetchall()
        except sqlite3.DatabaseError as error:
            raise self.damaged(error) from error
        if application != _APPLICATION_ID:
            raise StoreError(f"{self.file} is a database of some other program; give --store another folder")
        if version > FORMAT:
            raise StoreError(
                f"{self.file} has format {version}, written by a newer PolicyQA; this one reads {FORMAT}: upgrade it"
            )
        if version < FORMAT:
            raise StoreError(
                f"{self.file} has format {version}, which this PolicyQA (format {FORMAT}) can't read: "
                "make a new store with policyqa ingest from the original files"
            )

    def damaged(self, error: Exception) -> StoreError:
        """The error to raise where SQLite says that the file is not what it wrote."""
        return StoreError(
            f"{self.file} is damaged ({error}): restore it with policyqa restore, "
            "or make a new store with policyqa ingest from the original files"
        )

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a read transaction: everything read through it is of one generation."""
        connection = self._borrow()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._closed:
                connection.close()
            else:
                self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a write transaction, committed at the end, rolled back where anything is raised."""
        connection = self._connect()
        try:
            disk.step("begin catalogue")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            disk.step("commit catalogue")
            connection.execute("COMMIT")
            disk.step("committed catalogue")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            connection.close()

    def close(self) -> None:
        """Closes the idle connections; those in use close when they are done."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _borrow(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Every fact of the meta table."""
    return dict(connection.execute("SELECT key, value FROM meta").fetchall())


def write_meta(connection: sqlite3.Connection, facts: dict[str, str]) -> None:
    """Sets facts of the meta table."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())


def next_generation(connection: sqlite3.Connection) -> None:
    """Counts the change that is being made; readers see by it that theirs is no longer the newest."""
    connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
