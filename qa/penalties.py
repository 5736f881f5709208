"""The penalty for a breach stands in another article than the duty: 违反本法第三十四条规定的,处…"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.model import Clause
from qa.features import Candidate
from qa.intent import Want, shape_found
from qa.language import plain
from qa.library import Shelf, View
from qa.places import labels_in
from qa.pointing import states_breach
from qa.question import Asked
from qa.rank import Ranked

_DEPTH = 3


def penalty_first(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> list[Ranked]:
    """``ranked`` with the article that punishes before the one that it punishes a breach of, where a penalty is asked.

    Nothing changes where the best clause states a penalty itself, or where no article punishes a breach of it.
    """
    if not asked.intent.has(Want.PENALTY) or shape_found(Want.PENALTY, ranked[0].candidate.view.text):
        return list(ranked)
    for one in ranked[:_DEPTH]:
        view = one.candidate.view
        if shape_found(Want.PENALTY, view.text):
            break
        punishing = _punishing(view, shelf)
        if punishing is not None:
            clause_id = punishing.clause.clause_id
            known = next((r for r in ranked if r.candidate.view.clause.clause_id == clause_id), None)
            first = known or Ranked(Candidate(punishing), one.score, one.features)
            return [first, *(r for r in ranked if r.candidate.view.clause.clause_id != clause_id)]
    return list(ranked)


def duty_first(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> list[Ranked]:
    """``ranked`` with the article that sets a duty before the one that punishes its breach, where no penalty is asked.

    服务费最多收多少 is answered by the article on fees, not by 违反本规定第十条规定,服务费超过最高标准的,处…
    """
    top = ranked[0].candidate
    if asked.intent.has(Want.PENALTY) or top.exact or not states_breach(top.view.text):
        return list(ranked)
    named = {reference.target_clause for reference in top.view.clause.references if reference.target_clause}
    for place, one in enumerate(ranked[1:_DEPTH], 1):
        article = _article_of(one.candidate.view, shelf)
        if article is not None and article.clause_id in named and ranked[0].score - one.score < _AS_GOOD:
            return [one, *ranked[:place], *ranked[place + 1 :]]
    return list(ranked)


_AS_GOOD = 2.5


def _punishing(view: View, shelf: Shelf) -> View | None:
    """The clause of the same document that names this one's article and states a penalty."""
    article = _article_of(view, shelf)
    if article is None:
        return None
    wanted = {(label.value, label.sub) for label in labels_in(article.label) if label.kind == "条"}
    for clause in shelf.document(view.document.doc_id).clauses:
        text = plain(clause.text)
        if clause.clause_id == article.clause_id or not shape_found(Want.PENALTY, text):
            continue
        named = {(label.value, label.sub) for label in labels_in(text.removeprefix(clause.label)) if label.kind == "条"}
        if wanted & named:
            return shelf.view(clause, view.document)
    return None


def _article_of(view: View, shelf: Shelf) -> Clause | None:
    """The article that the clause is or belongs to."""
    clause: Clause | None = view.clause
    while clause is not None and not any(label.kind == "条" for label in labels_in(clause.label)):
        clause = shelf.clause(view.document.doc_id, clause.parent_id) if clause.parent_id else None
    return clause
