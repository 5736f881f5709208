"""The SQLite catalogue: the one truth of a store. Everything else in the folder is derived from it or belongs to it.

A reader works inside one read transaction, so what it sees is one generation; the one writer changes everything a
file brings, or takes away, in one transaction.
"""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index import disk
from index.errors import StoreError
from index.lock import StoreBusyError
from index.schema import FORMAT, SCHEMA
from index.seals import BrokenSealError, intact, sealed

FILE_NAME = "catalogue.sqlite"
_APPLICATION_ID = 0x504F4C51  # "POLQ"
_BUSY_MS = 30_000
FACTS = frozenset(
    {"generation", "epoch", "rows", "words_to_remove", "dense", "dense_kind"}
    | {"encoder", "encoder_revision", "dim", "format"}
)
"""What the table meta says of every store."""
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_UNREADABLE = (
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM),
)


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
            connection.executescript(f"PRAGMA application_id={_APPLICATION_ID}; PRAGMA user_version={FORMAT};{SCHEMA}")
            write_meta(connection, meta)
        finally:
            connection.close()
        disk.swap(fresh, catalogue.file)
        return catalogue

    def check(self) -> None:
        """Raises StoreError where the file is no catalogue, is damaged, or was written by another version."""
        self.check_version()
        with self.reading() as connection:
            read_meta(connection)

    def check_version(self) -> None:
        """Raises StoreError where the file is no catalogue or was written by another version."""
        version = self.version()
        if version > FORMAT:
            raise StoreError(
                f"{self.file} has format {version}, written by a newer PolicyQA; this one reads {FORMAT}: upgrade it"
            )
        if version < FORMAT:
            raise StoreError(
                f"{self.file} has format {version}, written by an older PolicyQA (this one has format {FORMAT}): bring "
                f"it up to date from the original files that it keeps with: policyqa rebuild --store {self.file.parent}"
            )

    def version(self) -> int:
        """The format that the file was written in. Raises StoreError where it is damaged or no catalogue."""
        with self.reading() as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION_ID:
            raise StoreError(f"{self.file} is a database of some other program; give --store another folder")
        return int(version)

    def damaged(self, sign: object) -> StoreError:
        """The error to raise where the file does not hold what was written."""
        return StoreError(f"{self.file} is damaged ({sign}): {self.mend}")

    @property
    def mend(self) -> str:
        """What to do where the file does not hold what was written."""
        return (
            f"rebuild it from the original files that it keeps with: policyqa rebuild --store {self.file.parent}; "
            "where that refuses, restore it with policyqa restore, or ingest the files into a new store"
        )

    def _told(self, error: Exception) -> StoreError:
        """What SQLite, or a row's checksum, says is wrong with the file, as one sentence."""
        code = getattr(error, "sqlite_errorcode", None)
        primary = code & 0xFF if code is not None else None
        if primary in _IN_USE:
            return StoreBusyError(f"{self.file} is in use by another process ({error}): wait and try again")
        if primary == sqlite3.SQLITE_INTERRUPT:
            return StoreError(f"{self.file} was closed while it was being read")
        if primary in _UNREADABLE:
            return StoreError(f"{self.file} can't be read or written ({error}): mend the disk or its permissions")
        return self.damaged(error)

    @contextmanager
    def reading(self, *, afresh: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection inside a read transaction: everything read through it is of one generation.

        ``afresh`` reads the file itself and not the pages that SQLite remembers of earlier readings.
        Raises StoreError, also where something read within turns out not to be what was written.
        """
        with self.named_damage():
            connection = self._connect() if afresh else self._borrow()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def named_damage(self) -> Iterator[None]:
        """Turns what SQLite, or a row's seal, says is wrong into the StoreError that names the file."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError, BrokenSealError) as error:  # SQLite quotes what it read
            raise self._told(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside a write transaction, committed at the end, rolled back where anything is raised.

        Raises sqlite3.Error where the disk refuses, StoreError where a row is not what was written.
        """
        connection = self._connect()
        try:
            disk.step("begin catalogue")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            disk.step("commit catalogue")
            connection.execute("COMMIT")
            disk.step("committed catalogue")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, BrokenSealError):
                raise self.damaged(error) from error
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

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if self._closed:
            connection.close()
        else:
            self._idle.put(connection)

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
    """Every fact of the meta table. Raises BrokenSealError where one is missing or not what was written."""
    found = dict(intact("meta", *row) for row in connection.execute("SELECT key, value, seal FROM meta"))
    if not found.keys() >= FACTS:
        raise BrokenSealError(f"the table meta lacks {min(FACTS - found.keys())}")
    return found


def generation(connection: sqlite3.Connection) -> int:
    """The number of the state that the connection's transaction sees; every change counts it up."""
    row = connection.execute("SELECT key, value, seal FROM meta WHERE key = 'generation'").fetchone()
    if row is None:
        raise BrokenSealError("the table meta lacks generation")
    return int(intact("meta", *row)[1])


def write_meta(connection: sqlite3.Connection, facts: Mapping[str, str]) -> None:
    """Sets facts of the meta table."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (sealed(*fact) for fact in facts.items()))


def next_generation(connection: sqlite3.Connection) -> None:
    """Counts the change that is being made; readers see by it that theirs is no longer the newest."""
    write_meta(connection, {"generation": str(generation(connection) + 1)})
