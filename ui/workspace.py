"""What the page and the HTTP API share: one store, one assistant, the settings, and a few views of the store."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from index.errors import StoreError, UnknownDocumentError
from index.types import Filters, SearchResult
from ingest.bilingual import both
from ingest.model import Clause, PolicyDocument, SourceText
from qa.search import search
from qa.settings import Settings
from ui.access.audit import NoAudit
from ui.access.current import require
from ui.access.model import Role
from ui.validity import shown_status

if TYPE_CHECKING:
    from index.protocol import PolicyStore
    from qa.assistant import Assistant
    from qa.reply import Reply


_log = logging.getLogger(__name__)
_T = TypeVar("_T")
_MOST_AT_HAND: Final = 64
_MOST_HISTORY: Final = 8


class QuestionError(ValueError):
    """A question that can't be asked; the message says why and what to do. ``code`` is stable for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that documents can be filtered by, and how many documents have it."""

    value: str
    count: int


class AtHand(Generic[_T]):
    """The values that were last asked for, of one state of the store; a later state begins anew."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._generation: object = None
        self._values: OrderedDict[str, _T] = OrderedDict()

    def get(self, generation: object, key: str, load: Callable[[str], _T]) -> _T:
        """The value of ``key``, from ``load`` where it is not at hand."""
        with self._lock:
            if generation != self._generation:
                self._generation = generation
                self._values.clear()
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = load(key)
        with self._lock:
            if generation == self._generation:
                self._values[key] = value
                while len(self._values) > _MOST_AT_HAND:
                    self._values.popitem(last=False)
        return value


class Workspace:
    """The open store with everything that serves it. Safe to use from many threads."""

    def __init__(self, store: PolicyStore, assistant: Assistant, settings: Settings) -> None:
        self.store = store
        self.assistant = assistant
        self.settings = settings
        self._seen: tuple[int, tuple[PolicyDocument, ...]] | None = None
        self._writing = Lock()
        self.noted: Callable[[Reply], None] = lambda _: None
        """Is told every reply, for whoever counts them."""
        self._documents_at_hand: AtHand[PolicyDocument] = AtHand()
        self._sources_at_hand: AtHand[SourceText] = AtHand()
        self.examples: AtHand[list[str]] = AtHand()
        """Questions to begin with, by language."""
        self.audit: NoAudit = NoAudit()
        """Where it is noted who did what; whoever serves the workspace puts the service's audit log here."""

    def ask(self, question: str, history: Sequence[str] = (), filters: Filters | None = None) -> Reply:
        """The reply to a question. Raises QuestionError where it is blank or longer than the settings allow."""
        *_, reply = self.stream(question, history, filters)
        assert not isinstance(reply, str)
        return reply

    def stream(
        self, question: str, history: Sequence[str] = (), filters: Filters | None = None
    ) -> Iterator[str | Reply]:
        """The text as it becomes certain, the whole reply last. Raises QuestionError as ``ask`` does."""
        self.check(question)
        limit = self.settings.question_limit_chars
        kept = tuple(turn[:limit] for turn in history)[-_MOST_HISTORY:]
        for news in self.assistant.stream(question.strip(), kept, filters or Filters()):
            if not isinstance(news, str):
                self.noted(news)
                cited = [citation.clause.clause_id for citation in news.citations]
                self.audit.question("ask", question, "answer" if cited else "refusal", cited=cited)
            yield news

    def search(self, query: str, k: int, filters: Filters) -> SearchResult:
        """The ``k`` best clauses. Raises QuestionError where the query is blank or longer than the settings allow."""
        self.check(query)
        found = search(self.store, query, k, filters)
        self.audit.question("search", query, hits=len(found.hits))
        return found

    def check(self, question: str) -> None:
        """Raises QuestionError where a question is blank, no text, or longer than the settings allow."""
        limit = self.settings.question_limit_chars
        if not question.strip():
            raise QuestionError(
                "empty_question", both("问题是空的，请先写下问题。", "The question is empty. Write one.")
            )
        if any("\ud800" <= character <= "\udfff" for character in question):
            raise QuestionError(
                "malformed",
                both("问题里有不完整的字符，请重新输入。", "The question holds half a character. Type it again."),
            )
        if len(question) > limit:
            raise QuestionError(
                "question_too_long",
                both(
                    f"问题有 {len(question)} 字，最多 {limit} 字。请只留下要问的部分。",
                    f"The question has {len(question)} characters; {limit} is the most. Keep only what you are asking.",
                ),
            )

    def warm_up(self) -> None:
        """Asks a question for its own sake, so that everything a reply needs is loaded."""
        try:
            self.assistant.warm_up()
        except StoreError:
            _log.warning("the store could not be warmed up", exc_info=True)

    def documents(self) -> tuple[PolicyDocument, ...]:
        """All documents without their clauses, read again only when the store has changed."""
        generation = self.store.generation
        if self._seen is None or self._seen[0] != generation:
            self._seen = (generation, self.store.documents())
        return self._seen[1]

    def status_of(self, doc_id: str) -> str | None:
        """A document's status today, None where it is not in the store."""
        return next((shown_status(one) for one in self.documents() if one.doc_id == doc_id), None)

    def facets(self, name: str) -> list[Facet]:
        """The values of ``issuers``, ``region`` or ``kind`` in the store, most frequent first."""
        counts: dict[str, int] = {}
        for document in self.documents():
            given = getattr(document, name)
            for value in given if isinstance(given, tuple) else (given,):
                if value:
                    counts[str(value)] = counts.get(str(value), 0) + 1
        return [Facet(value, count) for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))]

    def find_clause(self, clause_id: str) -> tuple[PolicyDocument, Clause, SourceText] | None:
        """A clause with its document (and all its clauses) and the text that its spans count in; None where unknown."""
        try:
            document = self.document(self.store.document_of(clause_id).doc_id)
            return document, document.clause(clause_id), self.source(document.source)
        except (UnknownDocumentError, KeyError):
            return None

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses, kept at hand while the store stays as it is. Raises UnknownDocumentError."""
        return self._documents_at_hand.get(self.store.generation, doc_id, self.store.document)

    def source(self, name: str) -> SourceText:
        """The text of a file, kept at hand likewise. Raises UnknownDocumentError."""
        return self._sources_at_hand.get(self.store.generation, name, self.store.source)

    @property
    def beside(self) -> Path:
        """The folder for what the page keeps that is no part of the store; it may not exist yet."""
        folder = self.settings.store
        return folder.with_name(folder.name + ".page")

    def close(self) -> None:
        """Ends what answers and lets go of the store."""
        self.assistant.close()
        self.store.close()

    @contextmanager
    def writing(self) -> Iterator[PolicyStore]:
        """The store for one change at a time; others that want to change it wait.

        Raises ForbiddenError where the present request comes from somebody who may not change it.
        """
        require(Role.EDITOR)
        with self._writing:
            yield self.store

    def remove(self, doc_id_or_file: str) -> tuple[str, ...]:
        """Takes out one document, or all of a file; the ids that went. Raises ForbiddenError and StoreError."""
        with self.audit.doing("remove", doc_id_or_file), self.writing() as store:
            return store.remove(doc_id_or_file)


def open_workspace(settings: Settings, *, create: bool = True) -> Workspace:
    """The workspace on the store that the settings name. Raises StoreError where it can't be opened."""
    from index.encoder import load_encoder
    from index.opening import open_store
    from qa.assistant import Assistant
    from qa.opening import place_of
    from qa.pool import PooledAssistant

    store = open_store(place_of(settings), load_encoder(settings.encoder), create=create)
    if settings.workers > 1:
        return Workspace(store, PooledAssistant(store, settings, settings.workers, open_served), settings)
    return Workspace(store, Assistant(store, settings), settings)


def open_served(settings: Settings) -> PolicyStore:
    """The store that the settings name, which must be there. Raises StoreError."""
    from index.encoder import load_encoder
    from index.opening import open_store
    from qa.opening import place_of

    return open_store(place_of(settings), load_encoder(settings.encoder))
