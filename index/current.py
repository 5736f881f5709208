"""The newest generation, held ready for searching and exchanged whole when a writer has committed another."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.catalogue import Catalogue, read_meta
from index.catalogue import generation as generation_of
from index.errors import StoreError
from index.snapshot import Snapshot, take_snapshot


class Current:
    """Gives every search a read transaction and the snapshot of the very generation that the transaction sees."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._snapshot: Snapshot | None = None
        self._refreshing = threading.Lock()

    @contextmanager
    def state(self) -> Iterator[tuple[sqlite3.Connection, Snapshot]]:
        """A connection inside a read transaction, and its snapshot. Raises StoreError where files are damaged."""
        while True:
            with self._catalogue.reading() as connection:
                snapshot = self._matching(connection)
                if snapshot is not None:
                    yield connection, snapshot
                    return

    def refresh_if_loaded(self) -> None:
        """Brings a snapshot that is in use up to date, so that the next search needn't."""
        if self._snapshot is not None:
            with self.state():
                return

    def let_go(self) -> None:
        """Drops what is held in memory."""
        self._snapshot = None

    def _matching(self, connection: sqlite3.Connection) -> Snapshot | None:
        """The snapshot for the transaction's generation; None where a writer was quicker and it must start anew."""
        generation = generation_of(connection)
        held = self._snapshot
        if held is not None and held.generation == generation:
            return held
        with self._refreshing:
            held = self._snapshot
            if held is not None and held.generation >= generation:
                return held if held.generation == generation else None
            try:
                fresh = take_snapshot(connection, self._folder, read_meta(connection), held)
            except (StoreError, OSError):
                # A writer that renumbers deletes the old files once the new ones count.
                if self._newest() != generation:
                    return None
                raise
            # The word index takes removals only after the generation that removes them is committed, so a view of it
            # that was made while this generation was still the newest lacks nothing of it.
            if self._newest() != generation:
                return None
            self._snapshot = fresh
            return fresh

    def _newest(self) -> int:
        with self._catalogue.reading() as connection:
            return generation_of(connection)
