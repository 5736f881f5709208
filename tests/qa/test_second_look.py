"""Close calls are decided by reading; what is clear, exact or about another place stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from index.reranker import Reranker, Scores
from index.store import Store
from index.types import Filters
from qa.assistant import Assistant
from qa.conversation import understand_turn
from qa.features import Candidate
from qa.library import Library, Shelf
from qa.question import Asked
from qa.rank import Ranked
from qa.reader import Reader
from qa.second_look import CLOSE, MOST, WITHIN, look_again, next_read
from qa.settings import load_settings


class LaterIsBetter:
    """Stands for a reader of whom only the order that it gives matters: each passage scores above the one before."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        self.read = list(passages)
        return np.arange(len(passages), dtype=np.float32) * 10


class Gives(LaterIsBetter):
    """Gives the passages the odds that it was told, in order."""

    def __init__(self, odds: Sequence[float]) -> None:
        super().__init__()
        self.told = odds

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        return np.asarray(self.told, dtype=np.float32)


@pytest.fixture(scope="module")
def shelf(dog_rules: Store) -> Shelf:
    return Library(dog_rules).shelf()


@pytest.fixture(scope="module")
def asked(dog_rules: Store, shelf: Shelf) -> Asked:
    return understand_turn("没牵绳罚多少", (), dog_rules, shelf, Filters())


def ranking(shelf: Shelf, gaps: Sequence[float], region: Sequence[float] = ()) -> list[Ranked]:
    """The articles in order, each ``gap`` below the one before."""
    (document,) = shelf.titles.documents.values()
    views = [shelf.view(clause, document) for clause in shelf.document(document.doc_id).clauses]
    scores = 10 - np.cumsum([0, *gaps])
    fits = list(region) or [0.0] * len(scores)
    return [
        Ranked(Candidate(view), float(score), {"region": fit})
        for view, score, fit in zip(views, scores, fits, strict=False)
    ]


def reading(asked: Asked, shelf: Shelf, reranker: LaterIsBetter) -> Reader:
    return Reader(asked, shelf, cast(Reranker, reranker))


def order(before: list[Ranked], after: list[Ranked]) -> list[int]:
    return [next(i for i, one in enumerate(before) if one.candidate is r.candidate) for r in after]


def test_close_call_goes_to_what_reads_best_and_the_scores_stay_in_their_places(asked: Asked, shelf: Shelf) -> None:
    before, read = ranking(shelf, [CLOSE / 2, 0.1, 0.1, 0.1]), LaterIsBetter()
    after = look_again(before, reading(asked, shelf, read))
    assert order(before, after) == [*reversed(range(MOST)), *range(MOST, len(before))]
    assert [r.score for r in after] == [r.score for r in before]
    assert all(text.startswith("云溪市养犬条例") for text in read.read)


def test_clear_lead_is_not_read_again(asked: Asked, shelf: Shelf) -> None:
    before, read = ranking(shelf, [CLOSE, 0.1, 0.1]), LaterIsBetter()
    assert look_again(before, reading(asked, shelf, read)) is before
    assert read.read == []


def test_clause_far_behind_is_not_read(asked: Asked, shelf: Shelf) -> None:
    before, read = ranking(shelf, [0.1, WITHIN, 0.1]), LaterIsBetter()
    assert order(before, look_again(before, reading(asked, shelf, read)))[:3] == [1, 0, 2]
    assert len(read.read) == 2


@pytest.mark.parametrize(("odds", "quoted"), [((0, -9, -1, -3), 2), ((0, -9, -6, -5), None), ((0, 2, 3, 1), 2)])
def test_clause_that_reads_nearly_as_well_is_quoted_beside_the_best(
    asked: Asked, shelf: Shelf, odds: Sequence[float], quoted: int | None
) -> None:
    ranked = ranking(shelf, [0.1, 0.1, 0.1])[: len(odds)]
    reader = reading(asked, shelf, Gives(odds))
    reader.odds([one.candidate.view for one in ranked])
    second = next_read(ranked, reader)
    assert (None if second is None else ranked.index(second)) == quoted


def test_nothing_is_quoted_beside_a_clause_that_needed_no_reading(asked: Asked, shelf: Shelf) -> None:
    ranked = ranking(shelf, [CLOSE, 0.1])
    assert next_read(ranked, reading(asked, shelf, LaterIsBetter())) is None


def test_nobody_reads_where_there_is_no_reader(shelf: Shelf) -> None:
    before = ranking(shelf, [0.1, 0.1, 0.1])
    assert look_again(before, None) is before


def test_clause_is_read_once_a_question(asked: Asked, shelf: Shelf) -> None:
    views = [one.candidate.view for one in ranking(shelf, [0.1, 0.1, 0.1])]
    reranker = LaterIsBetter()
    reader = reading(asked, shelf, reranker)
    assert reader.known(views[1]) is None
    assert reader.odds(views[:2]) == [0.0, 10.0]
    assert reader.odds([views[1], views[2]]) == [10.0, 0.0]
    assert len(reranker.read) == 1
    assert reader.known(views[1]) == 10.0


def test_article_found_by_its_number_stays_first(asked: Asked, shelf: Shelf) -> None:
    before = ranking(shelf, [0.1, 0.1, 0.1])
    before[0] = replace(before[0], candidate=replace(before[0].candidate, exact=True))
    assert look_again(before, reading(asked, shelf, LaterIsBetter())) is before


def test_clause_about_another_place_does_not_overtake(asked: Asked, shelf: Shelf) -> None:
    before = ranking(shelf, [0.1, 0.1, 0.1], region=[1.0, -1.0, 1.0, -1.0])
    assert order(before, look_again(before, reading(asked, shelf, LaterIsBetter()))) == [2, 1, 0, 3]


def test_nothing_or_one_clause_needs_no_second_look(asked: Asked, shelf: Shelf) -> None:
    reader = reading(asked, shelf, LaterIsBetter())
    assert look_again([], reader) == []
    assert len(look_again(ranking(shelf, []), reader)) == 1


@pytest.mark.parametrize(
    ("setting", "small", "read"),
    [("auto", True, True), ("auto", False, False), ("always", False, True), ("never", True, False)],
)
def test_who_reads_again_depends_on_the_setting_and_on_the_library_s_size(
    dog_rules: Store, monkeypatch: pytest.MonkeyPatch, setting: str, small: bool, read: bool
) -> None:
    asked: list[str] = []

    def scores(self: Reranker, question: str, passages: Sequence[str]) -> Scores:
        asked.append(question)
        return np.zeros(len(passages), dtype=np.float32)

    monkeypatch.setattr(Reranker, "scores", scores)
    monkeypatch.setenv("POLICYQA_SECOND_LOOK", setting)
    if not small:
        monkeypatch.setattr("qa.library._SMALL", 3)
    assistant = Assistant(dog_rules, load_settings())
    assistant.warm_up()
    assert bool(asked) == read
    assert "二百元" in assistant.ask("没牵绳罚多少").text
