"""A plan and the notice that issued it: the plan has the number, the offices and the day that its notice prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.kinds import kind_by_number
from ingest.model import Kind, PolicyDocument
from ingest.titles import bare

_LEAST = 6


def with_notices(documents: Sequence[PolicyDocument]) -> tuple[PolicyDocument, ...]:
    """The documents of a file; one whose title a notice beside it says to issue takes what it lacks from the notice."""
    notices = [document for document in documents if document.kind is Kind.NOTICE]
    return tuple(_completed(document, notices) if notices else document for document in documents)


def _completed(document: PolicyDocument, notices: Sequence[PolicyDocument]) -> PolicyDocument:
    title = bare(document.title)
    if document.kind in {Kind.NOTICE, Kind.NEWS, Kind.INTERPRETATION, Kind.SPEECH} or len(title) < _LEAST:
        return document
    for notice in notices:
        if title in bare(notice.title) and "发" in notice.title:
            number = document.number or notice.number
            return replace(
                document,
                number=number,
                kind=kind_by_number(document.kind, number),
                issuers=document.issuers or notice.issuers,
                issued_on=document.issued_on or notice.issued_on,
                region=document.region or notice.region,
            )
    return document
