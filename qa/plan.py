"""What an answer is made of: one clause, a whole list, sides of a comparison, and what the clause points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.duplicates import likeness
from qa.evidence import Piece, pick, piece_of, whole
from qa.facets import second_clause
from qa.intent import FIGURES, Want, shape_found
from qa.language import plain
from qa.library import Shelf, View
from qa.lists import Listing, announces, find_listing, is_bare, listing_under, wants_list
from qa.particulars import find_particulars
from qa.premise import absent_item
from qa.question import Asked
from qa.rank import Ranked
from qa.references import follow, worth_following
from qa.sides import choose, covers_all, rank_sides, sides_of
from qa.wordmatch import Group, coverage, groups_of

_LONG_LIST = 1600
_ITEM_ROOM = 160
_SAME = 0.6
_CLOSE = 1.0
"""Scores this near to each other say nothing about which clause answers: on the questions of the samples and half of
the compilation's, the best is then right in .49 and the second in .46 of the cases; apart from that in .86 and .19."""
_FITS = 0.5
_CLEAR = 0.55
_MOST_REFERRED = 12
_LONGEST_HEADING = 12


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
    lacking: Want | None = None
    """What was asked of a document itself and nothing states."""
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
    compared = _compared(asked, ranked, groups, shelf)
    if compared is not None:
        return compared
    particulars = find_particulars(asked, ranked, shelf)
    if particulars is not None and (particulars.pieces or particulars.lacking):
        return Plan(particulars.pieces, about=True, lacking=next(iter(particulars.lacking), None))
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
    return Plan(pieces, referred=_below(pieces, asked, shelf) or _referred(pieces[0], asked, groups, shelf))


def _compared(asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf) -> Plan | None:
    """A cell for each side that the question names: what its document says of itself, or its best clause."""
    names = sides_of(asked)
    if not names or covers_all(names, ranked, groups):
        return None
    sides = rank_sides(asked, names, ranked, shelf)
    if not all(side.ranked for side in sides):
        return None
    stated = [find_particulars(side.asked, side.ranked, shelf) for side in sides]
    if all(one is not None and one.pieces for one in stated):
        return Plan(tuple(one.pieces[0] for one in stated if one is not None), names, about=True)
    chosen = choose(sides)
    if len(chosen) < len(names):
        return None
    return Plan(tuple(pick(r.candidate.view, asked, groups, shelf) for r in chosen), names)


def _below(pieces: Sequence[Piece], asked: Asked, shelf: Shelf) -> tuple[tuple[str, Piece], ...]:
    """The items that a shown clause announces, where a list is asked for: 下列数据应当优先开放: answers nothing."""
    if not wants_list(asked):
        return ()
    shown = {piece.view.clause.clause_id for piece in pieces}
    for piece in pieces:
        below = listing_under(piece.view, shelf) if announces(piece.view) else None
        if below is not None and not shown & {item.clause.clause_id for item in below.items}:
            return tuple(("", whole(item, shelf)) for item in below.items)
    return ()


