"""Whole lists: a heading that matches means everything under it, complete and in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.intent import Want
from qa.language import plain
from qa.library import Shelf, View
from qa.question import Asked
from qa.rank import Ranked

_MOST_ITEMS = 40
_OPENS_LIST = re.compile(r"[::]\s*$|如下|下列|以下|包括|其中之一|条件之一|同时(?:符合|满足|具备)")
_LONG_TEXT = 120


@dataclass(frozen=True, slots=True)
class Listing:
    """A heading and the clauses directly below it, in reading order."""

    head: View
    items: tuple[View, ...]


def find_listing(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Listing | None:  # noqa: PLR0911
    """The list that answers, or None where a single clause does better.

    The best clause may be the list's heading, or one of its items: then the items must either be as many as the
    question says, or rank high together.
    """
    if not ranked or not asked.intent.has(Want.LIST, Want.PROCEDURE, Want.REASON, Want.COUNT):
        return None
    top = ranked[0].candidate.view
    below = _listing(top, shelf)
    if below is not None and _is_head(top) and (asked.intent.has(Want.LIST) or _bare(top)):
        return below
    if not asked.intent.has(Want.LIST):
        return None
    parent_id = top.clause.parent_id
    parent = shelf.clause(top.document.doc_id, parent_id) if parent_id else None
    if parent is None:
        return None
    listing = _listing(shelf.view(parent, top.document), shelf)
    if listing is None or len(listing.items) < 2:
        return None
    if asked.intent.count == len(listing.items) and not _names_one(top, asked):
        return listing
    items = {item.clause.clause_id for item in listing.items}
    depth = len(items) + 2
    high = sum(r.candidate.view.clause.clause_id in items for r in ranked[:depth])
    head_rank = next((i for i, r in enumerate(ranked[:4]) if r.candidate.view.clause.clause_id == parent.clause_id), 99)
    together = high >= max(3, 0.75 * len(items))
    return listing if (together and head_rank <= 3) and asked.intent.count in (None, len(items)) else None


def _listing(head: View, shelf: Shelf) -> Listing | None:
    children = shelf.children(head.document.doc_id, head.clause.clause_id)
    if not 2 <= len(children) <= _MOST_ITEMS:
        return None
    return Listing(head, tuple(shelf.view(child, head.document) for child in children))


def _is_head(view: View) -> bool:
    """Whether a clause's own text does no more than announce what is below it."""
    return _bare(view) or bool(_OPENS_LIST.search(view.text[-_LONG_TEXT:]))


def _bare(view: View) -> bool:
    own = plain(view.clause.path[-1]) if view.clause.path else ""
    return len(view.text) <= len(own) + 12


def _names_one(view: View, asked: Asked) -> bool:
    """Whether the question quotes words of this very item, so that the others are not asked for."""
    return any(quoted in view.text for quoted in asked.quoted)
