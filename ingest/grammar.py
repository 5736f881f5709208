"""Where a label belongs among those that are open: the rule that ordering and outlining share.

A place has a cost. Numbers that go on cost nothing, gaps, steps back and repeats cost more and more; a list that
starts at one is free where its scheme may stand below the one that is open (一、 › (一) › 1. › (1), as in GB/T 9704,
or as the document itself has shown before).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from ingest.labels import RANKS, Label

UNLABELLED = "heading"
DEEPEST = 14
"""No path is longer than this; what is nested deeper is listed flat at this depth."""

GAP = 2.0
REPEAT = 5.0
STEP_BACK = 6.0
RESTART = 4.0
LATE_START = 3.5
OUT_OF_RANK = 3.0
CLOSED = 4.5
RUNS_ON = 0.3
IN_BOX = 0.2
_RUNS_ON = frozenset({"article", "box", "num", "cn_paren", "cn", "question", "decimal2"})
"""Schemes whose numbers may run on through a document under changing headings."""
_ABOVE_ARTICLES = frozenset({"cn", "cn_paren"})
_LAW = frozenset({"part", "subpart", "chapter", "section", "article"})


class Open(NamedTuple):
    """A label that is open: its scheme, its number, and a number that tells it from all others."""

    scheme: str
    number: tuple[int, ...]
    serial: int


class Seen(NamedTuple):
    """The latest label of a scheme, the serial of what it stood below (0 for the document), its title's last words."""

    number: tuple[int, ...]
    parent: int
    ending: str = ""


class Place(NamedTuple):
    """How many of the open labels stay open above a new one, and what putting it there costs."""

    depth: int
    cost: float


Stack = tuple[Open, ...]
Memory = Mapping[str, Seen]


def scheme_of(label: Label) -> str:
    """The scheme of a label; 1.2 and 1.2.3 are schemes of their own."""
    return f"decimal{len(label.number)}" if label.scheme == "decimal" else label.scheme


@cache
def rank_of(scheme: str) -> float:
    """The usual depth of a scheme, smaller is higher."""
    if scheme.startswith("decimal"):
        return 9.0 + 0.1 * int(scheme[7:])
    return RANKS.get(scheme, 9.0)


def place(stack: Stack, scheme: str, number: tuple[int, ...], memory: Memory, *, bare: bool = False) -> Place:
    """The cheapest place for a label, the deepest of several. ``bare``: the last open label has only its title yet."""
    inside = next((at for at, opened in enumerate(stack) if opened.scheme == scheme), None)
    deepest = len(stack) if inside is None else inside
    first = number[-1] <= 1
    closed = sum(_closed_needlessly(opened.scheme, scheme, inside) for opened in stack[deepest:])
    best_depth, best_cost = deepest, math.inf
    for depth in range(deepest, -1, -1):
        if depth < deepest:
            closed += _closed_needlessly(stack[depth].scheme, scheme, inside)
        if depth == inside:
            cost = step(stack[depth].number, number, scheme)
        else:
            cost = CLOSED * closed + _cost_below(stack[depth - 1] if depth else None, scheme, number, first, memory)
            if bare and depth == len(stack) and scheme == "question":  # 一、谁能领 over 问:… has nothing else to hold
                cost = 0.0
        if cost < best_cost:
            best_depth, best_cost = depth, cost
        if cost == 0.0:
            break
    return Place(best_depth if best_depth < DEEPEST else DEEPEST - 1, best_cost)


def _cost_below(parent: Open | None, scheme: str, number: tuple[int, ...], first: bool, memory: Memory) -> float:
    """The cost of a new list below an open label, or at the top of the document."""
    cost = 0.0
    if parent is not None and rank_of(parent.scheme) >= rank_of(scheme) and parent.scheme != UNLABELLED:
        # Judicial interpretations print 第一条 below 一、; inside an article 一、 is an item and the article is open.
        cost += 0.1 if scheme == "article" and parent.scheme in _ABOVE_ARTICLES else OUT_OF_RANK
    if scheme == "dash":
        return cost
    seen = memory.get(scheme)
    below = parent.serial if parent is not None else 0
    if seen is not None and (not first or scheme in _LAW) and step(seen.number, number, scheme) == 0.0:
        if seen.parent == below:
            return IN_BOX if parent is not None and parent.scheme == "box" else 0.0
        if scheme in _RUNS_ON:
            in_box = IN_BOX if parent is not None and parent.scheme == "box" else 0.0
            return cost + in_box + (0.0 if scheme in {"article", "box"} else RUNS_ON)
        return cost + (0.0 if first else LATE_START)
    if first or scheme == "article":
        late = 0.0 if first else LATE_START if seen is None else min(LATE_START, step(seen.number, number, scheme))
        again = RESTART if seen is not None and seen.parent == below and scheme != "ordinal" else 0.0
        return cost + late + again
    return cost + LATE_START


def _closed_needlessly(closed: str, scheme: str, inside: int | None) -> int:
    """Whether a label that stands above the new one's rank would be closed for it."""
    if scheme == "article" and inside is None and closed in _ABOVE_ARTICLES:
        return 1
    return int(rank_of(closed) < rank_of(scheme) and closed != "box")


def step(before: tuple[int, ...], number: tuple[int, ...], scheme: str) -> float:  # noqa: PLR0911
    """The cost of one number behind another of its scheme; 0 for 12 → 13, 12 → 12之一, 12之一 → 13."""
    if scheme == "dash" or (scheme == "question" and before == number == (0,)):
        return 0.0
    if scheme == "article" and (len(before) > 1 or len(number) > 1):
        after = (before[0] + 1,) == number or number == (*before[:1], (before[1] if len(before) > 1 else 0) + 1)
        return 0.0 if after else GAP if number > before else STEP_BACK
    if before[:-1] != number[:-1]:
        return 0.0 if number[-1] == 1 and number > before else GAP if number > before else STEP_BACK
    change = number[-1] - before[-1]
    if change == 1:
        return 0.0
    if change > 1:
        return GAP + min(change - 2, 5) * 0.3
    if number[-1] == 1:
        return RESTART
    return REPEAT if change == 0 else STEP_BACK