def _list_plan(listing: Listing, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> Plan:
    views = [part for item in listing.items for part in _with_parts(item, shelf)]
    if sum(len(view.text) for view in views) <= _LONG_LIST:
        items = tuple(whole(view, shelf) for view in views)
    else:
        room = max(40, min(_ITEM_ROOM, _LONG_LIST // len(views)))
        items = tuple(_opening(view, shelf, room) for view in views)
    return Plan(items, listing=listing)


def _with_parts(item: View, shelf: Shelf) -> list[View]:
    """An item, and what stands below it where it only heads a list of its own (有下列情形之一的,不予支持:).

    The heading stays: without it what is excluded would stand among what is required.
    """
    if not (is_bare(item, shelf) or announces(item)):
        return [item]
    below = shelf.children(item.document.doc_id, item.clause.clause_id)
    parts = [part for child in below for part in _with_parts(shelf.view(child, item.document), shelf)]
    return [item, *(part for part in parts[:_MOST_REFERRED] if part.sentences)]


def _under_label(below: Listing, asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf) -> Plan:
    """What is asked of a clause that was named by its number: the one clause below it that fits, else all of them."""
    under = {c.clause_id for c in shelf.descendants(below.head.document.doc_id, below.head.clause.clause_id)}
    best = next((r.candidate.view for r in ranked if r.candidate.view.clause.clause_id in under), None)
    rest = [
        group for group in groups if not any(word in f"{below.head.title} {below.head.step}" for word, _ in group.words)
    ]
    quoting = next((item for item in below.items if any(words in item.text for words in asked.quoted)), None)
    fits = best is not None and is_bare(below.head, shelf) and coverage(rest, best.text) >= _FITS
    one = quoting or (best if fits else None)
    if one is not None:
        piece = pick(one, asked, groups, shelf)
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
        exact = [r.candidate.view for r in ranked if r.candidate.exact][: max(1, len(asked.labels))]
        return exact if len(exact) == 1 else [_best_below(view, ranked, shelf) for view in exact]
    second = second_clause(asked, ranked, shelf) or _runner_up(asked, ranked, shelf)
    if second is None or likeness(second.candidate.view.text, first.text) > _SAME:
        return [first]
    return [first, second.candidate.view]


def _item_of(ranked: Sequence[Ranked], shelf: Shelf) -> View:
    """The best clause, or the best of the clauses below it where it does no more than announce or head them."""
    top = ranked[0].candidate.view
    return top if ranked[0].candidate.exact else _best_below(top, ranked, shelf)


def _best_below(top: View, ranked: Sequence[Ranked], shelf: Shelf) -> View:
    below = shelf.children(top.document.doc_id, top.clause.clause_id)
    if not below or not (announces(top) or is_bare(top, shelf)):
        return top
    items = {clause.clause_id for clause in below}
    best = next((r.candidate.view for r in ranked if r.candidate.view.clause.clause_id in items), None)
    first = best or shelf.view(below[0], top.document)
    return first if first.sentences else top


def _runner_up(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Ranked | None:
    """The second best clause where it is nearly as good as the best: the two are then equally likely to answer."""
    if len(ranked) < 2 or ranked[0].score - ranked[1].score >= _CLOSE:
        return None
    view = ranked[1].candidate.view
    wants = [want for want in asked.intent.wants if want in FIGURES]
    shaped = not wants or any(shape_found(want, view.text) for want in wants)
    return (
        ranked[1] if shaped and not is_bare(view, shelf) and ranked[1].features.get("no_matter", 0.0) == 0.0 else None
    )


def _referred(piece: Piece, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> tuple[tuple[str, Piece], ...]:
    """What the shown words point to, each with what it announces below itself."""
    referred: list[tuple[str, Piece]] = []
    if not asked.intent.has(Want.PENALTY) and not worth_following(piece.view, asked.standalone):
        return ()
    if asked.intent.has(Want.PENALTY) and not _left_open(piece, groups, asked):
        return ()
    for one in follow(piece.view, shelf, piece.spans):
        below = listing_under(one.view, shelf)
        if below is None or not (announces(one.view) or is_bare(one.view, shelf)):
            referred.append((one.words, pick(one.view, asked, groups, shelf)))
            continue
        asked_for = [item for item in below.items if _named_in(item, asked)]
        if is_bare(one.view, shelf) and asked_for:
            referred.append((one.words, pick(asked_for[0], asked, groups, shelf)))
            continue
        referred.append((one.words, pick(one.view, asked, groups, shelf)))
        referred.extend(("", whole(item, shelf)) for item in below.items[:_MOST_REFERRED])
    return tuple(referred)


def _named_in(item: View, asked: Asked) -> bool:
    """Whether the question names an item by its heading (新颖化)."""
    heading = item.clause.heading
    return 2 <= len(heading) <= _LONGEST_HEADING and plain(heading) in plain(asked.standalone)


def _left_open(piece: Piece, groups: Sequence[Group], asked: Asked) -> bool:
    """Whether a penalty's own words leave open which conduct it punishes: then the article it names says so."""
    return coverage(groups, piece.view.text, piece.view.title) < _CLEAR or worth_following(piece.view, asked.standalone)
