"""The things that a question sets side by side: two provinces, two quoted terms, two documents, A 和 B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.intent import Want
from qa.library import Shelf
from qa.question import Asked
from qa.rank import Ranked, rank
from qa.terms import question_words, words

_JOINED = re.compile(
    r"([\w“”\"+·-]{1,14}?)\s*(?:和|跟|与|同|及|、|对比|相比|vs\.?|versus|and)\s*([\w“”\"+·-]{1,14}?)"
    r"(?=$|[,,。?? ]|在|的|各|两|哪|有|分别|都|帮|怎|比|相|谁|一样|是|对|要|示范|之间)",
    re.IGNORECASE,
)
_CONJUNCTIONS = ("和", "跟", "与", "同", "、", "比")


def sides_of(asked: Asked) -> tuple[str, ...]:
    """What is to be compared, two to six names; empty where the question compares nothing that it names."""
    if not asked.intent.has(Want.COMPARISON):
        return ()
    if len(asked.regions) >= 2:
        return asked.regions[:6]
    if len(asked.quoted) >= 2:
        return asked.quoted[:6]
    cut = [w for w in words(asked.search_text) if w.strip()]
    for i, word in enumerate(cut):
        if word in _CONJUNCTIONS and 0 < i < len(cut) - 1:
            left, right = _phrase(cut, i - 1, -1), _phrase(cut, i + 1, 1)
            if left and right and left != right:
                return _distinct(left, right)
    return ()


def _phrase(cut: Sequence[str], start: int, step: int) -> str:
    """The words next to a conjunction up to the first question word, at most three."""
    taken: list[str] = []
    position = start
    while 0 <= position < len(cut) and len(taken) < 3 and cut[position] not in question_words():
        taken.append(cut[position])
        position += step
    return "".join(reversed(taken)) if step < 0 else "".join(taken)


def _distinct(left: str, right: str) -> tuple[str, ...]:
    return (left, right) if left not in right and right not in left else ()


def rank_sides(asked: Asked, sides: Sequence[str], ranked: Sequence[Ranked], shelf: Shelf) -> list[Ranked]:
    """The best clause for each side, in the order of ``sides``; fewer where two sides find the same clause."""
    chosen: list[Ranked] = []
    candidates = [r.candidate for r in ranked]
    for side in sides:
        others = [other for other in sides if other != side]
        one = _for_side(asked, side, others)
        again = rank(one, shelf, candidates)
        fitting = [r for r in again if _about(r, side)] or again
        taken = {r.candidate.view.clause.clause_id for r in chosen}
        best = next((r for r in fitting if r.candidate.view.clause.clause_id not in taken), None)
        if best is not None:
            chosen.append(best)
    return chosen


def _about(ranked: Ranked, side: str) -> bool:
    view = ranked.candidate.view
    return side in view.text or side in view.path or side in view.document.title


def _for_side(asked: Asked, side: str, others: Sequence[str]) -> Asked:
    """The question as it would be asked about one side alone."""
    terms = tuple(
        term
        for term in asked.terms
        if not any(term.word in other or (term.stands_for or "-") in other for other in others) or term.word in side
    )
    return replace(
        asked,
        terms=terms,
        regions=tuple(r for r in asked.regions if r not in others),
        quoted=tuple(q for q in asked.quoted if q not in others),
    )
