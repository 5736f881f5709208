from __future__ import annotations

import pytest

from index.fusion import COSINE_WEIGHT, UNSEEN_SHARE, fuse, relevance


def test_a_passage_that_holds_every_word_and_means_the_same_scores_highest() -> None:
    scores = fuse({1: 1.0, 2: 0.4}, {1: 30.0, 2: 10.0}, best_possible=30.0, complete=True)
    assert scores[1] == pytest.approx(1 + COSINE_WEIGHT)
    assert relevance(scores[1]) == pytest.approx(1.0)
    assert scores[1] > scores[2]


def test_meaning_decides_where_the_words_explain_little() -> None:
    scores = fuse({1: 0.2, 2: 0.8}, {1: 2.0}, best_possible=100.0, complete=True)
    assert scores[2] > scores[1]


def test_words_decide_where_they_explain_much() -> None:
    scores = fuse({1: 0.2, 2: 0.8}, {1: 60.0}, best_possible=100.0, complete=True)
    assert scores[1] > scores[2]


def test_an_unseen_passage_is_taken_to_hold_part_of_what_the_last_seen_one_holds() -> None:
    scores = fuse({1: 0.0, 2: 0.0, 3: 0.0}, {1: 20.0, 2: 10.0}, best_possible=100.0, complete=False)
    assert scores[3] == pytest.approx(UNSEEN_SHARE * scores[2])


def test_a_question_without_known_words_is_ranked_by_meaning_alone() -> None:
    assert fuse({1: 0.5, 2: -0.5}, {}, best_possible=0.0, complete=True) == {
        1: 0.5 * COSINE_WEIGHT,
        2: -0.5 * COSINE_WEIGHT,
    }
    assert relevance(-0.1) == 0.0
