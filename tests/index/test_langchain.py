from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableLambda

from index.langchain import EncoderEmbeddings, PolicyRetriever, PolicyVectorStore
from index.store import Store
from index.types import Filters
from tests.index.conftest import TermEncoder, policy

HEATING = policy("供热.txt", "供热期为十一月至三月。", title="供热条例", number="澄政发〔2024〕3号", region="澄江市")
DOGS = policy("养犬.txt", "养犬应当登记。", title="养犬规定", region="临海市")

Make = Callable[..., Store]


def test_the_retriever_gives_documents_that_can_be_cited(make_store: Make) -> None:
    with make_store(HEATING, DOGS) as store:
        (found,) = PolicyRetriever(store=store, k=1).invoke("供热期有多长")
    assert found.page_content == "供热期为十一月至三月。"
    assert found.id == "供热.txt.1"
    assert found.metadata["document"] == "供热条例"
    assert found.metadata["number"] == "澄政发〔2024〕3号"
    assert found.metadata["path"] == ["第1条"]
    ((start, end),) = found.metadata["spans"]
    assert HEATING.source.text[start:end] == found.page_content


def test_the_retriever_is_a_part_of_a_chain(make_store: Make) -> None:
    with make_store(HEATING, DOGS) as store:
        chain = PolicyRetriever(store=store, filters=Filters(regions=("临海",))) | RunnableLambda(len)
        assert chain.invoke("供热期有多长") == 1


def test_the_vector_store_takes_finds_and_deletes_texts(tmp_path: Path) -> None:
    embeddings = EncoderEmbeddings(TermEncoder())
    texts = [
        "澄江市绿化条例\n\n第一条 公园应当免费开放。\n第二条 禁止攀折花木。",
        "澄江市烟花规定\n\n第一条 城区禁止燃放烟花。",
    ]
    made = PolicyVectorStore.from_texts(texts, embeddings, ids=["绿化.txt", "烟花.txt"], folder=tmp_path / "store")
    with made.store:
        ((found, score),) = made.similarity_search_with_relevance_scores("攀折花木", k=1)
        assert "禁止攀折花木" in found.page_content
        assert 0 < score <= 1
        assert found.id is not None
        assert made.get_by_ids([found.id, "nowhere"])[0].page_content == found.page_content
        assert made.delete(["绿化.txt"])
        assert not made.delete(["绿化.txt"])
        assert all("花木" not in document.page_content for document in made.similarity_search("攀折花木"))


def test_a_foreign_embedding_is_refused(tmp_path: Path) -> None:
    class Other(EncoderEmbeddings.__base__):  # type: ignore[name-defined]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[0.0] for _ in texts]

        def embed_query(self, text: str) -> list[float]:
            return [0.0]

    with pytest.raises(TypeError, match="Other"):
        PolicyVectorStore.from_texts(["x"], Other(), folder=tmp_path)


def test_embeddings_are_the_encoders_vectors() -> None:
    embeddings = EncoderEmbeddings(TermEncoder())
    assert embeddings.embed_query("供热") == pytest.approx(embeddings.embed_documents(["供热"])[0])
