from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from eval.baselines import asked_alone, measure_retriever
from eval.question import QuestionSet
from eval.retrievers import Bm25Retriever, DenseRetriever, Passage, chunks, clause_passages
from eval.runner import resolve_all

from .conftest import FILE, TEXT, MemoryCorpus


class CharacterEncoder:
    """Counts characters: a real, if simple, encoder."""

    name, dim, revision = "characters", 64, "1"

    def encode(self, texts: Sequence[str], role: str) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for char in text:
                row[ord(char) % self.dim] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_chunks_are_literal_spans_of_the_text(corpus: MemoryCorpus) -> None:
    found = chunks(corpus, [FILE])
    assert len(found) == 1
    for chunk in found:
        ((start, end),) = chunk.spans
        assert TEXT[start:end] == chunk.text


def test_bm25_finds_the_clause_that_shares_words(corpus: MemoryCorpus) -> None:
    retriever = Bm25Retriever(clause_passages(corpus))
    assert retriever.search("损坏率不得高于多少", 3)[0].text.startswith("第三条")
    assert retriever.search("zzz", 3) == []


def test_dense_search_is_by_cosine() -> None:
    passages = [Passage("f", ((0, 1),), text) for text in ("甲甲甲", "乙乙", "甲乙")]
    found = DenseRetriever(passages, CharacterEncoder()).search("乙", 2)  # type: ignore[arg-type]
    assert [p.text for p in found] == ["乙乙", "甲乙"]


def test_a_retriever_is_measured_by_spans_and_never_refuses(corpus: MemoryCorpus, questions: QuestionSet) -> None:
    gold = resolve_all(corpus, questions)
    row = measure_retriever("bm25", Bm25Retriever(clause_passages(corpus)), questions, gold)
    assert row.measures["hit10"].mean == 1.0
    assert row.measures["hit10"].count == 3
    assert row.measures["refused"].mean == 0.0
    assert row.measures["citation_precision"].mean == pytest.approx(
        np.mean([_precision(corpus, q.question, gold[q.id]) for q in questions.questions if q.answerable])
    )


def test_a_follow_up_is_searched_for_with_the_turn_before_it(questions: QuestionSet) -> None:
    question = replace(questions.questions[0], question="那罚款呢?", history=("单车能投多少?", "乱停怎么罚?"))
    assert asked_alone(question) == "乱停怎么罚? 那罚款呢?"
    assert asked_alone(replace(question, history=())) == "那罚款呢?"


def _precision(corpus: MemoryCorpus, question: str, gold: object) -> float:
    shown = Bm25Retriever(clause_passages(corpus)).search(question, 10)[:4]
    return sum(bool(gold.touched(p.source, p.spans)) for p in shown) / len(shown)  # type: ignore[attr-defined]
