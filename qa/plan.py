"""What an answer is made of: one clause, a whole list, sides of a comparison, and what the clause points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.duplicates import likeness
from qa.evidence import Piece, pick, piece_of, whole
from qa.facets import second_clause
from qa.intent import Want, shape_found
from qa.library import Shelf, View
from qa.lists import Listing, announces, find_listing, is_bare, listing_under
from qa.particulars import find_particulars
from qa.premise import absent_item
from qa.question import Asked
from qa.rank import Ranked
from qa.references import follow, worth_following
from qa.sides import rank_sides, sides_of
from qa.wordmatch import Group, coverage, groups_of

_LONG_LIST = 1600
_ITEM_ROOM = 160
_SAME = 0.6
_CLOSE = 0.7
"""Scores this near to each other say nothing about which clause answers: on the questions of the samples and half of
the compilation's, the best is then right in .49 and the second in .46 of the cases; apart from that in .86 and .19."""
_FIGURES = (Want.AMOUNT, Want.PERCENT, Want.DATE, Want.DURATION, Want.COUNT)
_FITS = 0.5
_CLEAR = 0.55
_MOST_REFERRED = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """``pieces`` in the order of the answer. With ``sides`` they are a table's cells, with ``listing`` a list's items
    under its head. ``referred`` are quoted below, each with the words that point to it."""

    pieces: tuple[Piece, ...]
    sides: tuple[str, ...] = ()
    listing: Listing | None = None
    referred: tuple[tuple[str, Piece], ...] = ()
    about: bool = False
    """The pieces state the number, date or issuer of a document."""
    absent: str = ""
    """An item that the question takes for one of the list's and that is not on it."""

    @property
    def views(self) -> tuple[View, ...]:
        """The clauses that the plan leans on, in order, each once."""
        views = [piece.view for piece in self.pieces] + [piece.view for _, piece in self.referred]
        return tuple({view.clause.clause_id: view for view in views}.values())


def make_plan(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Plan:
    """How to answer ``asked`` from the clauses ranked for it; ``ranked`` must not be empty."""
    groups = groups_of(asked, shelf)
    particulars = find_particulars(asked, ranked, shelf)
    if particulars is not None and (particulars.pieces or Want.DOCUMENT_NUMBER in particulars.lacking):
        return Plan(particulars.pieces, about=True)
    sides = sides_of(asked)
    if sides:
        best = rank_sides(asked, sides, ranked, shelf)
        if len(best) == len(sides):
            return Plan(tuple(pick(r.candidate.view, asked, groups, shelf) for r in best), sides)
    family = absent_item(asked, ranked, shelf)
    if family is not None:
        plan = _list_plan(Listing(family.parent, family.items), asked, groups, shelf)
        return replace(plan, absent=family.asked_item)
    listing = find_listing(asked, ranked, shelf)
    if listing is not None:
        return _list_plan(listing, asked, groups, shelf)
    views = _chosen(asked, ranked, shelf)
    pieces = tuple(pick(view, asked, groups, shelf) for view in views)
    below = listing_under(views[0], shelf) if ranked[0].candidate.exact and len(views) == 1 else None
    if below is not None:
        return _under_label(below, asked, ranked, groups, shelf)
    referred = _referred(pieces[0], asked, groups, shelf)
    return Plan(pieces, referred=referred)


def _list_plan(listing: Listing, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> Plan:
    total = sum(len(item.text) for item in listing.items)
    if total <= _LONG_LIST:
        items = tuple(whole(item, shelf) for item in listing.items)
    else:
        room = max(40, min(_ITEM_ROOM, _LONG_LIST // len(listing.items)))
        items = tuple(_opening(item, shelf, room) for item in listing.items)
    return Plan(items, listing=listing)


def _under_label(below: Listing, asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf) -> Plan:
    """What is asked of a clause that was named by its number: the one clause below it that fits, else all of them."""
    under = {c.clause_id for c in shelf.descendants(below.head.document.doc_id, below.head.clause.clause_id)}
    best = next((r.candidate.view for r in ranked if r.candidate.view.clause.clause_id in under), None)
    rest = [
        group for group in groups if not any(word in f"{below.head.title} {below.head.step}" for word, _ in group.words)
    ]
    if best is not None and is_bare(below.head) and coverage(rest, best.text) >= _FITS:
        piece = pick(best, asked, groups, shelf)
        return Plan((piece,), referred=_referred(piece, asked, groups, shelf))
    return _list_plan(below, asked, groups, shelf)


def _opening(view: View, shelf: Shelf, room: int) -> Piece:
    """The clause's first sentences up to ``room`` characters: one at least."""
    taken = 1
    while taken < len(view.sentences) and sum(len(s.text) for s in view.sentences[: taken + 1]) <= room:
        taken += 1
    return piece_of(view, view.sentences[:taken], shelf)


def _chosen(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> list[View]:
    """The clauses asked for by number, or the best clause with one more where the question has a part for it."""
    first = _item_of(ranked, shelf)
    if ranked[0].candidate.exact:
        exact = [r.candidate.view for r in ranked if r.candidate.exact]
        return exact[: max(1, len(asked.labels))]
    second = second_clause(asked, ranked, shelf) or _runner_up(asked, ranked)
    if second is None or likeness(second.candidate.view.text, first.text) > _SAME:
        return [first]
    return [first, second.candidate.view]


def _item_of(ranked: Sequence[Ranked], shelf: Shelf) -> View:
    """The best clause, or the best of the items that it does no more than announce."""
    top = ranked[0].candidate.view
    below = listing_under(top, shelf) if announces(top) else None
    if below is None or ranked[0].candidate.exact:
        return top
    items = {item.clause.clause_id for item in below.items}
    return next((r.candidate.view for r in ranked if r.candidate.view.clause.clause_id in items), top)


def _runner_up(asked: Asked, ranked: Sequence[Ranked]) -> Ranked | None:
    """The second best clause where it is nearly as good as the best: the two are then equally likely to answer."""
    if len(ranked) < 2 or ranked[0].score - ranked[1].score >= _CLOSE:
        return None
    view = ranked[1].candidate.view
    wants = [want for want in asked.intent.wants if want in _FIGURES]
    shaped = not wants or any(shape_found(want, view.text) for want in wants)
    return ranked[1] if shaped and not is_bare(view) and ranked[1].features.get("no_matter", 0.0) == 0.0 else None


def _referred(piece: Piece, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> tuple[tuple[str, Piece], ...]:
    """What the shown words point to, each with what it announces below itself."""
    referred: list[tuple[str, Piece]] = []
    if not asked.intent.has(Want.PENALTY) and not worth_following(piece.view, asked.standalone):
        return ()
    if asked.intent.has(Want.PENALTY) and not _left_open(piece, groups, asked):
        return ()
    for one in follow(piece.view, shelf, piece.spans):
        referred.append((one.words, pick(one.view, asked, groups, shelf)))
        below = listing_under(one.view, shelf)
        if below is not None and (announces(one.view) or is_bare(one.view)):
            referred.extend(("", whole(item, shelf)) for item in below.items[:_MOST_REFERRED])
    return tuple(referred)


def _left_open(piece: Piece, groups: Sequence[Group], asked: Asked) -> bool:
    """Whether a penalty's own words leave open which conduct it punishes: then the article it names says so."""
    return coverage(groups, piece.view.text, piece.view.title) < _CLEAR or worth_following(piece.view, asked.standalone)
