"""A small SQLite file that only its owner may read, used by any number of threads and processes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock

from ui.access.model import AccountError

_VERSION = 1
_PATIENCE_S = 2.0
"""How long a writer waits for another process's."""


class Database:
    """One file with one schema. Every method raises sqlite3.Error where the disk does not do as told."""

    def __init__(self, file: Path, schema: str, *, durable: bool) -> None:
        """Opens ``file`` or makes it. ``durable`` waits at each commit until it would outlive a power cut.

        Raises AccountError where the file is of a later version or can't be opened.
        """
        self.file = file
        self._lock = RLock()
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(file, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'OFF'}")
            self._prepare(schema)
        except (OSError, sqlite3.Error) as error:
            raise AccountError(
                f"{file} can't be used ({error}). Check that its folder may be written by whoever runs this, or bring "
                "it back from a copy."
            ) from error

    def _prepare(self, schema: str) -> None:
        with self.writing() as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found > _VERSION:
                raise AccountError(f"{self.file} was written by a later PolicyQA; update this one.")
            if found < _VERSION:
                for statement in schema.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={_VERSION}")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for queries."""
        with self._lock:
            yield self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The connection within one transaction, which counts only if nothing is raised."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def copy_to(self, target: Path) -> None:
        """Writes a complete copy while the file is in use. Raises AccountError where that can't be done."""
        if target.exists():
            raise AccountError(f"{target} exists already; name another file.")
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with self._lock, closing(sqlite3.connect(target)) as copy:
                self._connection.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
        except (OSError, sqlite3.Error) as error:
            raise AccountError(f"{target} could not be written ({error}); make room or name another place.") from error

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._connection.close()
