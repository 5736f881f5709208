"""The order that ranked clauses are read in: texts in force, official texts, and the article that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.duplicates import prefer_official
from qa.library import Shelf
from qa.penalties import duty_first, penalty_first
from qa.question import Asked
from qa.rank import Ranked
from qa.standing import in_force_first


def in_order(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, day: date) -> list[Ranked]:
    """``ranked`` as an answer given on ``day`` leans on it: what the scores can't tell decides between near equals."""
    ordered = in_force_first(asked, prefer_official(ranked), day)
    return duty_first(asked, penalty_first(asked, ordered, shelf), shelf)
