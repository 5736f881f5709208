"""Ways of finding passages, from the tutorial's to the store's own, behind one method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from eval.corpus import Corpus
from eval.errors import EvaluationError
from index.tokens import terms
from ingest.model import Span

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.protocol import PolicyStore

CHUNK_CHARS = 500
OVERLAP_CHARS = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source text that can be found. ``indexed`` is what a method looks at, where that is more."""

    source: str
    spans: tuple[Span, ...]
    text: str
    indexed: str = ""


class Retriever(Protocol):
    """Finds passages for a question."""

    def search(self, question: str, k: int) -> Sequence[Passage]:
        """The k best passages, best first."""
        ...


class Bm25Retriever:
    """BM25 (bm25s, Lucene's variant) over pairs of Chinese characters and English words."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        bm25s = _extra("bm25s")
        self._passages = tuple(passages)
        self._vocabulary: dict[str, int] = {}
        self._index: Any = bm25s.BM25()
        ids = [self._ids(p.indexed or p.text, grow=True) for p in self._passages]
        self._index.index((ids, self._vocabulary), show_progress=False)

    def search(self, question: str, k: int) -> Sequence[Passage]:
        """The k best passages, best first; passages without a common term are left out."""
        found = self.scores(question, k)
        return [self._passages[i] for i, _ in found]

    def scores(self, question: str, k: int) -> list[tuple[int, float]]:
        """Positions of the k best passages with their scores, best first, without those that share no term."""
        ids = self._ids(question, grow=False)
        if not ids:
            return []
        positions, scores = self._index.retrieve(
            [ids], k=min(k, len(self._passages)), show_progress=False, n_threads=0, backend_selection="numpy"
        )
        pairs = zip(positions[0].tolist(), scores[0].tolist(), strict=True)
        return [(int(i), float(s)) for i, s in pairs if s > 0]

    def _ids(self, text: str, *, grow: bool) -> list[int]:
        if grow:
            return [self._vocabulary.setdefault(term, len(self._vocabulary)) for term in terms(text)]
        return [self._vocabulary[term] for term in terms(text) if term in self._vocabulary]


class DenseRetriever:
    """The nearest passages by cosine of the encoder's vectors, exact."""

    def __init__(self, passages: Sequence[Passage], encoder: Encoder) -> None:
        import numpy as np

        from index.dense import DenseIndex

        self._passages = tuple(passages)
        self._encoder = encoder
        vectors = encoder.encode([p.indexed or p.text for p in self._passages], "passage")
        self._index = DenseIndex(vectors.astype(np.float16))

    def search(self, question: str, k: int) -> Sequence[Passage]:
        """The k nearest passages, nearest first."""
        return [self._passages[i] for i, _ in self.scores(question, k)]

    def scores(self, question: str, k: int) -> list[tuple[int, float]]:
        """Positions of the k nearest passages with their cosines, nearest first."""
        rows, scores = self._index.search(self._encoder.encode([question], "query")[0], k, None)
        return list(zip(rows.tolist(), scores.tolist(), strict=True))


class SearchRetriever:
    """What ``policyqa search`` finds: clauses by meaning and by words, fused."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store

    def search(self, question: str, k: int) -> Sequence[Passage]:
        """The k best clauses, best first."""
        from qa.search import search

        hits = search(self._store, question, k).hits
        return [Passage(h.document.source, h.clause.spans, h.clause.text) for h in hits]


class RerankedRetriever:
    """The product's candidates in the order of its reranker, before lists, sides and references are looked at."""

    def __init__(self, store: PolicyStore) -> None:
        from qa.library import Library

        self._store = store
        self._shelf = Library(store).shelf()

    def search(self, question: str, k: int) -> Sequence[Passage]:
        """The k best clauses, best first."""
        from index.types import Filters
        from qa.gather import gather
        from qa.question import understand
        from qa.rank import rank

        asked = understand(question, (), self._shelf.titles, self._shelf.speller)
        ranked = rank(asked, self._shelf, gather(asked, self._store, self._shelf, Filters()))[:k]
        views = [one.candidate.view for one in ranked]
        return [Passage(view.document.source, view.clause.spans, view.clause.text) for view in views]


def chunks(corpus: Corpus, files: Iterable[str]) -> tuple[Passage, ...]:
    """Each file's text cut as tutorials do: LangChain's recursive splitter, 500 characters, 50 of them overlapping."""
    splitters = _extra("langchain_text_splitters")
    splitter = splitters.RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
    )
    found: list[Passage] = []
    for file in files:
        for chunk in splitter.create_documents([corpus.source(file).text]):
            start, text = chunk.metadata["start_index"], chunk.page_content
            found.append(Passage(file, ((start, start + len(text)),), text))
    return tuple(found)


def clause_passages(corpus: Corpus) -> tuple[Passage, ...]:
    """Every clause with text; indexed together with its document's title and its path."""
    found: list[Passage] = []
    for listed in corpus.documents():
        document = corpus.document(listed.doc_id)
        for clause in document.clauses:
            if clause.spans and clause.text.strip():
                indexed = "\n".join((document.title, " ".join(clause.path), clause.text))
                found.append(Passage(document.source, clause.spans, clause.text, indexed))
    return tuple(found)


def _extra(name: str) -> Any:
    """A library of the ``eval`` extra. Raises EvaluationError, saying how to install it, where it is absent."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        msg = f"this comparison needs {name}, which is not installed: pip install 'policyqa[eval]'"
        raise EvaluationError(msg) from error
