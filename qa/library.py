"""The store as the answering pipeline reads it: names, word counts and cut-up clauses, kept until the store changes."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

from ingest.model import Clause, PolicyDocument
from qa.language import plain
from qa.late import NO_TOKENS, TokenEncoder, TokenIds, TokenTable
from qa.lexicon import bodies
from qa.pointing import leaves_open
from qa.sentences import Sentence, split_clause
from qa.spelling import Speller
from qa.stacks import Kept, Stacks
from qa.titles import Titles
from qa.wordcounts import WordCounts

if TYPE_CHECKING:
    from index.protocol import PolicyStore

_SAMPLE_CHARACTERS = 600_000
_CONTEXT_CHARACTERS = 160
_OPENING_CHARACTERS = 400
_OPENING_CLAUSES = 4
_MOST_VIEWS = 20_000
_MOST_PROFILES = 20_000
_MOST_PATHS = 30_000
_MOST_COUNTS = 100_000
_MOST_POINTED_AT = 6


@dataclass(frozen=True, slots=True)
class View:
    """A clause made ready for comparing. The plain texts are in `qa.language.plain` form.

    ``context`` is the text of the clauses above it, which its path shortens to headings (必须同时符合以下条件), and of
    those that it leaves its matter to: 违反本法第三十四条规定的,处… says of what conduct only by that number.
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
    sentence_ids: tuple[TokenIds, ...] = ()
    around_ids: TokenIds = field(default_factory=lambda: NO_TOKENS)
    """Tokens of the path and of the clauses above."""
    title_ids: TokenIds = field(default_factory=lambda: NO_TOKENS)
    step_ids: TokenIds = field(default_factory=lambda: NO_TOKENS)


