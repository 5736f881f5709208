"""What an answer is made of: one clause, a whole list, sides of a comparison, and what the clause points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.duplicates import likeness
from qa.evidence import LONG_LIST, Piece, pick, piece_of, whole
from qa.facets import second_clause
from qa.fixed import announces_below
from qa.intent import Want, shape_found
from qa.itemised import Listing, as_printed, lists_in
from qa.library import Shelf, View
from qa.lists import announces, find_listing, is_bare, listing_under, wants_list
from qa.onward import MOST_REFERRED, Onward, onward, referred_to
from qa.particulars import find_particulars
from qa.penalties import penalty_lead
from qa.pointing import defers
from qa.premise import absent_item
from qa.question import Asked
from qa.rank import Ranked
from qa.reader import Reader
from qa.references import follow
from qa.second_look import next_read
from qa.sides import choose, covers_all, one_for_all, rank_sides, sides_of
from qa.wordmatch import Group, coverage, groups_of

_ITEM_ROOM = 160
_SAME = 0.6
_CLOSE = 1.0
"""Scores this near to each other say little about which clause answers. On the training questions quoting both within
.5, .75, 1 and 2 gives citation precision and recall .863/.842, .857/.846, .847/.855 and .806/.860."""
_HARDLY = 3.0
_FITS = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """``pieces`` in the order of the answer. With ``sides`` they are a table's cells, with ``listing`` a list's items
    under its head. ``referred`` are quoted below, each with the words that point to it."""

    pieces: tuple[Piece, ...]
    sides: tuple[str, ...] = ()
    listing: Listing | None = None
    referred: tuple[Onward, ...] = ()
    about: bool = False
    """The pieces state the number, date or issuer of a document."""
    lacking: Want | None = None
    """What was asked of a document itself and nothing states."""
    absent: str = ""
    """An item that the question takes for one of the list's and that is not on it."""

    @property
    def views(self) -> tuple[View, ...]:
        """The clauses that the plan leans on, in order, each once."""
        views = [piece.view for piece in self.pieces] + [one.piece.view for one in self.referred]
        return tuple({view.clause.clause_id: view for view in views}.values())


def make_plan(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, reader: Reader | None = None) -> Plan:
    """How to answer ``asked`` from the clauses ranked for it; ``ranked`` must not be empty."""
    groups = groups_of(asked, shelf)
    compared = _compared(asked, ranked, groups, shelf, reader)
    if compared is not None:
        return compared
    particulars = find_particulars(asked, ranked, shelf)
    if particulars is not None and (particulars.pieces or particulars.lacking):
        return Plan(particulars.pieces, about=True, lacking=next(iter(particulars.lacking), None))
    family = absent_item(asked, ranked, shelf)
    if family is not None:
        plan = _list_plan(Listing(family.parent, family.items), shelf)
        return replace(plan, absent=family.asked_item)
    listing = None if _defers_to_another(ranked, shelf) else find_listing(asked, ranked, groups, shelf)
    if listing is not None:
        return _list_plan(listing, shelf)
    views = _chosen(asked, ranked, shelf, reader)
    pieces = _with_leads([pick(view, asked, groups, shelf) for view in views], asked, shelf)
    below = listing_under(views[0], shelf) if ranked[0].candidate.exact and len(views) == 1 else None
    if below is not None:
        return _under_label(below, asked, ranked, groups, shelf)
    return Plan(pieces, referred=onward(pieces, asked, ranked, groups, shelf))


def _with_leads(pieces: Sequence[Piece], asked: Asked, shelf: Shelf) -> tuple[Piece, ...]:
    """``pieces``, before an item that is punished the words of its list that say how, where a penalty is asked."""
    if not asked.intent.has(Want.PENALTY):
        return tuple(pieces)
    shown: list[Piece] = []
    for piece in pieces:
        lead = penalty_lead(piece.view, shelf)
        if lead is not None and all(one.view.clause.clause_id != lead.clause.clause_id for one in shown):
            opening = next((i for i, text in enumerate(lead.sentence_texts) if announces_below(text)), 0)
            shown.append(piece_of(lead, lead.sentences[: opening + 1], shelf))
        shown.append(piece)
    return tuple(shown)


def _defers_to_another(ranked: Sequence[Ranked], shelf: Shelf) -> bool:
    """Whether the best clause says no more than that what another one says holds: that one is quoted, not its list."""
    view = ranked[0].candidate.view
    return defers(view.text) and bool(follow(view, shelf, view.clause.spans))


def _compared(
    asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf, reader: Reader | None
) -> Plan | None:
    """A cell for each side that the question names: what its document says of itself, or its best clause."""
    names = sides_of(asked)
    if not names or covers_all(asked, names, ranked, groups):
        return None
    sides = rank_sides(asked, names, ranked, shelf, reader)
    if not all(side.ranked for side in sides) or one_for_all(sides):
        return None
    stated = [find_particulars(side.asked, side.ranked, shelf) for side in sides]
    if all(one is not None and one.pieces for one in stated):
        return Plan(tuple(one.pieces[0] for one in stated if one is not None), names, about=True)
    chosen = choose(sides)
    if len(chosen) < len(names):
        return None
    return Plan(tuple(pick(r.candidate.view, asked, groups, shelf) for r in chosen), names)


