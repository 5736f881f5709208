"""What questions are resolved and judged in: documents and the texts that their spans count in."""

from __future__ import annotations

from typing import Protocol

from ingest.model import PolicyDocument, SourceText


class Corpus(Protocol):
    """Documents with their texts; a Store is one."""

    def documents(self) -> tuple[PolicyDocument, ...]:
        """All documents, without their clauses."""
        ...

    def document(self, doc_id: str) -> PolicyDocument:
        """One document with its clauses."""
        ...

    def source(self, name: str) -> SourceText:
        """The text extracted from a file. Raises StoreError where there is none of that name."""
        ...


class CachedCorpus:
    """A corpus that reads each document and text of another one once.

    A run looks at the same few texts for every gold entry and citation; a store would read them from disk each time.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._all: tuple[PolicyDocument, ...] | None = None
        self._documents: dict[str, PolicyDocument] = {}
        self._sources: dict[str, SourceText] = {}

    def documents(self) -> tuple[PolicyDocument, ...]:
        """All documents, without their clauses."""
        if self._all is None:
            self._all = self._corpus.documents()
        return self._all

    def document(self, doc_id: str) -> PolicyDocument:
        """One document with its clauses."""
        if doc_id not in self._documents:
            self._documents[doc_id] = self._corpus.document(doc_id)
        return self._documents[doc_id]

    def source(self, name: str) -> SourceText:
        """The text extracted from a file."""
        if name not in self._sources:
            self._sources[name] = self._corpus.source(name)
        return self._sources[name]
