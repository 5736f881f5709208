"""What the shelf has fetched from the store, kept for the next question as far as there is room."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ingest.model import Clause, PolicyDocument

if TYPE_CHECKING:
    from index.protocol import PolicyReader

V = TypeVar("V")

_ROOM_CLAUSES = 120_000
"""Views hold most of them anyway."""
_ROOM_DOCUMENTS = 30_000
_ROOM_CHARACTERS = 20_000_000
_ROOM_OUTLINED = 200_000


class Kept(Generic[V]):
    """Values by name, up to ``room`` in all; the oldest go first. Safe from any number of threads.

    ``size`` says how much room a value takes: 1 each where it isn't given.
    """

    def __init__(self, room: int, size: Callable[[V], int] = lambda _: 1) -> None:
        self._room = room
        self._size = size
        self._held: dict[str, V] = {}
        self._taken = 0
        self._lock = threading.Lock()

    def get(self, name: str) -> V | None:
        """The value, None where it isn't kept."""
        return self._held.get(name)

    def of(self, name: str, make: Callable[[], V]) -> V:
        """The value, made and kept where it wasn't."""
        known = self._held.get(name)
        return known if known is not None else self.put(name, make())

    def put(self, name: str, value: V) -> V:
        """Keeps the value; the one that is kept under that name now, which another thread may have made."""
        with self._lock:
            known = self._held.get(name)
            if known is not None:
                return known
            self._held[name] = value
            self._taken += self._size(value)
            while self._taken > self._room and len(self._held) > 1:
                oldest = next(iter(self._held))
                self._taken -= self._size(self._held.pop(oldest))
        return value

    def __len__(self) -> int:
        return len(self._held)


@dataclass(frozen=True, slots=True)
class Outline:
    """How a document's clauses hang together: for each clause (None: the document) the ids directly below it."""

    below: dict[str | None, tuple[str, ...]]
    clauses: int


class Stacks:
    """Clauses, outlines, whole documents and source texts of one state of the store, fetched when first needed."""

    def __init__(self, store: PolicyReader) -> None:
        self._store = store
        self._clauses: Kept[Clause] = Kept(_ROOM_CLAUSES)
        self._outlines: Kept[Outline] = Kept(_ROOM_OUTLINED, lambda outline: outline.clauses + 1)
        self._documents: Kept[PolicyDocument] = Kept(_ROOM_DOCUMENTS, lambda document: len(document.clauses) + 1)
        self._sources: Kept[str] = Kept(_ROOM_CHARACTERS, len)

    def at(self, store: PolicyReader) -> Stacks:
        """The same, what it keeps in common, reading from ``store``, which is at the same state."""
        other = copy(self)
        other._store = store
        return other

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        return self._documents.of(doc_id, lambda: self._store.document(doc_id))

    def source_text(self, name: str) -> str:
        """The text in which the spans of that file count. Raises UnknownDocumentError."""
        return self._sources.of(name, lambda: self._store.source(name).text)

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids; an id that no clause has is left out."""
        found = {clause_id: clause for clause_id in clause_ids if (clause := self._clauses.get(clause_id)) is not None}
        wanted = [clause_id for clause_id in dict.fromkeys(clause_ids) if clause_id not in found]
        if wanted:
            for clause_id, clause in self._store.clauses(wanted).items():
                found[clause_id] = self._clauses.put(clause_id, clause)
        return found

    def clause(self, clause_id: str | None) -> Clause | None:
        """The clause of that id, or None."""
        return self.clauses([clause_id]).get(clause_id) if clause_id else None

    def children(self, doc_id: str, clause_id: str | None) -> Sequence[Clause]:
        """The clauses directly below one, in reading order."""
        below = self.below(doc_id, clause_id)
        found = self.clauses(below) if below else {}
        return [found[child] for child in below]

    def below(self, doc_id: str, clause_id: str | None) -> tuple[str, ...]:
        """The ids of the clauses directly below one, in reading order, without fetching those."""
        return self.outline(doc_id).below.get(clause_id, ())

    def keep(self, clauses: Iterable[Clause]) -> None:
        """Keeps clauses that were fetched some other way, by a search."""
        for clause in clauses:
            self._clauses.put(clause.clause_id, clause)

    def outline(self, doc_id: str) -> Outline:
        """How the document's clauses hang together. Raises UnknownDocumentError."""
        return self._outlines.of(doc_id, lambda: _outline(self._store.outline(doc_id)))


def _outline(pairs: Sequence[tuple[str, str | None]]) -> Outline:
    below: dict[str | None, list[str]] = {}
    for clause_id, parent_id in pairs:
        below.setdefault(parent_id, []).append(clause_id)
    return Outline({parent: tuple(ids) for parent, ids in below.items()}, len(pairs))
