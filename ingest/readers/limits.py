"""How much of a file a reader will take on before it refuses, so that no single file can exhaust the machine."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ingest.errors import MissingExtraError, ReadError
from ingest.readers.wording import advice, problem

T = TypeVar("T")
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one file. The defaults let a 50 MB text file and a 3,000-page PDF through.

    ``seconds`` bounds the reading itself as far as a reader can look at the clock between two steps; a hard limit
    needs ``ingest.readers.sandbox``.
    """

    file_bytes: int = 200 * MIB
    unpacked_bytes: int = 400 * MIB
    unpacked_ratio: int = 300
    """Unpacked over packed size of one archive member. Deflate can't exceed 1,032; office XML stays below 60."""
    archive_members: int = 20_000
    pages: int = 3_000
    cells: int = 2_000_000
    text_chars: int = 60_000_000
    nesting: int = 400
    """Levels of elements within elements. lxml's own guard is 256 for documents that are well-formed XML."""
    seconds: float = 300.0


DEFAULT_LIMITS = Limits()


class Budget:
    """What is left of the limits while one file is read. Every method raises ReadError when a limit is passed."""

    __slots__ = ("_cells", "_chars", "_deadline", "limits", "name")

    def __init__(self, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self.name = name
        self.limits = limits
        self._cells = 0
        self._chars = 0
        self._deadline = time.monotonic() + limits.seconds

    def refuse(self, key: str, **values: object) -> ReadError:
        """The error to raise for this file; ``key`` names an entry of ``ingest.readers.wording``."""
        return ReadError(self.name, problem(key, **values), advice(key, **values))

    def refuse_extra(self, key: str, **values: object) -> MissingExtraError:
        """The error to raise where an optional part of PolicyQA is needed to read this file."""
        return MissingExtraError(self.name, problem(key, **values), advice(key, **values))

    def check_time(self) -> None:
        """Refuses when the reading has taken longer than ``limits.seconds``."""
        if time.monotonic() > self._deadline:
            raise self.refuse("too_slow", limit=f"{self.limits.seconds:g}")

    def check_size(self, n_bytes: int) -> None:
        """Refuses a file of more than ``limits.file_bytes``."""
        if n_bytes > self.limits.file_bytes:
            raise self.refuse("too_large", size=mib(n_bytes), limit=mib(self.limits.file_bytes))

    def check_pages(self, n_pages: int) -> None:
        """Refuses a file of more than ``limits.pages``."""
        if n_pages > self.limits.pages:
            raise self.refuse("too_many_pages", pages=n_pages, limit=self.limits.pages)

    def spend_cells(self, n_cells: int) -> None:
        """Counts table cells and looks at the clock."""
        self._cells += n_cells
        if self._cells > self.limits.cells:
            raise self.refuse("too_many_cells", limit=self.limits.cells)
        self.check_time()

    def spend_chars(self, n_chars: int) -> None:
        """Counts characters of extracted text."""
        self._chars += n_chars
        if self._chars > self.limits.text_chars:
            raise self.refuse("too_much_text", limit=self.limits.text_chars)

    def ticking(self, items: Iterable[T], every: int = 256) -> Iterator[T]:
        """The same items, with a look at the clock every few."""
        for count, item in enumerate(items):
            if count % every == 0:
                self.check_time()
            yield item


def mib(n_bytes: int) -> str:
    """A size for people, in MB with at most one decimal."""
    return f"{n_bytes / MIB:.1f}".removesuffix(".0")
