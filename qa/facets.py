"""Questions that ask two things: each part gets the clause that answers it, where one clause does not answer both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.intent import Want, read_intent
from qa.library import Shelf
from qa.question import Asked
from qa.rank import Ranked, rank
from qa.reader import Reader
from qa.second_look import OF_A_PART, look_again
from qa.terms import question_terms
from qa.wordmatch import coverage, groups_of

_PART = re.compile(r"[,,;;。??!!]|还有|另外|又(?=要|怎|是)|(?<=.{4})以及|\band\b")
_DEPTH = 30
_SHARE = 0.3
"""The least share of the question, by weight, that makes a part of it worth a clause of its own."""
_GAIN = 0.34
"""How much more of a part's own words, by weight, a second clause must hold than the first one does."""


def second_clause(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, reader: Reader | None = None) -> Ranked | None:
    """The clause that answers the part of the question which the best clause leaves open, or None."""
    first = ranked[0].candidate.view
    best: tuple[float, Ranked] | None = None
    whole = sum(group.weight for group in groups_of(asked, shelf))
    for part in _parts(asked, shelf.titles.english):
        if part.intent.wants in ((Want.FACT,), (Want.YES_NO,)):
            continue
        groups = [g for g in groups_of(part, shelf) if not any(word in first.title for word, _ in g.words)]
        if sum(group.weight for group in groups) < _SHARE * whole:
            continue
        held = coverage(groups, first.text, first.path, first.context)
        if held > 0.6:
            continue
        again = look_again(rank(part, shelf, [r.candidate for r in ranked[:_DEPTH]]), reader, OF_A_PART)
        other = next((r for r in again[:1] if r.candidate.view.clause.clause_id != first.clause.clause_id), None)
        if other is None:
            continue
        view = other.candidate.view
        if view.document.doc_id != first.document.doc_id and view.document.doc_id not in asked.named_documents:
            continue
        gain = coverage(groups, view.text, view.path) - held
        if gain >= _GAIN and (best is None or gain > best[0]):
            best = (gain, other)
    return best[1] if best else None


def _parts(asked: Asked, english: bool) -> list[Asked]:
    """The question's parts, each read as a question of its own but with the whole one's names."""
    pieces = [piece.strip() for piece in _PART.split(asked.search_text) if piece and len(piece.strip()) >= 4]
    if not 2 <= len(pieces) <= 4:
        return []
    return [
        replace(
            asked, search_text=piece, terms=question_terms(piece, asked.language, english), intent=read_intent(piece)
        )
        for piece in pieces
    ]
