"""What a reader must know about the texts quoted: drafts, repealed or newer versions, dates, holes in the source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from index.types import Filters
from ingest.model import Clause, PolicyDocument, Status
from qa.address import title_of
from qa.document_kinds import official_rank
from qa.question import Asked
from qa.titles import Titles
from qa.wording import say

_STATUS = {
    Status.DRAFT: "draft",
    Status.TRIAL: "trial",
    Status.REPEALED: "repealed",
    Status.SUPERSEDED: "superseded",
    Status.AMENDED: "amended",
}
_SURE_ORDER = 0.6


def notices_for(
    asked: Asked, cited: Sequence[tuple[Clause, PolicyDocument]], titles: Titles, filters: Filters, today: date
) -> tuple[str, ...]:
    """The notices for an answer that cites those clauses, most serious first, each once."""
    documents = list({document.doc_id: document for _, document in cited}.values())
    said: list[str] = []
    for document in documents:
        said.extend(_status(asked, document, titles))
    for document in documents:
        said.extend(_dates(asked, document, filters.as_of or today))
    for document in documents:
        said.extend(_missing(asked, document))
    said.extend(_order(asked, [clause for clause, _ in cited]))
    if documents and all(official_rank(document) > 0 for document in documents):
        said.append(say("news", asked.language))
    said.extend(say("corrected", asked.language, typed=typed, meant=meant) for typed, meant in asked.corrections)
    return tuple(dict.fromkeys(said))


def _status(asked: Asked, document: PolicyDocument, titles: Titles) -> Iterable[str]:
    phrase = _STATUS.get(document.status)
    if phrase:
        yield say(phrase, asked.language, title=title_of(document))
    newer = newer_version(document, titles)
    if newer is not None:
        day = newer.effective_on or newer.issued_on
        yield say("newer", asked.language, newer=title_of(newer), day=day.isoformat() if day else "")


def newer_version(document: PolicyDocument, titles: Titles) -> PolicyDocument | None:
    """The latest other document of the same name but for its version mark and year, or None."""
    own = _dated(document)
    if own is None:
        return None
    later = [
        other
        for other in titles.versions(document)
        if other.doc_id != document.doc_id
        and official_rank(other) == official_rank(document)
        and (day := _dated(other)) is not None
        and day > own
    ]
    return max(later, key=lambda other: _dated(other) or date.min, default=None)


def _dated(document: PolicyDocument) -> date | None:
    return document.effective_on or document.issued_on


def _dates(asked: Asked, document: PolicyDocument, day: date) -> Iterable[str]:
    values = {"title": title_of(document), "asked": day.isoformat()}
    if document.effective_on and document.effective_on > day:
        yield say("not_yet", asked.language, day=document.effective_on.isoformat(), **values)
    if document.expires_on and document.expires_on < day:
        yield say("expired", asked.language, day=document.expires_on.isoformat(), **values)


def _missing(asked: Asked, document: PolicyDocument) -> Iterable[str]:
    if document.missing:
        labels = say("separator", asked.language).join(document.missing[:6]) + (
            "…" if len(document.missing) > 6 else ""
        )
        yield say("missing", asked.language, labels=labels, title=title_of(document))


def _order(asked: Asked, clauses: Sequence[Clause]) -> Iterable[str]:
    doubtful = sorted({page for c in clauses if c.order_confidence < _SURE_ORDER for page in c.pages})
    if doubtful:
        yield say("order", asked.language, pages=say("separator", asked.language).join(map(str, doubtful)))
