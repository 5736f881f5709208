"""The passages of a store in Milvus as LangChain's own Milvus vector store, for chains that are built on that.

It finds passages, by LangChain's fusion; `index.langchain.PolicyRetriever` finds clauses by ours, on any store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.engines.milvus_client import GRPC_OPTIONS
from index.engines.milvus_schema import ANALYSER, EF_SEARCH, LINKS, PASSAGES
from index.errors import StoreError
from index.langchain import EncoderEmbeddings

if TYPE_CHECKING:
    from langchain_milvus import Milvus

    from index.encoder import Encoder


def milvus_vector_store(uri: str, encoder: Encoder, token: str | None = None) -> Milvus:
    """Opens the passages for reading: vectors in ``dense``, BM25 over jieba's words in ``sparse``, everything that
    filters look at as metadata (``expr='status == "in_force"'``). Give searches a ``ranker_type``, ``rrf`` say.

    Add and remove documents through the store, which keeps passages, clauses and files together. Raises StoreError
    where langchain-milvus is missing.
    """
    try:
        from langchain_milvus import BM25BuiltInFunction, Milvus
    except ImportError as error:
        raise StoreError("this needs langchain-milvus: pip install 'policyqa[milvus]'") from error
    words = BM25BuiltInFunction(
        input_field_names="text", output_field_names="sparse", function_name="bm25", analyzer_params=ANALYSER
    )
    return Milvus(
        embedding_function=EncoderEmbeddings(encoder),
        builtin_function=words,
        collection_name=PASSAGES,
        connection_args={"uri": uri, "token": token or "", "grpc_options": GRPC_OPTIONS},
        primary_field="id",
        text_field="text",
        vector_field=["dense", "sparse"],
        auto_id=False,
        consistency_level="Strong",
        index_params=[
            {"index_type": "HNSW", "metric_type": "COSINE", "params": {"M": LINKS, "efConstruction": 200}},
            {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": {}},
        ],
        search_params=[
            {"metric_type": "COSINE", "params": {"ef": EF_SEARCH}},
            {"metric_type": "BM25", "params": {}},
        ],
    )
