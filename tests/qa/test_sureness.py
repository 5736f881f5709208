"""How sure an answer is: the evidence that is there speaks first, and only what it leaves in doubt is read."""

from __future__ import annotations

from typing import cast

import numpy as np

from index.reranker import Reranker, Scores
from index.store import Store
from index.types import Filters
from qa.conversation import understand_turn
from qa.gather import gather
from qa.library import Library
from qa.plan import make_plan
from qa.rank import rank
from qa.reader import Reader
from qa.refuse import confidence, sure_of
from qa.support import reading, support


class Says:
    """Stands for a reader that says the same of every passage."""

    def __init__(self, odds: float) -> None:
        self.odds = odds
        self.asked = 0

    def scores(self, question: str, passages: list[str]) -> Scores:
        self.asked += 1
        return np.full(len(passages), self.odds, dtype=np.float32)


def sureness(store: Store, question: str, says: Says) -> tuple[float, float]:
    """How sure the evidence alone is, and how sure with a reader that says so."""
    shelf = Library(store).shelf()
    asked = understand_turn(question, (), store, shelf, Filters())
    ranked = rank(asked, shelf, gather(asked, store, shelf, Filters()))
    plan = make_plan(asked, ranked, shelf)
    alone = confidence(support(asked, ranked, plan, shelf))
    assert sure_of(asked, ranked, plan, shelf, None) == alone
    return alone, sure_of(asked, ranked, plan, shelf, Reader(asked, shelf, cast(Reranker, says)))


def test_clear_answer_is_not_read_and_a_doubtful_one_is(dog_rules: Store) -> None:
    says = Says(-9)
    alone, sure = sureness(dog_rules, "携犬出户未使用犬绳的,处多少罚款?", says)
    assert alone == sure > 0.5
    assert says.asked == 0
    alone, sure = sureness(dog_rules, "小区车位一个月租金多少?", says)
    assert alone < 0.5
    assert says.asked == 1


def test_doubtful_answer_is_surer_the_better_it_reads(dog_rules: Store) -> None:
    sure = [sureness(dog_rules, "狗死了埋哪儿", Says(odds))[1] for odds in (-9, -3, 0, 2)]
    assert sure == sorted(sure)
    assert sure[0] < sure[-1]


def test_certainty_of_a_reader_counts_up_to_a_point(dog_rules: Store) -> None:
    shelf = Library(dog_rules).shelf()
    asked = understand_turn("狗死了埋哪儿", (), dog_rules, shelf, Filters())
    ranked = rank(asked, shelf, gather(asked, dog_rules, shelf, Filters()))
    odds = [reading(ranked, Reader(asked, shelf, cast(Reranker, Says(one))))["read"] for one in (-99, -9, 9, 99)]
    assert odds[0] == odds[1] < odds[2] == odds[3]
