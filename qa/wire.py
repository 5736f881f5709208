"""The contract's JSON: documents, hits, searches and replies as plain dictionaries, for every way out of the program.

Fields are only ever added. Spans count characters in the text that ``policyqa source FILE`` prints.
"""

from __future__ import annotations

from typing import Any

from index.types import Hit, SearchResult
from ingest.model import Clause, PolicyDocument, Span
from qa.reply import Answer, Citation, Reply

Json = dict[str, Any]


def spans_json(spans: tuple[Span, ...]) -> list[list[int]]:
    """``[[start, end], ...]``, start inclusive and end exclusive."""
    return [[start, end] for start, end in spans]


def clause_json(clause: Clause) -> Json:
    """One clause of an outline; ``order_confidence`` below 1 marks text whose reading order had to be repaired."""
    return {
        "clause_id": clause.clause_id,
        "parent_id": clause.parent_id,
        "path": list(clause.path),
        "label": clause.label,
        "heading": clause.heading,
        "spans": spans_json(clause.spans),
        "pages": list(clause.pages),
        "text": clause.text,
        "order_confidence": round(clause.order_confidence, 3),
        "references": [
            {
                "span": list(reference.span),
                "text": reference.text,
                "target_document": reference.target_document,
                "target_clause": reference.target_clause,
                "named": reference.named,
            }
            for reference in clause.references
        ],
    }


def document_json(document: PolicyDocument, *, clauses: bool = True) -> Json:
    """One document as ``outline --json`` lists it; ``clauses=False`` leaves the clause tree out."""
    described: Json = {
        "doc_id": document.doc_id,
        "title": document.title,
        "aliases": list(document.aliases),
        "number": document.number,
        "issuers": list(document.issuers),
        "kind": str(document.kind),
        "status": str(document.status),
        "issued_on": document.issued_on.isoformat() if document.issued_on else None,
        "effective_on": document.effective_on.isoformat() if document.effective_on else None,
        "expires_on": document.expires_on.isoformat() if document.expires_on else None,
        "region": document.region,
        "source": document.source,
        "missing": list(document.missing),
        "warnings": list(document.warnings),
    }
    if clauses:
        described["clauses"] = [clause_json(clause) for clause in document.clauses]
    return described


def hit_json(hit: Hit) -> Json:
    """One ranked clause. ``score`` orders hits within one search only; the two views are null where one missed it."""
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "clause_id": hit.clause.clause_id,
        "doc_id": hit.document.doc_id,
        "document": hit.document.title,
        "number": hit.document.number,
        "path": list(hit.clause.path),
        "source": hit.document.source,
        "spans": spans_json(hit.clause.spans),
        "pages": list(hit.clause.pages),
        "text": hit.clause.text,
        "status": str(hit.document.status),
        "similarity_cosine": None if hit.similarity_cosine is None else round(hit.similarity_cosine, 4),
        "score_bm25": None if hit.score_bm25 is None else round(hit.score_bm25, 4),
        "passage": list(hit.passage) if hit.passage else None,
    }


def search_json(result: SearchResult) -> Json:
    """``search --json``: the query, its hits best first, milliseconds by stage, and servers that could not be asked."""
    return {
        "query": result.query,
        "hits": [hit_json(hit) for hit in result.hits],
        "timings_ms": timings_json(result.timings_ms),
        "unreachable": list(result.unreachable),
    }


def citation_json(citation: Citation) -> Json:
    """One numbered source of an answer: where it stands, and the words shown."""
    return {
        "marker": citation.marker,
        "clause_id": citation.clause.clause_id,
        "doc_id": citation.document.doc_id,
        "document": citation.document.title,
        "number": citation.document.number,
        "path": list(citation.clause.path),
        "source": citation.document.source,
        "pages": list(citation.clause.pages),
        "quote": citation.quote,
        "spans": spans_json(citation.spans),
        "status": str(citation.document.status),
    }


def reply_json(reply: Reply, question_id: str | None = None) -> Json:
    """One reply as ``ask --json`` prints it; ``id`` only where the caller gave one.

    A refusal has an empty ``citations`` and a ``reason``, a stable code; ``confidence`` runs from 0 to 1.
    """
    answered = isinstance(reply, Answer)
    described: Json = {} if question_id is None else {"id": question_id}
    described |= {
        "question": reply.question,
        "standalone_question": reply.standalone_question,
        "kind": "answer" if answered else "refusal",
        "answer": reply.text,
        "citations": [citation_json(citation) for citation in reply.citations],
        "notices": list(reply.notices),
        "nearest": [hit_json(hit) for hit in reply.nearest],
        "retrieved": [hit_json(hit) for hit in reply.retrieved],
        "timings_ms": timings_json(reply.timings_ms),
        "reason": None if isinstance(reply, Answer) else reply.reason,
        "confidence": round(reply.confidence, 4),
    }
    return described


def timings_json(timings_ms: dict[str, float]) -> dict[str, float]:
    """Milliseconds by stage, to the hundredth."""
    return {stage: round(value, 2) for stage, value in timings_ms.items()}
