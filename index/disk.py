"""Every lasting change to a store's own files goes through here, each step announced under a name.

A test can listen and stop the process at any step, which is how the store's promise, old state or new state and nothing
between, is checked at every write.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Observer = Callable[[str], None]
_observer: Observer | None = None


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Calls ``observer`` with each step's name, before the step is taken, for as long as the context lasts."""
    global _observer  # noqa: PLW0603  one process, one observer
    before, _observer = _observer, observer
    try:
        yield
    finally:
        _observer = before


def step(name: str) -> None:
    """Announces the next step."""
    if _observer is not None:
        _observer(name)


def append(path: Path, data: bytes | memoryview, *, offset: int) -> None:
    """Writes ``data`` at ``offset``, which ends the file there, and waits until the disk has it.

    Bytes beyond ``offset`` are what an interrupted writer left; they are cut off first. Raises OSError.
    """
    step(f"open {path.name}")
    with path.open("r+b" if path.exists() else "w+b") as file:
        if file.seek(0, os.SEEK_END) < offset:
            raise OSError(errno.EIO, f"the file ends before byte {offset}, where it should go on", str(path))
        file.truncate(offset)
        file.seek(offset)
        half = len(data) // 2
        step(f"write {path.name}")
        file.write(data[:half])
        file.flush()
        step(f"write more {path.name}")
        file.write(data[half:])
        file.flush()
        step(f"sync {path.name}")
        os.fsync(file.fileno())
    step(f"wrote {path.name}")


def replace(path: Path, data: bytes) -> None:
    """Puts ``data`` in place of whatever ``path`` held, so that a reader sees old bytes or new ones. Raises OSError."""
    fresh = path.with_name(path.name + ".new")
    step(f"write {fresh.name}")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    swap(fresh, path)


def swap(fresh: Path, path: Path) -> None:
    """Renames ``fresh``, already on disk, to ``path`` and waits until the folder has it."""
    step(f"rename {path.name}")
    fresh.replace(path)
    sync_folder(path.parent)
    step(f"renamed {path.name}")


def sync_file(path: Path) -> None:
    """Waits until the disk has the bytes of a file that something else wrote; nothing for a folder."""
    if path.is_file():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the disk has the folder's entries; does nothing where the system can't open a folder (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
