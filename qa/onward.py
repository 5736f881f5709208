"""What is quoted below the answer: what its words point to, and what the question asks for beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Kind, overlaps
from qa.evidence import Piece, pick, whole
from qa.intent import Want, shape_found
from qa.itemised import Listing
from qa.language import plain
from qa.library import Shelf, View
from qa.lists import announces, is_bare, listing_under, wants_list
from qa.pointing import BREACH_OF_ALL
from qa.question import Asked
from qa.rank import Ranked
from qa.references import follow, worth_following
from qa.wordmatch import Group, coverage


@dataclass(frozen=True, slots=True)
class Onward:
    """A piece quoted below the answer, and the words that lead to it: empty where it belongs to the piece before.

    ``phrase`` is how `qa.wording` introduces it: what the clause points to, a goal's task, a number's notice.
    """

    words: str
    piece: Piece
    phrase: str = "referred"


MOST_REFERRED = 12
_CLEAR = 0.55
_LONGEST_HEADING = 12


def onward(
    pieces: Sequence[Piece], asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf
) -> tuple[Onward, ...]:
    """What belongs below ``pieces``; empty where they say everything themselves."""
    return (
        _below(pieces, asked, shelf)
        or referred_to(pieces[0], asked, groups, shelf)
        or _duty(pieces, asked, ranked, groups, shelf)
        or _task(pieces, asked, ranked, groups, shelf)
        or _numbered(pieces, asked, shelf)
    )


def _below(pieces: Sequence[Piece], asked: Asked, shelf: Shelf) -> tuple[Onward, ...]:
    """The items that a shown clause announces, where a list is asked for: 下列数据应当优先开放: answers nothing."""
    if not wants_list(asked):
        return ()
    shown = {piece.view.clause.clause_id for piece in pieces}
    for piece in pieces:
        below = listing_under(piece.view, shelf) if announces(piece.view) else None
        if below is not None and not _holds(piece, below) and not shown & {i.clause.clause_id for i in below.items}:
            return tuple(Onward("", whole(item, shelf)) for item in below.items)
    return ()


def referred_to(piece: Piece, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> tuple[Onward, ...]:
    """What the shown words point to, each with what it announces below itself."""
    referred: list[Onward] = []
    if not asked.intent.has(Want.PENALTY) and not worth_following(piece.view, asked.standalone):
        return ()
    if asked.intent.has(Want.PENALTY) and not _left_open(piece, groups, asked):
        return ()
    for one in follow(piece.view, shelf, piece.spans):
        below = listing_under(one.view, shelf)
        if below is None or not (announces(one.view) or is_bare(one.view, shelf)):
            referred.append(Onward(one.words, pick(one.view, asked, groups, shelf)))
            continue
        asked_for = [item for item in below.items if _named_in(item, asked)]
        if is_bare(one.view, shelf) and asked_for:
            referred.append(Onward(one.words, pick(asked_for[0], asked, groups, shelf)))
            continue
        target = pick(one.view, asked, groups, shelf)
        referred.append(Onward(one.words, target))
        if not _holds(target, below):
            referred.extend(Onward("", whole(item, shelf)) for item in below.items[:MOST_REFERRED])
    return tuple(referred)


def _holds(piece: Piece, below: Listing) -> bool:
    """Whether a piece quotes items of the list, which its source prints in the middle of it."""
    return any(overlaps(piece.spans, item.clause.spans) for item in below.items)


def _duty(
    pieces: Sequence[Piece], asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf
) -> tuple[Onward, ...]:
    """The duty whose breach the shown penalty punishes without naming its article, where both were found."""
    view = pieces[0].view
    breach = BREACH_OF_ALL.search(view.text)
    if not asked.intent.has(Want.PENALTY) or breach is None or len(pieces) > 1:
        return ()
    duty = ranked[1].candidate.view if len(ranked) > 1 else view
    if duty.document.doc_id != view.document.doc_id or shape_found(Want.PENALTY, duty.text) or is_bare(duty, shelf):
        return ()
    return (Onward(breach[0], pick(duty, asked, groups, shelf)),)


def _named_in(item: View, asked: Asked) -> bool:
    """Whether the question names an item by its heading (新颖化)."""
    heading = item.clause.heading
    return 2 <= len(heading) <= _LONGEST_HEADING and plain(heading) in plain(asked.standalone)


def _left_open(piece: Piece, groups: Sequence[Group], asked: Asked) -> bool:
    """Whether a penalty's own words leave open which conduct it punishes: then the article it names says so."""
    return coverage(groups, piece.view.text, piece.view.title) < _CLEAR or worth_following(piece.view, asked.standalone)


_TASK = re.compile(
    r"(?:哪|什么|啥|具体).{0,4}任务|任务(?:部分|里|中)|(?:怎么|如何|咋|靠什么|靠啥|由谁|谁来|具体).{0,6}(?:落实|承接|落地|实现|办到|做到|达到)"
    r"|(?:落实|承接|落地)(?:在|到|的是)?(?:哪|什么)|\b(?:meant to deliver|carried out by)"
)
_TASK_FAR = 12.0


def _task(
    pieces: Sequence[Piece], asked: Asked, ranked: Sequence[Ranked], groups: Sequence[Group], shelf: Shelf
) -> tuple[Onward, ...]:
    """The task that carries out a goal, where a question asks for it beside the goal: the best in another chapter."""
    view = pieces[0].view
    if len(pieces) > 1 or not _TASK.search(plain(asked.standalone)) or not view.clause.path:
        return ()
    chapter = view.clause.path[0]
    others = [
        one.candidate.view
        for one in ranked[1:]
        if ranked[0].score - one.score <= _TASK_FAR
        and one.candidate.view.document.doc_id == view.document.doc_id
        and one.candidate.view.clause.path[:1] not in ((), (chapter,))
        and not (is_bare(one.candidate.view, shelf) or announces(one.candidate.view))
    ]
    best = next((other for other in others if "任务" in other.clause.path[0]), None) or next(iter(others), None)
    return (Onward(best.clause.path[-1], pick(best, asked, groups, shelf), "task"),) if best is not None else ()


def _numbered(pieces: Sequence[Piece], asked: Asked, shelf: Shelf) -> tuple[Onward, ...]:
    """The title of the notice whose number the question says, where the answer stands in the document it issues."""
    shown = {piece.view.document.doc_id for piece in pieces}
    said = asked.numbered
    if not said or not shown <= said.keys():
        return ()
    for doc_id, words in said.items():
        document = shelf.document(doc_id)
        if doc_id in shown or document.kind is not Kind.NOTICE or not document.clauses:
            continue
        title = shelf.view(document.clauses[0], document)
        if title.sentences:
            return (Onward(words, whole(title, shelf), "numbered"),)
    return ()
