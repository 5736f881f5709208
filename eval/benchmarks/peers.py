"""What the store is measured against, in the same run on the same texts: its parts called by hand, and the tutorial."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.tokens import terms

if TYPE_CHECKING:
    from index.encoder import Encoder, Vectors

Ask = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search, and the seconds that it took to make."""

    ask: Ask
    built_s: float
    rows: int


def by_hand(texts: Sequence[str], encoder: Encoder) -> tuple[Peer, Peer, Peer]:
    """The floor, bm25s alone, FAISS alone.

    The floor is what any hybrid search has to do: encode the question, compare it with every vector by FAISS flat, and
    ask bm25s for its best; nothing is fused, fetched or shown.
    """
    started = time.perf_counter()
    dense = _flat(encoder.encode(texts, "passage"))
    dense_s = time.perf_counter() - started
    started = time.perf_counter()
    words = _words(texts)
    words_s = time.perf_counter() - started

    def nearest(question: str) -> object:
        return dense.search(encoder.encode([question], "query"), 10)

    def both(question: str) -> object:
        return nearest(question), words(question)

    count = len(texts)
    return Peer(both, dense_s + words_s, count), Peer(words, words_s, count), Peer(nearest, dense_s, count)


def _flat(vectors: Vectors) -> Any:
    """FAISS's plain exact index of those vectors, one thread a question as in the store."""
    import faiss

    faiss.omp_set_num_threads(1)
    index: Any = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def _words(texts: Iterable[str]) -> Ask:
    import bm25s

    vocabulary: dict[str, int] = {}
    index: Any = bm25s.BM25()
    ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in texts]
    index.index((ids, vocabulary), show_progress=False)

    def best(question: str) -> object:
        known = [vocabulary[term] for term in terms(question) if term in vocabulary]
        if not known:
            return []
        return index.retrieve([known], k=10, show_progress=False, n_threads=0, backend_selection="numpy")

    return best


def tutorial(sources: Iterable[str], encoder: Encoder) -> Peer:
    """The tutorial pipeline: LangChain's splitter at 500 characters with 50 overlapping, FAISS flat, the first four."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    started = time.perf_counter()
    splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
    chunks = [chunk for source in sources for chunk in splitter.split_text(source)]
    index = _flat(encoder.encode(chunks, "passage"))
    built_s = time.perf_counter() - started

    def ask(question: str) -> list[str]:
        _, (rows,) = index.search(encoder.encode([question], "query"), 4)
        return [chunks[row] for row in rows.tolist()]

    return Peer(ask, built_s, len(chunks))
