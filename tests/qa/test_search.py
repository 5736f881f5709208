"""Searching for what a person typed, over the store of this room."""

from pathlib import Path

from index.store import Store
from index.types import Filters
from ingest.pipeline import parse_bytes
from qa.search import search


def test_english_words_are_looked_for_as_chinese_ones(store: Store) -> None:
    question = "What fine is there for defrauding the subsidy?"
    assert all(not hit.score_bm25 for hit in store.search(question, 20).hits)
    found = search(store, question, 3)
    assert found.query == question
    assert any("骗取补贴" in hit.clause.text for hit in found.hits)
    assert any(hit.score_bm25 for hit in found.hits)


def test_a_chinese_question_is_looked_for_as_it_stands(store: Store) -> None:
    question = "骗补要罚多少?"
    assert search(store, question, 5).hits == store.search(question, 5).hits


def test_english_texts_are_searched_in_english(tmp_path: Path) -> None:
    text = "Parking Subsidies\n\nArticle 1 A subsidy is paid each month.\n\nArticle 2 Fines are doubled at night.\n"
    with Store.open(tmp_path / "english", create=True) as english:
        english.ingest(parse_bytes("rules.txt", text.encode()), text.encode())
        question = "Which subsidy is paid each month?"
        found = search(english, question, 1)
        assert found.hits == english.search(question, 1).hits
        assert "each month" in found.hits[0].clause.text


def test_filters_restrict_what_is_found(store: Store) -> None:
    assert search(store, "subsidy", 5, Filters(documents=("nowhere",))).hits == ()
