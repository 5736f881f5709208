"""What is in force comes first: an expired or repealed text answers where it is asked for or nothing else does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.model import PolicyDocument, Status
from qa.fits import annual_years
from qa.language import plain
from qa.question import Asked
from qa.rank import Ranked

_PAST_ASKED = re.compile(r"[老旧原]|以前|之前|过去|当时|去年|前年|上一?[年次版]|历史|曾经?|废止|失效|到期|暂行")
_NOT_IN_FORCE = (Status.REPEALED, Status.SUPERSEDED)
_WORTH = 2.0
"""How much better a text that is no longer in force may score and still come after one that is."""


def in_force_first(asked: Asked, ranked: Sequence[Ranked], day: date) -> list[Ranked]:
    """``ranked`` with the best clause in force on ``day`` first, where the best of all is not and nothing asks for it.

    A question asks for it that names its year, its document, a number or the past.
    """
    top = ranked[0]
    if in_force(top.candidate.view.document, day) or top.candidate.exact or _asks_for(asked, top):
        return list(ranked)
    for place, one in enumerate(ranked[1:], 1):
        if top.score - one.score > _WORTH:
            break
        if in_force(one.candidate.view.document, day):
            return [one, *ranked[:place], *ranked[place + 1 :]]
    return list(ranked)


def in_force(document: PolicyDocument, day: date) -> bool:
    """Whether nothing says that the document has ceased to hold by ``day``."""
    return document.status not in _NOT_IN_FORCE and not (document.expires_on is not None and document.expires_on < day)


def _asks_for(asked: Asked, one: Ranked) -> bool:
    document = one.candidate.view.document
    years = annual_years(document.title)
    dates = {day.year for day in (document.issued_on, document.effective_on) if day is not None}
    named = document.doc_id in asked.named_documents or bool(set(asked.years) & (years or dates))
    return named or bool(asked.earlier) or bool(_PAST_ASKED.search(plain(asked.standalone)))
