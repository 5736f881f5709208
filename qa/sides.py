"""The things that a question sets side by side: two provinces, two quoted terms, two documents, A 和 B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.intent import FIGURES, Want
from qa.language import squeeze
from qa.library import Shelf
from qa.lists import is_bare
from qa.question import Asked
from qa.rank import Ranked, rank
from qa.reader import Reader
from qa.second_look import OF_A_PART, look_again
from qa.terms import question_words, words
from qa.wordmatch import Group, coverage

_CONJUNCTIONS = ("和", "跟", "与", "同", "、", "比")
_MOST_SIDES = 6
_DEPTH = 40
_FIRST = 5
_ALIKE = 2.0
"""What a clause gains by standing under the heading that the other side's clause stands under."""

_BY_FAR = 2.0
_WHOLE = 0.6


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared: its name, the question as it would be asked of it alone, and its clauses."""

    name: str
    asked: Asked
    ranked: tuple[Ranked, ...]


def sides_of(asked: Asked) -> tuple[str, ...]:
    """What is to be compared, two to six names; empty where the question compares nothing that it names."""
    if not asked.intent.has(Want.COMPARISON):
        return _places_joined(asked)
    documents = tuple(dict.fromkeys(mention.words for mention in asked.mentions))
    years = tuple(map(str, sorted(asked.years))) if len(asked.years) == 2 else ()
    for named in (asked.regions, documents, asked.places, years, asked.quoted):
        if len(named) >= 2:
            return named[:_MOST_SIDES]
    return _joined(asked)


def _places_joined(asked: Asked) -> tuple[str, ...]:
    """Places named side by side (深圳跟上海,公司至少开几年) whose figures are asked: each has its own."""
    named = tuple(sorted(asked.places, key=asked.search_text.find))[:_MOST_SIDES]
    if len(named) < 2 or not asked.intent.has(*FIGURES):
        return ()
    between = f"(?:{'|'.join(_CONJUNCTIONS)})"
    suffix = "[省市区县]?"
    joined = re.search(f"{suffix}{between}".join(map(re.escape, named)), asked.search_text)
    return named if joined else ()


def _joined(asked: Asked) -> tuple[str, ...]:
    """The words on either side of 和, 跟, 与…"""
    cut = [w for w in words(asked.search_text) if w.strip()]
    for i, word in enumerate(cut):
        if word in _CONJUNCTIONS and 0 < i < len(cut) - 1:
            left, right = _phrase(cut, i - 1, -1), _phrase(cut, i + 1, 1)
            if left and right and left not in right and right not in left:
                return left, right
    return ()


def _phrase(cut: Sequence[str], start: int, step: int) -> str:
    """The words next to a conjunction up to the first question word, at most three."""
    taken: list[str] = []
    position = start
    while 0 <= position < len(cut) and len(taken) < 3 and cut[position] not in question_words():
        taken.append(cut[position])
        position += step
    return "".join(reversed(taken)) if step < 0 else "".join(taken)


def rank_sides(
    asked: Asked, names: Sequence[str], ranked: Sequence[Ranked], shelf: Shelf, reader: Reader | None = None
) -> list[Side]:
    """The clauses for each side, in the order of ``names``; bare headings are left to what stands below them."""
    candidates = [r.candidate for r in ranked]
    sides: list[Side] = []
    for name in names:
        alone = _for_side(asked, name, [other for other in names if other != name])
        again = [r for r in rank(alone, shelf, candidates) if not is_bare(r.candidate.view, shelf)]
        own = ([r for r in again if _about(r, alone, name)] or again)[:_DEPTH]
        sides.append(Side(name, alone, tuple(look_again(own, reader, OF_A_PART))))
    return sides


def choose(sides: Sequence[Side]) -> list[Ranked]:
    """A clause for each side, each clause once; fewer than the sides where one finds none of its own.

    Texts that are to be compared are often built alike (one section for each district), so clauses under like headings
    are preferred to each other.
    """
    headings = {_heading(r) for side in sides for r in side.ranked[:_FIRST]}
    rounds = [_round(sides, heading) for heading in sorted(headings | {""})]
    return max(rounds, key=lambda one: (len(one[1]), one[0]))[1]


def _round(sides: Sequence[Side], heading: str) -> tuple[float, list[Ranked]]:
    """A clause for each side, those under a heading like ``heading`` preferred; with the sum of their scores."""
    chosen: list[Ranked] = []
    total = 0.0
    for side in sides:
        taken = {r.candidate.view.clause.clause_id for r in chosen}
        free = [r for r in side.ranked if r.candidate.view.clause.clause_id not in taken]
        if free:
            worth = [r.score + _ALIKE * _likeness(heading, _heading(r)) for r in free]
            best = max(range(len(free)), key=worth.__getitem__)
            chosen.append(free[best])
            total += worth[best]
    return total, chosen


def covers_all(asked: Asked, names: Sequence[str], ranked: Sequence[Ranked], groups: Sequence[Group]) -> bool:
    """Whether the best clause says of every side what is asked (北苑区220家、临江区160家): then it is the answer."""
    view = ranked[0].candidate.view
    rest = [g for g in groups if not any(word in name or name in word for word, _ in g.words for name in names)]
    return all(_says(view.text, asked, name) for name in names) and coverage(rest, view.text, view.step) >= _WHOLE


def one_for_all(sides: Sequence[Side]) -> bool:
    """Whether the same clause is by far the best one for every side, so that nothing is left to set beside it."""
    if len({side.ranked[0].candidate.view.clause.clause_id for side in sides}) > 1:
        return False
    return all(len(side.ranked) < 2 or side.ranked[0].score - side.ranked[1].score >= _BY_FAR for side in sides)


def _heading(ranked: Ranked) -> str:
    """The words of a clause's heading without its number."""
    return squeeze(ranked.candidate.view.clause.heading)[:12]


def _likeness(heading: str, other: str) -> float:
    """The share of character pairs that two headings have in common, 0 to 1."""
    left = {heading[i : i + 2] for i in range(len(heading) - 1)}
    right = {other[i : i + 2] for i in range(len(other) - 1)}
    return len(left & right) / len(left | right) if left and right else 0.0


def _about(ranked: Ranked, asked: Asked, name: str) -> bool:
    """Whether a clause is about a side: its name, or most words of it, in the text, the path or the title.

    An official word counts for the everyday one that it stands for (营收, 营业收入).
    """
    view = ranked.candidate.view
    return _says(f"{view.text} {view.path} {view.title} {view.context}", asked, name)


def _says(place: str, asked: Asked, name: str) -> bool:
    """Whether ``place`` has a side's name, or most of its words."""
    own = [word for word in words(name) if word not in question_words()]
    meant = {word: {word, *(t.word for t in asked.terms if t.stands_for == word)} for word in own}
    held = sum(any(other in place for other in meant[word]) for word in own)
    return name in place or (bool(own) and 2 * held > len(own))


def _for_side(asked: Asked, name: str, others: Sequence[str]) -> Asked:
    """The question as it would be asked about one side alone."""
    terms = tuple(
        term
        for term in asked.terms
        if not any(term.word in other or (term.stands_for or "-") in other for other in others) or term.word in name
    )
    return replace(
        asked,
        terms=terms,
        regions=tuple(r for r in asked.regions if r not in others),
        places=tuple(p for p in asked.places if p not in others),
        years=tuple(y for y in asked.years if str(y) not in others),
        quoted=tuple(q for q in asked.quoted if q not in others),
        mentions=tuple(m for m in asked.mentions if m.words not in others),
    )
