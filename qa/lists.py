"""Whole lists: a heading that matches means everything under it, complete and in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from qa.fixed import announces_below
from qa.intent import Want
from qa.itemised import MOST_ITEMS, Listing, lists_in
from qa.language import plain
from qa.library import Shelf, View
from qa.literals import figures
from qa.question import Asked
from qa.wordmatch import Group, coverage

if TYPE_CHECKING:
    from qa.rank import Ranked

_EACH = re.compile(r"分别|每[一个档类项种级条]|各[自类档项种级]|\beach\b")
_FEW = 8
_FAR_AHEAD = 4.0
_IN_ITEMS = 0.5
"""What a word of the question is worth in the items beside the words that announce them."""
_ALONE = 1.5
"""An item that leads the next one by this much is asked for by itself."""
_MEASURES = frozenset(("个", "项", "条", "类", "种", "件", "家", "款", "位"))
_STEPS = re.compile(r"程序|流程|步骤|办理|申[请领报]")
_LISTED = re.compile(
    r"什么样|哪类|条件|情形|流程|步骤|程序|内容|材料|怎么(?:申|办|走)|如何|几步|职责|权利|义务|情况|写清|包括"
)


def wants_list(asked: Asked) -> bool:
    """Whether a whole list may be what is asked for."""
    if asked.intent.has(Want.LIST, Want.PROCEDURE):
        return True
    return not asked.intent.has(Want.BODY, Want.DATE) and bool(_LISTED.search(plain(asked.standalone)))


def find_listing(asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf) -> Listing | None:
    """The list that answers, or None where a single clause does better.

    The best clause may be the list's heading, or one of its items: then the items must either be as many as the
    question says, or be announced (符合下列条件) and rank high together.
    """
    top = ranked[0].candidate.view
    below = _fitting(lists_in(top, shelf), asked, groups)
    counted = below is not None and asked.intent.count == len(below.items)
    if below is not None and wants_list(asked) and (is_announced(below) or is_bare(top, shelf) or counted):
        return below
    if not wants_list(asked):
        return None
    parent_id = top.clause.parent_id
    parent = shelf.clause(top.document.doc_id, parent_id) if parent_id else None
    beside = lists_in(shelf.view(parent, top.document), shelf) if parent is not None else ()
    listing = next((one for one in beside if any(top.clause.clause_id == i.clause.clause_id for i in one.items)), None)
    if listing is None or _names_one(top, asked):
        return None
    return listing if _together(asked, ranked, listing, shelf) else None


def _fitting(lists: Sequence[Listing], asked: Asked, groups: Sequence[Group]) -> Listing | None:
    """Of a clause's lists the one that the question asks for, by its number of items or by the words that announce it.

    The first of those that fit equally well; None where there are none.
    """

    def fit(listing: Listing) -> tuple[bool, float]:
        lead = plain(" ".join(sentence.text for sentence in listing.lead))
        items = " ".join(item.text for item in listing.items)
        words = coverage(groups, lead) + _IN_ITEMS * coverage(groups, items)
        return len(listing.items) == asked.intent.count, words

    return max(lists, key=fit, default=None)


def is_announced(listing: Listing) -> bool:
    """Whether the sentence before a list's items announces them."""
    return any(announces_below(plain(sentence.text)) for sentence in listing.lead)


def _together(asked: Asked, ranked: Sequence[Ranked], listing: Listing, shelf: Shelf) -> bool:
    """Whether the items are asked for together rather than the best of them alone."""
    head, bare, announced = listing.head, is_bare(listing.head, shelf), is_announced(listing)
    if asked.intent.count is not None:
        return asked.intent.count == len(listing.items) and not _counts(ranked[0].candidate.view, asked.intent.count)
    by_name = (bare and _named(head, asked)) or (asked.intent.has(Want.PROCEDURE) and bool(_STEPS.search(head.step)))
    if by_name or (announced and asked.intent.has(Want.LIST)):
        return len(ranked) < 2 or ranked[0].score - ranked[1].score <= _FAR_AHEAD
    items = {item.clause.clause_id for item in listing.items}
    scores = [r.score for r in ranked if r.candidate.view.clause.clause_id in items]
    if len(scores) < 2:
        return False
    each = bool(_EACH.search(asked.standalone)) and len(items) <= _FEW
    each = each and sum(_is_of(r, items) for r in ranked[:4]) >= 2
    if each or scores[0] - scores[1] > _ALONE:
        return each
    high = sum(r.candidate.view.clause.clause_id in items for r in ranked[: len(items) + 3])
    head_high = any(r.candidate.view.clause.clause_id == head.clause.clause_id for r in ranked[:5])
    if announced:
        return high >= 2 or head_high
    return head_high and bare and _asked_in(asked, head) and high >= max(3, 0.75 * len(items))


def _counts(view: View, count: int) -> bool:
    """Whether a clause itself says that there are so many of something (3项量化指标)."""
    return any(value == count and unit in _MEASURES for value, unit in figures(view.text))


def _is_of(ranked: Ranked, items: Container[str]) -> bool:
    return ranked.candidate.view.clause.clause_id in items


def _asked_in(asked: Asked, head: View) -> bool:
    """Whether a heading holds a word of the question that the document's title does not."""
    return any(len(term.word) >= 2 and term.word in head.step and term.word not in head.title for term in asked.terms)


def _named(head: View, asked: Asked) -> bool:
    """Whether a heading is what a list is asked of: 哪些原则 and (二)基本原则, 要交哪些材料 and (一)必备材料."""
    if not asked.intent.has(Want.LIST):
        return False
    named = [term for term in asked.terms if len(term.word) >= 2 and term.word not in head.title]
    after = _WHICH.search(plain(asked.search_text))
    thing = next((t.word for t in named if after and t.stands_for is None and after[1].startswith(t.word)), "")
    return any(word in head.step for word in (thing, *(t.word for t in named[-1:])) if word)


_WHICH = re.compile(r"(?:哪些|哪几[个项种类条]?|什么|啥)([\u4e00-\u9fff]{2,6})")


def listing_under(head: View, shelf: Shelf) -> Listing | None:
    """A clause with the two to forty clauses directly below it, or None where it has fewer or more."""
    children = shelf.children(head.document.doc_id, head.clause.clause_id)
    views = tuple(view for child in children if (view := shelf.view(child, head.document)).sentences)
    return Listing(head, views) if 2 <= len(views) <= MOST_ITEMS else None


def announces(view: View) -> bool:
    """Whether a clause's own text ends by announcing what is below it."""
    return view.fixed.opens_list


def is_bare(view: View, shelf: Shelf) -> bool:
    """Whether a clause is no more than the heading of those below it."""
    if len(view.text) > len(view.step) + 12:
        return False
    return bool(shelf.below(view.document.doc_id, view.clause.clause_id))


def _names_one(view: View, asked: Asked) -> bool:
    """Whether the question quotes words of this very item, so that the others are not asked for."""
    return any(quoted in view.text for quoted in asked.quoted)
