"""One writer at a time over a store's folder, across threads and processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.errors import StoreError

DEFAULT_WAIT_S = 60.0
_POLL_S = 0.05


class StoreBusyError(StoreError):
    """Another process or thread is writing to the store and did not finish in time."""


class WriterLock:
    """The right to write, held through an open file: the system gives it back when a process dies.

    Threads of one process queue on a mutex first, since file locks belong to processes on some systems. Entering it
    again from the thread that holds it is allowed and does nothing.
    """

    def __init__(self, path: Path, wait_s: float = DEFAULT_WAIT_S) -> None:
        self._path = path
        self._wait_s = wait_s
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the lock. Raises StoreBusyError, naming the holder, when it can't be had within the waiting time."""
        deadline = time.monotonic() + self._wait_s
        if not self._threads.acquire(timeout=self._wait_s):
            raise StoreBusyError(self._busy())
        try:
            if self._depth:
                yield
                return
            with self._path.open("a+b") as file:
                self._wait_for(file, deadline)
                self._depth = 1
                try:
                    self._sign(file)
                    yield
                finally:
                    self._depth = 0
                    _unlock(file)
        finally:
            self._threads.release()

    def _wait_for(self, file: IO[bytes], deadline: float) -> None:
        while not _try_lock(file):
            if time.monotonic() >= deadline:
                raise StoreBusyError(self._busy())
            time.sleep(_POLL_S)

    def _sign(self, file: IO[bytes]) -> None:
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()

    def _busy(self) -> str:
        holder = self._path.read_text(encoding="ascii", errors="replace").strip() if self._path.exists() else ""
        who = f"process {holder}" if holder else "another process"
        return (
            f"{self._path.parent} is being written to by {who} and did not become free within {self._wait_s:.0f} s: "
            "wait for it to finish and try again"
        )


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