def _list_plan(listing: Listing, shelf: Shelf) -> Plan:
    views = [part for item in listing.items for part in _with_parts(item, shelf)]
    if sum(len(view.text) for view in views) <= LONG_LIST:
        items = tuple(whole(view, shelf) for view in views)
    else:
        room = max(40, min(_ITEM_ROOM, LONG_LIST // len(views)))
        items = tuple(_opening(view, shelf, room) for view in views)
    closing = (piece_of(listing.head, listing.closing, shelf),) if listing.closing else ()
    return Plan((*items, *closing), listing=listing)


def _with_parts(item: View, shelf: Shelf) -> list[View]:
    """An item, and what stands below it where it only heads a list of its own (有下列情形之一的,不予支持:).

    The heading stays: without it what is excluded would stand among what is required.
    """
    if not (is_bare(item, shelf) or announces(item)):
        return [item]
    below = shelf.children(item.document.doc_id, item.clause.clause_id)
    parts = [part for child in below for part in _with_parts(shelf.view(child, item.document), shelf)]
    return [item, *(part for part in parts[:MOST_REFERRED] if part.sentences)]


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
        return Plan((piece,), referred=referred_to(piece, asked, groups, shelf))
    if len(as_printed(below.head, shelf)) > 1 and len(lists_in(below.head, shelf)) != 1:
        return Plan((whole(below.head, shelf),))
    return _list_plan(next(iter(lists_in(below.head, shelf)), below), shelf)


def _opening(view: View, shelf: Shelf, room: int) -> Piece:
    """The clause's first sentences up to ``room`` characters: one at least."""
    taken = 1
    while taken < len(view.sentences) and sum(len(s.text) for s in view.sentences[: taken + 1]) <= room:
        taken += 1
    return piece_of(view, view.sentences[:taken], shelf)


def _chosen(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, reader: Reader | None) -> list[View]:
    """The clauses asked for by number, or the best clause with one more where the question has a part for it."""
    first = _item_of(asked, ranked, shelf)
    if ranked[0].candidate.exact:
        exact = [r.candidate.view for r in ranked if r.candidate.exact][: max(1, len(asked.labels))]
        return exact if len(exact) == 1 else [_best_below(view, ranked, shelf) for view in exact]
    second = second_clause(asked, ranked, shelf, reader) or _runner_up(asked, ranked, shelf, reader)
    other = second.candidate.view if second is not None else None
    if other is None or _strays(other, first, asked) or likeness(other.text, first.text) > _SAME:
        return [first]
    return [first, other]


def _strays(view: View, first: View, asked: Asked) -> bool:
    """Whether a clause is of another document than the one that is named and answers."""
    named = asked.named_documents
    return first.document.doc_id in named and view.document.doc_id not in named


def _item_of(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> View:
    """The best clause, or the best of the clauses below it where it does no more than announce or head them."""
    top = ranked[0].candidate.view
    if ranked[0].candidate.exact or _answers_itself(top, asked):
        return top
    below = _figure_below(asked, ranked, shelf)
    return below if below is not None else _best_below(top, ranked, shelf)


def _answers_itself(view: View, asked: Asked) -> bool:
    """Whether who or when is asked, and a clause says so before it announces what is below it."""
    wants = [want for want in (Want.BODY, Want.DATE) if asked.intent.has(want)]
    return bool(wants) and not wants_list(asked) and all(shape_found(want, view.text) for want in wants)


def _figure_below(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> View | None:
    """The clause below the best one that has the figure asked for, where the best has none and is hardly better."""
    top = ranked[0]
    wants = asked.intent.figures
    if not wants or any(shape_found(want, top.candidate.view.text) for want in wants):
        return None
    under = {
        c.clause_id for c in shelf.descendants(top.candidate.view.document.doc_id, top.candidate.view.clause.clause_id)
    }
    for one in ranked[1:]:
        if top.score - one.score > _HARDLY:
            return None
        view = one.candidate.view
        if view.clause.clause_id in under and any(shape_found(want, view.text) for want in wants):
            return view
    return None


def _best_below(top: View, ranked: Sequence[Ranked], shelf: Shelf) -> View:
    below = shelf.children(top.document.doc_id, top.clause.clause_id)
    if not below or not (announces(top) or is_bare(top, shelf)):
        return top
    items = {clause.clause_id for clause in below}
    best = next((r.candidate.view for r in ranked if r.candidate.view.clause.clause_id in items), None)
    first = best or shelf.view(below[0], top.document)
    return first if first.sentences else top


def _runner_up(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, reader: Reader | None) -> Ranked | None:
    """The second best clause where it is nearly as good as the best: the two are then equally likely to answer."""
    second = _next(ranked) if reader is None else next_read(ranked, reader)
    if second is None:
        return None
    view = second.candidate.view
    wants = asked.intent.figures
    shaped = not wants or any(shape_found(want, view.text) for want in wants)
    return second if shaped and not is_bare(view, shelf) and second.features.get("no_matter", 0.0) == 0.0 else None


def _next(ranked: Sequence[Ranked]) -> Ranked | None:
    return ranked[1] if len(ranked) > 1 and ranked[0].score - ranked[1].score < _CLOSE else None
