"""The store as the answering pipeline reads it: names, word counts and cut-up clauses, kept until the store changes."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.model import Clause, PolicyDocument
from qa.language import plain
from qa.late import TokenEncoder, TokenTable
from qa.spelling import Speller
from qa.stacks import Kept, Stacks
from qa.titles import Titles
from qa.views import View, Views
from qa.wordcounts import WordCounts

if TYPE_CHECKING:
    from index.protocol import PolicyReader, PolicyStore

__all__ = ["Library", "Shelf", "View"]

_SAMPLE_CHARACTERS = 600_000
_OPENING_CHARACTERS = 400
_OPENING_CLAUSES = 4
_MOST_PROFILES = 20_000
_MOST_PATHS = 130_000
"""Clauses and documents, as many as are made ready: about 0.2 kB each beside the clauses, which the views hold."""
_MOST_COUNTS = 100_000
_SMALL = 8_000
"""Clauses up to which a library is small. In larger ones near duplicates make most questions a close call."""


class Shelf:
    """One state of the store. Documents and views are read when first needed and kept.

    Each question has a shelf of its own, `at` the moment that it is asked; what is kept is common to all of one state.
    """

    def __init__(self, store: PolicyReader, before: Shelf | None = None) -> None:
        self.generation = store.generation
        self._store = store
        self._once: dict[str, Any] = {}
        """What is worked out once for a state, by name."""
        if before is not None and before.known_titles is not None:
            self._once["titles before"] = before.known_titles
        self._stacks = Stacks(store)
        self._counts: Kept[int] = Kept(_MOST_COUNTS)
        self._paths: Kept[_Paths] = Kept(_MOST_PATHS, lambda paths: len(paths.each) + 1)
        self._profiles: Kept[str] = Kept(_MOST_PROFILES)
        self._tokens = before.tokens if before is not None else _token_table(store)
        self._views = Views(self._stacks, self._tokens)

    def at(self, store: PolicyReader) -> Shelf:
        """The shelf of the same state that reads from ``store`` what it doesn't hold yet."""
        other = copy(self)
        other._store = store
        other._stacks = self._stacks.at(store)
        other._views = self._views.at(other._stacks)
        return other

    @property
    def titles(self) -> Titles:
        """The documents by name."""
        held: Titles | None = self._once.get("titles")
        if held is None:
            made = Titles(self._store.documents(), self._once.get("titles before"))
            held = self._once.setdefault("titles", made)
            self._once.pop("titles before", None)
        return held

    @property
    def known_titles(self) -> Titles | None:
        """The documents by name where they have been read, of this state or of the one before."""
        return self._once.get("titles") or self._once.get("titles before")

    @property
    def sample(self) -> tuple[str, ...]:
        """Plain texts of clauses from all over the store, 600,000 characters at most: what word counts are read off."""
        held: tuple[str, ...] | None = self._once.get("sample")
        return held if held is not None else self._once.setdefault("sample", self._sample())

    def _sample(self) -> tuple[str, ...]:
        documents = list(self.titles.documents)
        step = max(1, len(documents) // 400)
        texts: list[str] = []
        size = 0
        for offset in range(step):
            for doc_id in documents[offset::step]:
                for text in map(plain, self._store.texts(doc_id)):
                    texts.append(text)
                    size += len(text)
                if size > _SAMPLE_CHARACTERS:
                    return tuple(texts)
        return tuple(texts)

    def profile(self, document: PolicyDocument) -> str:
        """What a document is known by, `plain`: its names, issuers and opening words, 400 characters of them."""
        return self._profiles.of(document.doc_id, lambda: self._profile(document))

    def _profile(self, document: PolicyDocument) -> str:
        opening = ""
        for text in self._store.texts(document.doc_id, _OPENING_CLAUSES):
            opening += text[: _OPENING_CHARACTERS - len(opening)]
        return plain(" ".join((document.title, *document.aliases, document.number or "", *document.issuers, opening)))

    @property
    def is_small(self) -> bool:
        """Whether there are 8,000 clauses at most: then close calls are few enough to be read again."""
        held: bool | None = self._once.get("small")
        if held is None:
            # counting clauses takes long where there are millions
            small = len(self.titles.documents) <= _SMALL and self._store.stats.clauses <= _SMALL
            held = self._once.setdefault("small", small)
        return held

    @property
    def speller(self) -> Speller:
        """Mends questions against the store's own words."""
        held: Speller | None = self._once.get("speller")
        return held or self._once.setdefault("speller", Speller(self._words, self.titles.words))

    @property
    def tokens(self) -> TokenTable | None:
        """Token vectors, where the encoder has any."""
        return self._tokens

    def count(self, word: str) -> int:
        """In how many of the sample's clauses ``word`` stands."""
        return self._counts.of(word, lambda: self._words.texts_with(word))

    @property
    def _words(self) -> WordCounts:
        held: WordCounts | None = self._once.get("words")
        return held or self._once.setdefault("words", WordCounts(self.sample))

    def rarity(self, word: str) -> float:
        """The inverse document frequency of ``word`` in the sample: about 0.1 for 发展, 5 and up for rare words."""
        return math.log(1 + (len(self.sample) + 1) / (self.count(word) + 0.5))

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        return self._stacks.document(doc_id)

    def under_headings(self, doc_id: str, names: Sequence[str]) -> list[Clause]:
        """A document's clauses whose path has any of those names in `plain` form, in reading order.

        Raises UnknownDocumentError.
        """
        paths = self._paths_in(doc_id)
        if not any(name in paths.joined for name in names):
            return []
        return [clause for steps, clause in paths.each if any(name in steps for name in names)]

    def _paths_in(self, doc_id: str) -> _Paths:
        return self._paths.of(doc_id, lambda: _paths(self.document(doc_id)))

    def clause(self, doc_id: str, clause_id: str) -> Clause | None:
        """The clause of that id in that document, or None."""
        return self._stacks.clauses([clause_id]).get(clause_id)

    def children(self, doc_id: str, clause_id: str | None) -> Sequence[Clause]:
        """The clauses directly below one, in reading order."""
        return self._stacks.children(doc_id, clause_id)

    def below(self, doc_id: str, clause_id: str | None) -> tuple[str, ...]:
        """The ids of the clauses directly below one, in reading order, without fetching those."""
        return self._stacks.below(doc_id, clause_id)

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out."""
        return self._stacks.clauses(clause_ids)

    def descendants(self, doc_id: str, clause_id: str) -> list[Clause]:
        """All clauses below one, in reading order."""
        below: list[Clause] = []
        for child in self.children(doc_id, clause_id):
            below.append(child)
            below.extend(self.descendants(doc_id, child.clause_id))
        return below

    def source_text(self, name: str) -> str:
        """The text in which the spans of that file count."""
        return self._stacks.source_text(name)

    def view(self, clause: Clause, document: PolicyDocument) -> View:
        """``clause`` made ready for comparing."""
        return self.views([(clause, document)])[0]

    def views(self, clauses: Sequence[tuple[Clause, PolicyDocument]]) -> list[View]:
        """Clauses, each with its document, made ready for comparing: many in one go cost less than one by one."""
        return self._views.of(clauses)

    def make_ready(self) -> None:
        """Makes all clauses ready for comparing, where so many can be kept, so that no question has to wait for it.

        Raises StoreError. About 0.3 ms a clause.
        """
        if self._views.room_for(self._store.stats.clauses):
            for doc_id, document in self.titles.documents.items():
                self._views.of([(clause, document) for clause in self.document(doc_id).clauses])
                self._paths_in(doc_id)


@dataclass(frozen=True, slots=True)
class _Paths:
    """The paths of a document's clauses, in `plain` form, their steps parted by line ends: of all, and of each."""

    joined: str
    each: tuple[tuple[str, Clause], ...]


def _paths(document: PolicyDocument) -> _Paths:
    each = tuple(("\n".join(map(plain, clause.path)), clause) for clause in document.clauses)
    return _Paths("\n".join(steps for steps, _ in each), each)


def _token_table(store: PolicyReader) -> TokenTable | None:
    encoder = store.encoder
    return TokenTable(encoder, encoder.dim) if isinstance(encoder, TokenEncoder) else None


class Library:
    """Gives the shelf of the store's present state, making a new one after every commit."""

    def __init__(self, store: PolicyStore) -> None:
        self.store = store
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()

    def shelf(self, now: PolicyReader | None = None) -> Shelf:
        """The shelf of the state that ``now`` is at, reading from there; None: the store at each reading."""
        now = self.store if now is None else now
        generation = now.generation
        shelf = self._shelf
        if shelf is None or shelf.generation != generation:
            with self._lock:
                shelf = self._shelf
                if shelf is None or shelf.generation != generation:
                    shelf = self._shelf = Shelf(now, shelf)
        return shelf.at(now)
