from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import FOREIGN_TRUST, Evidence, fuse, meaning_weight, relevance, same_language


def test_a_passage_that_holds_every_word_and_means_the_same_scores_highest() -> None:
    scores = fuse(Evidence({1: 1.0, 2: 0.4}, {1: 30.0, 2: 10.0}, best_possible=30.0, complete=True))
    assert scores[1] == pytest.approx(1)
    assert relevance(scores[1]) == pytest.approx(1.0)
    assert scores[1] > scores[2]


def test_meaning_decides_where_the_words_explain_little() -> None:
    scores = fuse(Evidence({1: 0.2, 2: 0.8}, {1: 2.0}, best_possible=100.0, complete=True))
    assert scores[2] > scores[1]


def test_words_decide_where_they_explain_much() -> None:
    scores = fuse(Evidence({1: 0.2, 2: 0.6}, {1: 60.0}, best_possible=100.0, complete=True))
    assert scores[1] > scores[2]


def test_the_surer_the_encoder_the_more_meaning_counts() -> None:
    assert meaning_weight(0.5, 1.0) < meaning_weight(0.7, 1.0)
    unsure = Evidence({1: 0.3, 2: 0.4}, {1: 10.0}, best_possible=100.0, complete=True)
    sure = Evidence({1: 0.6, 2: 0.8}, {1: 10.0}, best_possible=100.0, complete=True)
    assert max(fuse(unsure).items(), key=lambda item: item[1])[0] == 1
    assert max(fuse(sure).items(), key=lambda item: item[1])[0] == 2


def test_meaning_decides_over_texts_in_another_language() -> None:
    found = Evidence({1: 0.2, 2: 0.35}, {1: 15.0}, best_possible=100.0, complete=True)
    english = same_language("Who may apply for the subsidy?", 0.02)
    assert max(fuse(found, english).items(), key=lambda item: item[1])[0] == 2
    assert max(fuse(found, 1.0).items(), key=lambda item: item[1])[0] == 1
    assert meaning_weight(0.0, 0.0) == FOREIGN_TRUST


def test_a_question_is_chinese_by_one_character_and_at_home_anywhere_without_letters() -> None:
    assert same_language("GDP 是多少", 0.25) == 0.75
    assert same_language("How much is GDP?", 0.25) == 0.25
    assert same_language("2021?", 0.25) == 1.0


def test_an_unseen_passage_is_taken_to_hold_what_the_last_seen_one_holds() -> None:
    scores = fuse(Evidence({1: 0.0, 2: 0.0, 3: 0.0}, {1: 20.0, 2: 10.0}, best_possible=100.0, complete=False))
    assert scores[3] == pytest.approx(scores[2])


def test_a_question_without_known_words_is_ranked_by_meaning_alone() -> None:
    scores = fuse(Evidence({1: 0.5, 2: -0.5}, {}, best_possible=0.0, complete=True))
    assert scores[1] > 0 > scores[2]
    assert relevance(scores[2]) == 0.0


@given(
    st.dictionaries(st.integers(0, 50), st.floats(-1, 1), min_size=1),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_scores_lie_between_the_worst_and_the_best_possible(
    cosines: dict[int, float], same: float, held: float
) -> None:
    bm25 = dict.fromkeys(cosines, 40.0 * held)
    for score in fuse(Evidence(cosines, bm25, best_possible=40.0, complete=True), same).values():
        assert -1 <= score <= 1.000001
