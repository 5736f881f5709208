"""The store as the answering pipeline reads it: names, word counts and cut-up clauses, kept until the store changes."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ingest.model import Clause, PolicyDocument
from qa.language import plain
from qa.late import NO_TOKENS, TokenEncoder, TokenIds, TokenTable
from qa.lexicon import bodies
from qa.sentences import Sentence, split_clause
from qa.spelling import Speller
from qa.titles import Titles
from qa.wordcounts import WordCounts

if TYPE_CHECKING:
    from index.store import Store

_SAMPLE_CHARACTERS = 600_000
_CONTEXT_CHARACTERS = 160
_OPENING_CHARACTERS = 400
_MOST_VIEWS = 50_000


@dataclass(frozen=True, slots=True)
class View:
    """A clause made ready for comparing. The plain texts are in `qa.language.plain` form.

    ``context`` is the text of the clauses above it, which its path shortens to headings (必须同时符合以下条件).
    """

    clause: Clause
    document: PolicyDocument
    text: str
    path: str
    step: str
    """The last step of the path: the clause's own label and heading."""
    title: str
    """The document's names and issuers."""
    context: str
    sentences: tuple[Sentence, ...]
    sentence_texts: tuple[str, ...]
    sentence_ids: tuple[TokenIds, ...]
    around_ids: TokenIds
    """Tokens of the path and of the clauses above."""
    title_ids: TokenIds


