"""Whether a text holds on a day, as far as its own dates say: what its badge shows."""

from __future__ import annotations

from datetime import date

from ingest.model import PolicyDocument, Status

_OVER = (Status.REPEALED, Status.SUPERSEDED)


def shown_status(document: PolicyDocument, day: date | None = None) -> str:
    """The document's status on ``day`` (today by default): ``expired`` past its last day, ``not_yet`` before its first.

    A printed "in force" says what held when the text was issued. A repealed text stays repealed, a draft a draft.
    """
    on = day or date.today()
    if document.status in _OVER or document.status is Status.DRAFT:
        return str(document.status)
    if document.expires_on is not None and document.expires_on < on:
        return "expired"
    if document.effective_on is not None and document.effective_on > on:
        return "not_yet"
    return str(document.status)