class Shelf:
    """One state of the store. Documents and views are read when first needed and kept."""

    def __init__(self, store: PolicyStore, generation: int, before: Shelf | None = None) -> None:
        self.generation = generation
        self._store = store
        self._titles_before = before.known_titles if before is not None else None
        self._stacks = Stacks(store)
        self._views: Kept[View] = Kept(_MOST_VIEWS)
        self._counts: Kept[int] = Kept(_MOST_COUNTS)
        self._paths: Kept[tuple[tuple[str, Clause], ...]] = Kept(_MOST_PATHS, lambda paths: len(paths) + 1)
        self._profiles: Kept[str] = Kept(_MOST_PROFILES)
        self._title_texts: Kept[str] = Kept(_MOST_PROFILES)
        self._title_ids: Kept[TokenIds] = Kept(_MOST_PROFILES)
        self._tokens = before.tokens if before is not None else _token_table(store)

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

    @cached_property
    def speller(self) -> Speller:
        """Mends questions against the store's own words."""
        return Speller(self._words, self.titles.words)

    @property
    def tokens(self) -> TokenTable | None:
        """Token vectors, where the encoder has any."""
        return self._tokens

    def count(self, word: str) -> int:
        """In how many of the sample's clauses ``word`` stands."""
        return self._counts.of(word, lambda: self._words.texts_with(word))

    @cached_property
    def _words(self) -> WordCounts:
        return WordCounts(self.sample)

    def rarity(self, word: str) -> float:
        """The inverse document frequency of ``word`` in the sample: about 0.1 for 发展, 5 and up for rare words."""
        return math.log(1 + (len(self.sample) + 1) / (self.count(word) + 0.5))

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        return self._stacks.document(doc_id)

    def by_path(self, doc_id: str) -> Sequence[tuple[str, Clause]]:
        """A document's clauses in reading order, each with the steps of its path in `plain` form, parted by a line end.

        Raises UnknownDocumentError.
        """
        return self._paths.of(
            doc_id,
            lambda: tuple(("\n".join(map(plain, clause.path)), clause) for clause in self.document(doc_id).clauses),
        )

    def clause(self, doc_id: str, clause_id: str) -> Clause | None:
        """The clause of that id in that document, or None."""
        return self._stacks.clauses([clause_id]).get(clause_id)

    def children(self, doc_id: str, clause_id: str | None) -> Sequence[Clause]:
        """The clauses directly below one, in reading order."""
        below = self.below(doc_id, clause_id)
        found = self._stacks.clauses(below) if below else {}
        return [found[child] for child in below]

    def below(self, doc_id: str, clause_id: str | None) -> tuple[str, ...]:
        """The ids of the clauses directly below one, in reading order, without fetching those."""
        return self._stacks.outline(doc_id).below.get(clause_id, ())

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
        found = {clause.clause_id: self._views.get(clause.clause_id) for clause, _ in clauses}
        wanted = {clause.clause_id: (clause, document) for clause, document in clauses if not found[clause.clause_id]}
        if wanted:
            self._fetch_above([clause for clause, _ in wanted.values()])
            unread = [self._make_view(clause, document) for clause, document in wanted.values()]
            for fresh in self._with_tokens(unread):
                found[fresh.clause.clause_id] = self._views.put(fresh.clause.clause_id, fresh)
        return [view for clause, _ in clauses if (view := found[clause.clause_id]) is not None]

    def _fetch_above(self, clauses: Sequence[Clause]) -> None:
        """Fetches the clauses above in as few goes as there are levels."""
        self._stacks.keep(clauses)
        while clauses:
            clauses = list(self._stacks.clauses([c.parent_id for c in clauses if c.parent_id is not None]).values())

    def _make_view(self, clause: Clause, document: PolicyDocument) -> View:
        """The view without its tokens."""
        sentences = split_clause(clause, self.source_text(document.source))
        texts = tuple(plain(sentence.text) for sentence in sentences)
        above: list[str] = []
        parent = self.clause(document.doc_id, clause.parent_id) if clause.parent_id else None
        while parent is not None and len(above) < 3:
            above.append(plain(parent.text)[:_CONTEXT_CHARACTERS])
            parent = self.clause(document.doc_id, parent.parent_id) if parent.parent_id else None
        above += [plain(other.text)[:_CONTEXT_CHARACTERS] for other in self._left_to(clause, document.doc_id)]
        return View(
            clause=clause,
            document=document,
            text=" ".join(texts),
            path=plain(" ".join(clause.path)),
            step=plain(clause.path[-1]) if clause.path else "",
            title=self._title_texts.of(document.doc_id, partial(_title_text, document)),
            context=" ".join(above),
            sentences=sentences,
            sentence_texts=texts,
        )

    def _left_to(self, clause: Clause, doc_id: str) -> list[Clause]:
        """The clauses that this one leaves its matter to, with the first items that they announce."""
        if not clause.references or not leaves_open(plain(clause.text)):
            return []
        pointed = []
        for reference in clause.references[:_MOST_POINTED_AT]:
            target = (
                self.clause(reference.target_document or doc_id, reference.target_clause)
                if reference.target_clause
                else None
            )
            if target is not None and target.clause_id != clause.clause_id:
                below = self.children(reference.target_document or doc_id, target.clause_id)
                pointed += [target, *below[:_MOST_POINTED_AT]]
        return pointed

    def _with_tokens(self, views: Sequence[View]) -> Iterator[View]:
        if self._tokens is None:
            yield from views
            return
        texts = [text for view in views for text in (*view.sentence_texts, f"{view.path} {view.context}", view.step)]
        read = iter(self._tokens.ids_of(texts))
        for view in views:
            yield replace(
                view,
                sentence_ids=tuple(islice(read, len(view.sentence_texts))),
                around_ids=next(read),
                step_ids=next(read),
                title_ids=self._title_ids.of(
                    view.document.title, partial(self._tokens.ids, plain(view.document.title))
                ),
            )


def _token_table(store: PolicyStore) -> TokenTable | None:
    encoder = store.encoder
    return TokenTable(encoder, encoder.dim) if isinstance(encoder, TokenEncoder) else None


def _title_text(document: PolicyDocument) -> str:
    return plain(" ".join((document.title, *document.aliases, *document.issuers, *_short_issuers(document))))


def _short_issuers(document: PolicyDocument) -> list[str]:
    return [short for issuer in document.issuers for short in bodies().shorts.get(issuer, ())]


class Library:
    """Gives the shelf of the store's present state, making a new one after every commit."""

    def __init__(self, store: PolicyStore) -> None:
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
