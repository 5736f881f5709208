"""Looks over a large catalogue in the background: opening needn't wait for it, and nothing is handed out before it.

What a look finds is what readings can't see by themselves: a row that an index no longer leads to is not read, so its
seal says nothing.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait

from index.catalogue import Catalogue
from index.verify import document_signs, structure_signs

AGAIN_AFTER_S = 3_600.0
"""How old a look may become, in a store that stays open, before the next one begins beside what is being read."""
SETTLED_S = 10.0
"""A store that is used when it has been open for so long is looked over whole, though nothing has needed that yet."""
_PATIENCE_S = 0.05


class Watch:
    """What is known of a catalogue's soundness. Any number of threads may ask."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._documents = _Look(catalogue, document_signs)
        self._structure = _Look(catalogue, structure_signs)
        self._opened_at = time.monotonic()

    def trust(self) -> None:
        """Takes note that somebody else has just read all of the catalogue and found it sound."""
        self._documents.trust()
        self._structure.trust()

    def begin(self) -> None:
        """Begins to look at what concerns documents: 0.2 s in a million clauses."""
        self._documents.assure(waiting=False)

    def assure_documents(self) -> None:
        """Returns once rows and indexes of documents were found sound. Raises StoreError."""
        self._documents.assure()
        if time.monotonic() - self._opened_at >= SETTLED_S:
            self._structure.assure(waiting=False)

    def assure(self) -> None:
        """Returns once all indexes were found sound, 2 s in a million clauses. Raises StoreError."""
        self._structure.assure()

    def close(self) -> None:
        """Ends what is under way."""
        self._documents.close()
        self._structure.close()


class _Look:
    """The latest look at one side of a catalogue."""

    def __init__(self, catalogue: Catalogue, signs: Callable[[sqlite3.Connection], Iterable[str]]) -> None:
        self._catalogue = catalogue
        self._signs = signs
        self._changing = threading.Lock()
        self._sound_at: float | None = None
        self._running: Future[None] | None = None
        self._connection: sqlite3.Connection | None = None

    def trust(self) -> None:
        self._sound_at = time.monotonic()

    def assure(self, *, waiting: bool = True) -> None:
        """Returns once a look has found the catalogue sound, at once where one has; an hour later begins another.

        Raises StoreError where the latest look found damage; the next call looks again. Not ``waiting``: only begins.
        """
        with self._changing:
            last = self._sound_at
            if last is not None and time.monotonic() - last < AGAIN_AFTER_S:
                return
            running = self._running or self._begin()
        if waiting and last is None:
            running.result()

    def close(self) -> None:
        while True:
            with self._changing:
                running = self._running
                if self._connection is not None:
                    self._connection.interrupt()
            if running is None:
                return
            wait([running], _PATIENCE_S)

    def _begin(self) -> Future[None]:
        threads = ThreadPoolExecutor(1, thread_name_prefix="catalogue")
        self._running = threads.submit(self._look)
        threads.shutdown(wait=False)
        return self._running

    def _look(self) -> None:
        sound = False
        try:
            with self._catalogue.reading(afresh=True) as connection:
                try:
                    with self._changing:
                        self._connection = connection
                    for sign in self._signs(connection):
                        raise self._catalogue.damaged(sign)
                finally:
                    with self._changing:
                        self._connection = None
            sound = True
        finally:
            with self._changing:
                self._sound_at = time.monotonic() if sound else None
                self._running = None
