"""What is in force comes first: an expired or repealed text answers where it is asked for or nothing else does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from ingest.model import PolicyDocument, Status
from qa.circumstances import without_background
from qa.fits import annual_years
from qa.question import Asked
from qa.rank import Ranked

_PAST_ASKED = re.compile(r"[老旧原]|以前|之前|过去|当时|去年|前年|上一?[年次版]|历史|曾经?|废止|失效|到期|暂行")
_NOT_IN_FORCE = (Status.REPEALED, Status.SUPERSEDED)
_WORTH = 2.0
"""What being in force is worth: a text that is no longer so must score so much better to come before one that is."""


def in_force_first(asked: Asked, ranked: Sequence[Ranked], day: date) -> list[Ranked]:
    """``ranked`` with what is no longer in force on ``day`` behind all that is and nearly as good.

    A question asks for such a text that names its year, its document, a number or the past: that one keeps its place.
    """
    holding: list[Ranked] = []
    lapsed: list[Ranked] = []
    for one in ranked:
        if in_force(one.candidate.view.document, day) or one.candidate.exact or _asks_for(asked, one):
            holding.append(one)
        else:
            lapsed.append(one)
    ordered: list[Ranked] = []
    for one in holding:  # which are not in the order of their scores alone
        while lapsed and lapsed[0].score - _WORTH > one.score:
            ordered.append(lapsed.pop(0))
        ordered.append(one)
    return [*ordered, *lapsed]


def in_force(document: PolicyDocument, day: date) -> bool:
    """Whether nothing says that the document has ceased to hold by ``day``."""
    return document.status not in _NOT_IN_FORCE and not (document.expires_on is not None and document.expires_on < day)


def _asks_for(asked: Asked, one: Ranked) -> bool:
    document = one.candidate.view.document
    years = annual_years(document.title)
    dates = {day.year for day in (document.issued_on, document.effective_on) if day is not None}
    named = document.doc_id in asked.named_documents or bool(set(asked.years) & (years or dates))
    return named or bool(asked.earlier) or bool(_PAST_ASKED.search(without_background(asked.standalone)))