class Shelf:
    """One state of the store. Documents and views are read when first needed and kept."""

    def __init__(self, store: Store, generation: int, before: Shelf | None = None) -> None:
        self.generation = generation
        self._store = store
        self._titles_before = before.known_titles if before is not None else None
        self._documents: dict[str, PolicyDocument] = {}
        self._by_id: dict[str, dict[str, Clause]] = {}
        self._children: dict[str, dict[str | None, list[Clause]]] = {}
        self._sources: dict[str, str] = {}
        self._views: dict[str, View] = {}
        self._counts: dict[str, int] = {}
        self._profiles: dict[str, str] = {}
        encoder = store.encoder
        self._tokens = TokenTable(encoder, encoder.dim) if isinstance(encoder, TokenEncoder) else None

    @cached_property
    def titles(self) -> Titles:
        """The documents by name."""
        titles = Titles(self._store.documents(), self._titles_before)
        self._titles_before = None
        return titles

    @property
    def known_titles(self) -> Titles | None:
        """The documents by name where they have been read, of this state or of the one before."""
        held: Titles | None = self.__dict__.get("titles")
        return held or self._titles_before

    @cached_property
    def sample(self) -> tuple[str, ...]:
        """Plain texts of clauses from all over the store, 600,000 characters at most: what word counts are read off."""
        documents = list(self.titles.documents)
        step = max(1, len(documents) // 400)
        texts: list[str] = []
        size = 0
        for offset in range(step):
            for doc_id in documents[offset::step]:
                for clause in self.document(doc_id).clauses:
                    text = plain(clause.text)
                    texts.append(text)
                    size += len(text)
                if size > _SAMPLE_CHARACTERS:
                    return tuple(texts)
        return tuple(texts)

    def profile(self, doc_id: str) -> str:
        """What a document is known by, `plain`: its names, issuers and opening words, 400 characters of them."""
        known = self._profiles.get(doc_id)
        if known is None:
            document = self.document(doc_id)
            opening = ""
            for clause in document.clauses[:4]:
                opening += clause.text[: _OPENING_CHARACTERS - len(opening)]
            names = (document.title, *document.aliases, document.number or "", *document.issuers, opening)
            known = self._profiles[doc_id] = plain(" ".join(names))
        return known

    @cached_property
    def speller(self) -> Speller:
        """Mends questions against the store's own words."""
        return Speller(self._words, (plain(d.title) for d in self.titles.documents.values()))

    @property
    def tokens(self) -> TokenTable | None:
        """Token vectors, where the encoder has any."""
        return self._tokens

    def count(self, word: str) -> int:
        """In how many of the sample's clauses ``word`` stands."""
        known = self._counts.get(word)
        if known is None:
            known = self._counts[word] = self._words.texts_with(word)
        return known

    @cached_property
    def _words(self) -> WordCounts:
        return WordCounts(self.sample)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of ``word`` in the sample: about 0.1 for 发展, 5 and up for rare words."""
        return math.log(1 + (len(self.sample) + 1) / (self.count(word) + 0.5))

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        known = self._documents.get(doc_id)
        if known is None:
            known = self._documents[doc_id] = self._store.document(doc_id)
        return known

    def clause(self, doc_id: str, clause_id: str) -> Clause | None:
        """The clause of that id in that document, or None."""
        table = self._by_id.get(doc_id)
        if table is None:
            table = self._by_id[doc_id] = {c.clause_id: c for c in self.document(doc_id).clauses}
        return table.get(clause_id)

    def children(self, doc_id: str, clause_id: str | None) -> Sequence[Clause]:
        """The clauses directly below one, in reading order."""
        table = self._children.get(doc_id)
        if table is None:
            table = {}
            for clause in self.document(doc_id).clauses:
                table.setdefault(clause.parent_id, []).append(clause)
            self._children[doc_id] = table
        return table.get(clause_id, ())

    def descendants(self, doc_id: str, clause_id: str) -> list[Clause]:
        """All clauses below one, in reading order."""
        below: list[Clause] = []
        for child in self.children(doc_id, clause_id):
            below.append(child)
            below.extend(self.descendants(doc_id, child.clause_id))
        return below

    def source_text(self, name: str) -> str:
        """The text in which the spans of that file count."""
        known = self._sources.get(name)
        if known is None:
            known = self._sources[name] = self._store.source(name).text
        return known

    def view(self, clause: Clause, document: PolicyDocument) -> View:
        """``clause`` made ready for comparing."""
        known = self._views.get(clause.clause_id)
        if known is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            known = self._views[clause.clause_id] = self._make_view(clause, document)
        return known

    def _make_view(self, clause: Clause, document: PolicyDocument) -> View:
        sentences = split_clause(clause, self.source_text(document.source))
        texts = tuple(plain(sentence.text) for sentence in sentences)
        path = plain(" ".join(clause.path))
        above: list[str] = []
        parent = self.clause(document.doc_id, clause.parent_id) if clause.parent_id else None
        while parent is not None and len(above) < 3:
            above.append(plain(parent.text)[:_CONTEXT_CHARACTERS])
            parent = self.clause(document.doc_id, parent.parent_id) if parent.parent_id else None
        return View(
            clause=clause,
            document=document,
            text=" ".join(texts),
            path=path,
            step=plain(clause.path[-1]) if clause.path else "",
            title=plain(" ".join((document.title, *document.aliases, *document.issuers, *_short_issuers(document)))),
            context=" ".join(above),
            sentences=sentences,
            sentence_texts=texts,
            sentence_ids=tuple(self._ids(text) for text in texts),
            around_ids=self._ids(" ".join((path, *above))),
            title_ids=self._ids(plain(document.title)),
        )

    def _ids(self, text: str) -> TokenIds:
        return self._tokens.ids(text) if self._tokens is not None else NO_TOKENS


def _short_issuers(document: PolicyDocument) -> list[str]:
    return [short for issuer in document.issuers for short in bodies().shorts.get(issuer, ())]


class Library:
    """Gives the shelf of the store's present state, making a new one after every commit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._shelf: Shelf | None = None
        self._lock = threading.Lock()

    def shelf(self) -> Shelf:
        """The present state of the store."""
        generation = self.store.generation
        shelf = self._shelf
        if shelf is None or shelf.generation != generation:
            with self._lock:
                shelf = self._shelf
                if shelf is None or shelf.generation != generation:
                    shelf = self._shelf = Shelf(self.store, generation, shelf)
        return shelf
