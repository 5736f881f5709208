"""The order that ranked clauses are read in: texts in force, official texts, and the article that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.model import Kind
from qa.duplicates import prefer_official
from qa.intent import Want
from qa.language import plain
from qa.library import Shelf
from qa.penalties import duty_first, penalty_first
from qa.question import Asked
from qa.rank import Ranked
from qa.standing import in_force_first


def in_order(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, day: date) -> list[Ranked]:
    """``ranked`` as an answer given on ``day`` leans on it: what the scores can't tell decides between near equals."""
    ordered = in_force_first(asked, prefer_official(_signature_later(asked, ranked)), day)
    return duty_first(asked, penalty_first(asked, _issued_first(asked, ordered), shelf), shelf)


_OF_THE_NOTICE = (Want.DOCUMENT_NUMBER, Want.DATE, Want.BODY)


def _issued_first(asked: Asked, ranked: Sequence[Ranked]) -> Sequence[Ranked]:
    """``ranked`` with what a numbered document says before the notice that issues it: the number only names it."""
    top = ranked[0].candidate
    said = asked.numbered
    if top.view.document.doc_id not in said or top.exact or asked.intent.has(*_OF_THE_NOTICE):
        return ranked
    if top.view.document.kind is not Kind.NOTICE:
        return ranked
    for place, one in enumerate(ranked):
        document = one.candidate.view.document
        if document.doc_id in said and document.kind is not Kind.NOTICE:
            return [one, *ranked[:place], *ranked[place + 1 :]]
    return ranked


_SIGNATURE = "落款"
_SIGNATURE_AHEAD = 2.0
"""A signature that scores so much better is the answer all the same."""
_ISSUED = re.compile(r"印发|发布|公布|签|发文|成文|出台|下发|落款|发出|issued|published|signed|promulgated")


def _signature_later(asked: Asked, ranked: Sequence[Ranked]) -> list[Ranked]:
    """``ranked`` with a signature, whose date is that of issue, after what is nearly as good and another date asked."""
    if len(ranked) < 2 or ranked[0].candidate.view.step != _SIGNATURE or asked.intent.wants != (Want.DATE,):
        return list(ranked)
    if _ISSUED.search(plain(asked.standalone)) or ranked[0].score - ranked[1].score > _SIGNATURE_AHEAD:
        return list(ranked)
    return [ranked[1], ranked[0], *ranked[2:]]
