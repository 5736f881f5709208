"""The store, its encoder and its search as LangChain's own types, for anyone's chains.

    retriever = PolicyRetriever(store=store, k=5)
    chain = {"context": retriever, "question": RunnablePassthrough()} | prompt | model

A `Document`'s text is the clause, word for word; its metadata is what a citation needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict, Field

from index.encoder import Encoder
from index.errors import UnknownDocumentError
from index.fusion import relevance
from index.protocol import PolicyStore
from index.store import Store
from index.types import Filters, Hit
from ingest.pipeline import parse_bytes


class EncoderEmbeddings(Embeddings):
    """An encoder as LangChain's `Embeddings`: lists of floats of length 1."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per passage."""
        return [[float(number) for number in row] for row in self.encoder.encode(texts, "passage")]

    def embed_query(self, text: str) -> list[float]:
        """The question's vector."""
        return [float(number) for number in self.encoder.encode([text], "query")[0]]


class PolicyRetriever(BaseRetriever):
    """Finds clauses by words and meaning; give it to a chain in place of any other retriever."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: PolicyStore
    k: int = Field(default=10, ge=1)
    filters: Filters = Field(default_factory=Filters)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        return [as_document(hit) for hit in self.store.search(query, self.k, self.filters).hits]


class PolicyVectorStore(VectorStore):
    """A store as LangChain's `VectorStore`. Texts that are added are parsed into documents and clauses like files.

    An id is a clause's id in what a search gives, and a file name in `add_texts` and `delete`. ``filter`` takes
    `Filters`. Scores are the fused ones; relevance scores lie from 0 to 1.
    """

    def __init__(self, store: PolicyStore) -> None:
        self.store = store

    @property
    def embeddings(self) -> Embeddings:
        """The store's encoder."""
        return EncoderEmbeddings(self.store.encoder)

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> list[str]:
        """Ingests each text as a file of its own in one commit; the file names, which replace what they held.

        A name is the id given, else the metadata's ``source``, else made from the text. Raises StoreError.
        """
        del kwargs
        contents = [text.encode() for text in texts]
        names = ids or [
            str((metadatas[count] if metadatas else {}).get("source") or f"{hashlib.sha256(raw).hexdigest()[:16]}.txt")
            for count, raw in enumerate(contents)
        ]
        self.store.ingest_many([(parse_bytes(name, raw), raw) for name, raw in zip(names, contents, strict=True)])
        return names

    def delete(self, ids: list[str] | None = None, **kwargs: Any) -> bool:
        """Takes files or documents out; False where one of them was not there."""
        del kwargs
        complete = True
        for name in ids or []:
            try:
                self.store.remove(name)
            except UnknownDocumentError:
                complete = False
        return complete

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The clauses of those ids, unknown ones left out."""
        found: list[Document] = []
        for clause_id in ids:
            try:
                hit = Hit(1, 0.0, self.store.clause(clause_id), self.store.document_of(clause_id))
            except UnknownDocumentError:
                continue
            found.append(as_document(hit))
        return found

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        """The ``k`` best clauses, best first."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **kwargs)]

    def similarity_search_with_score(self, query: str, k: int = 4, **kwargs: Any) -> list[tuple[Document, float]]:
        """The ``k`` best clauses with their fused scores, higher is better; ``filter=`` takes `Filters`."""
        filters = kwargs.get("filter") or Filters()
        return [(as_document(hit), hit.score) for hit in self.store.search(query, k, filters).hits]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return relevance

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **kwargs: Any,
    ) -> Self:
        """A store in the folder ``folder=`` that holds the texts. ``embedding`` must be an `EncoderEmbeddings`."""
        if not isinstance(embedding, EncoderEmbeddings):
            msg = f"embedding is a {type(embedding).__name__}; give EncoderEmbeddings(load_encoder(...))"
            raise TypeError(msg)
        made = cls(Store.open(kwargs.pop("folder"), embedding.encoder, create=True))
        made.add_texts(texts, metadatas, ids=ids)
        return made


def as_document(hit: Hit) -> Document:
    """A hit as LangChain's `Document`: the clause's text, and what cites it."""
    clause, document = hit.clause, hit.document
    return Document(
        id=clause.clause_id,
        page_content=clause.text,
        metadata={
            "clause_id": clause.clause_id,
            "doc_id": document.doc_id,
            "document": document.title,
            "number": document.number,
            "path": list(clause.path),
            "source": document.source,
            "pages": list(clause.pages),
            "spans": [list(span) for span in clause.spans],
            "status": document.status.value,
            "rank": hit.rank,
            "score": hit.score,
        },
    )
