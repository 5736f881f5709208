"""Which clauses are considered: what the search finds, what the question names, and what stands around those."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.types import Filters, Hit
from ingest.model import Clause, PolicyDocument
from ingest.numerals import number
from qa.features import Candidate
from qa.language import Language
from qa.library import Shelf
from qa.places import Label, labels_in
from qa.question import Asked
from qa.sides import sides_of

if TYPE_CHECKING:
    from index.protocol import PolicyReader

_DEPTH = 60
_DEPTH_NAMED = 30
_AROUND = 12
_MOST_OF_PLACES = 150


def gather(asked: Asked, store: PolicyReader, shelf: Shelf, filters: Filters) -> list[Candidate]:
    """The candidates for ``asked`` within ``filters``, each clause once, in no particular order."""
    hits: dict[str, Hit] = {}

    def search(text: str, k: int, where: Filters) -> None:
        for hit in store.search(text, k, where).hits:
            known = hits.get(hit.clause.clause_id)
            if known is None or (hit.score_bm25 or 0.0) > (known.score_bm25 or 0.0):
                hits[hit.clause.clause_id] = hit

    search(asked.search_text, _DEPTH, filters)
    official = " ".join(dict.fromkeys(t.word for t in asked.terms if t.stands_for and t.weight >= 0.5))
    if official and asked.language is not Language.EN:
        search(f"{asked.search_text} {official}", _DEPTH // 2, filters)
    named = [d for d in asked.named_documents if not filters.documents or d in filters.documents][:6]
    if named:
        search(asked.search_text, _DEPTH_NAMED, replace(filters, documents=tuple(named)))
    views = shelf.views([(hit.clause, hit.document) for hit in hits.values()])
    found = {clause_id: Candidate(view, hit) for (clause_id, hit), view in zip(hits.items(), views, strict=True)}
    for clause, document in [*_by_label(asked, shelf, found, filters)]:
        known = found.get(clause.clause_id)
        found[clause.clause_id] = Candidate(shelf.view(clause, document), known.hit if known else None, exact=True)
    near = [*_around(list(hits.values())[:_AROUND], shelf), *_of_places(asked, shelf, hits)]
    for view in shelf.views([(clause, document) for clause, document in near if clause.clause_id not in found]):
        found[view.clause.clause_id] = Candidate(view)
    return [candidate for candidate in found.values() if candidate.view.sentences]


def matches_label(clause: Clause, label: Label) -> bool:
    """Whether ``clause`` carries that number: 第四十五条 for 第45条, 专栏4 for 专栏四."""
    if not clause.label:
        return False
    return any(
        (own.kind, own.value, own.sub) == (label.kind, label.value, label.sub) for own in labels_in(clause.label)
    ) or (label.kind == "部分" and clause.parent_id is None and number(clause.label.strip("、.． ")) == label.value)


def label_documents(asked: Asked, shelf: Shelf, filters: Filters) -> list[str]:
    """Where a number such as 第四十五条 is to be looked up: the documents named, else those whose title fits best."""
    if asked.mentions:
        best = max(mention.certainty for mention in asked.mentions)
        named = [mention.doc_id for mention in asked.mentions if mention.certainty >= best - 0.15]
    elif filters.documents:
        named = list(filters.documents)
    else:
        drafts = set(shelf.titles.drafts()) if "草案" in asked.standalone or "征求意见稿" in asked.standalone else set()
        fitting = {d: s for d, s in asked.affinity.items() if s >= 0.6 or d in drafts}
        named = [d for d in sorted(fitting, key=lambda d: -fitting[d]) if not drafts or d in drafts] or list(drafts)
        if not named and len(shelf.titles.documents) <= 40:
            named = list(shelf.titles.documents)
    return named[:40]


def _by_label(
    asked: Asked, shelf: Shelf, found: dict[str, Candidate], filters: Filters
) -> list[tuple[Clause, PolicyDocument]]:
    if not asked.labels:
        return []
    places = label_documents(asked, shelf, filters) or list(
        dict.fromkeys(candidate.view.document.doc_id for candidate in found.values())
    )
    allowed = set(filters.documents)
    exact: list[tuple[Clause, PolicyDocument]] = []
    for doc_id in places:
        if allowed and doc_id not in allowed:
            continue
        document = shelf.document(doc_id)
        exact.extend(
            (clause, document) for clause in document.clauses for label in asked.labels if matches_label(clause, label)
        )
    return exact


def _around(hits: list[Hit], shelf: Shelf) -> list[tuple[Clause, PolicyDocument]]:
    """The clause above each hit, and the clauses beside and below it where they are few."""
    near: list[tuple[str, PolicyDocument]] = []
    for hit in hits:
        document = hit.document
        parent_id = hit.clause.parent_id
        if parent_id:
            siblings = shelf.below(document.doc_id, parent_id)
            near.append((parent_id, document))
            if len(siblings) <= _AROUND:
                near.extend((sibling, document) for sibling in siblings)
        near.extend((child, document) for child in shelf.below(document.doc_id, hit.clause.clause_id)[:_AROUND])
    clauses = shelf.clauses([clause_id for clause_id, _ in near])
    return [(clauses[clause_id], document) for clause_id, document in near if clause_id in clauses]


def _of_places(asked: Asked, shelf: Shelf, hits: dict[str, Hit]) -> list[tuple[Clause, PolicyDocument]]:
    """Clauses under headings that name an asked place, or a side of a comparison, in the documents come across."""
    names = tuple(dict.fromkeys((*asked.places, *sides_of(asked))))
    if not names:
        return []
    documents = {hit.document.doc_id: hit.document for hit in hits.values()}
    near: list[tuple[Clause, PolicyDocument]] = []
    for doc_id, document in documents.items():
        near += [(clause, document) for clause in shelf.under_headings(doc_id, names)]
        if len(near) >= _MOST_OF_PLACES:
            break
    return near[:_MOST_OF_PLACES]
