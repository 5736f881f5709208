"""What an engine must be able to do: keep whole files, show one state of them to a reader, and find passages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from index.filters import Standing
from index.prepare import ReadyFile
from index.types import FileChange, Filters, StoredFile

FORMAT = 1
T = TypeVar("T")
Order = tuple[int | str, int | str]
"""Sorts documents and passages of one server in the order in which they came."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a server keeps about its part of a store. ``library`` is the same in all parts of one store."""

    library: str
    part: int
    parts: int
    encoder: str
    encoder_revision: str
    dim: int
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Totals:
    """How much a server holds; ``terms`` counts the terms of all passages, repeats included."""

    files: int
    documents: int
    clauses: int
    passages: int
    terms: int
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A document's record without its clauses, and when it came."""

    order: Order
    record: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's record, its clauses' records in reading order, their checksum, and how many passages it has."""

    record: str
    clauses: tuple[str, ...]
    clauses_crc: int
    passages: int


@dataclass(frozen=True, slots=True)
class Named:
    """A document that goes by a name; ``by_title`` where that is its title and not an alias."""

    doc_id: str
    status: str
    by_title: bool
    day: str
    order: Order


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a document to others: its names, and what it says of others by theirs.

    ``names`` are keys of its title, number and aliases; ``day`` is the first on which it applies, empty where unknown;
    ``endings`` are (key of a name, status, day or None), ``edition_key`` as `index.prepare.edition_key` has it.
    """

    doc_id: str
    title_key: str
    names: tuple[str, ...]
    kind: str
    region: str
    day: str
    edition_key: str | None
    endings: tuple[tuple[str, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search looks for: the question, its vector, and for each of its terms how rare it is.

    ``weights`` are inverse document frequencies, ``frequencies`` about how many of the server's ``passages`` hold a
    term.
    """

    query: str
    vector: npt.NDArray[np.float32]
    weights: Mapping[str, float]
    frequencies: Mapping[str, float]
    passages: int
    count: int
    filters: Filters
    standings: Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the search by meaning or by words found, with all that scoring and showing it needs."""

    passage: str
    order: Order
    clause_id: str
    doc_id: str
    start: int
    stop: int
    terms: str
    cosine: float
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one server, with the records of their clauses and documents by id."""

    candidates: tuple[Candidate, ...]
    clauses: Mapping[str, str]
    documents: Mapping[str, str]


class View(Protocol):
    """One state of a server: everything that is read through it belongs together."""

    def totals(self) -> Totals:
        """How much there is."""
        ...

    def documents(self, filters: Filters, standings: Mapping[str, Standing]) -> list[Listed]:
        """The documents that pass, those in ``standings`` as these say."""
        ...

    def ties(self) -> list[Tie]:
        """The documents that end others or are one of several editions."""
        ...

    def bearers(self, names: Sequence[str]) -> list[Tie]:
        """The documents that have one of those names, given as keys."""
        ...

    def records(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """The records of those documents by id, as many as are here."""
        ...

    def document(self, doc_id: str) -> StoredDocument | None:
        """A document with its clauses; None where it is not here."""
        ...

    def clause(self, clause_id: str) -> tuple[str, str] | None:
        """The records of a clause and of its document; None where it is not here."""
        ...

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, str]:
        """The records of those clauses by id, as many as are here."""
        ...

    def searchable(self, doc_id: str) -> int:
        """How many passages of a document a search can find."""
        ...

    def files(self) -> list[StoredFile]:
        """The files, in any order."""
        ...

    def source(self, name: str) -> bytes | None:
        """The compressed text of a file; None where it is not here."""
        ...

    def original(self, name: str) -> bytes | None:
        """The compressed bytes of a file; None where it is not here."""
        ...

    def find(self, sought: Sought) -> Found:
        """``count`` passages nearest in meaning and ``count`` best worded ones, or somewhat more."""
        ...

    def named(self, key: str) -> list[Named]:
        """The documents whose title or alias has that `title_key`."""
        ...

    def articles(self, doc_id: str) -> list[tuple[str, str]]:
        """(label, clause id) of a document's articles in reading order."""
        ...

    def owners(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """Which file each of those documents is in, for those that are here."""
        ...

    def sampled(self, share: float) -> dict[int, int]:
        """Key → edition of a fixed share of the files, those whose hashed name falls below it."""
        ...

    def word_counts(self, keys: Sequence[int]) -> dict[int, bytes]:
        """For files by key: in how many passages each term stands, as `index.engines.bm25.pack` writes it."""
        ...

    def feedback(self) -> list[tuple[str, str]]:
        """(time, record) of everything readers said."""
        ...


class Shard(Protocol):
    """One server with one part of a store. Every method raises EngineUnreachableError where it does not answer."""

    address: str
    """For people, without any password."""

    def facts(self) -> Facts | None:
        """What it keeps about its part; None where it holds no store yet. Raises StoreError where it can't be read."""
        ...

    def dimension(self) -> int | None:
        """Numbers in a vector, read off the table itself; None where there is none."""
        ...

    def create(self, facts: Facts) -> None:
        """Makes an empty part. Raises StoreError where that isn't allowed."""
        ...

    def generation(self) -> int:
        """Changes with every commit."""
        ...

    def read(self, work: Callable[[View], T]) -> T:
        """What ``work`` makes of one state; it may be called again where that state is overtaken."""
        ...

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in, each in place of what its name held, in one commit. Raises StoreError."""
        ...

    def remove(self, doc_id_or_file: str) -> tuple[str, ...] | None:
        """Takes out one document, or all of a file; None where there is none of that name."""
        ...

    def record_feedback(self, line: str) -> None:
        """Keeps what a reader thought."""
        ...

    def close(self) -> None:
        """Lets go of connections."""
        ...
