"""The penalty for a breach stands in another article than the duty: 违反本法第三十四条规定的,处…"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.model import Clause
from qa.features import Candidate
from qa.intent import Want, shape_found
from qa.language import plain
from qa.library import Shelf, View
from qa.places import labels_in
from qa.pointing import BREACH_OF_ALL, states_breach
from qa.question import Asked
from qa.rank import Ranked
from qa.terms import words
from qa.wordmatch import Group, coverage, groups_of

_DEPTH = 3
_LEAST_SHARED = 0.5
_BREAKS = re.compile(r"违反|本(?:法|条例|规定|办法|细则|规则)第")
_PENALTY_AHEAD = 2.5
"""A penalty that scores so much better than the duty is the answer all the same."""


def penalty_first(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> list[Ranked]:
    """``ranked`` with the article that punishes before the one that it punishes a breach of, where a penalty is asked.

    Nothing changes where the best clause states a penalty itself, or where no article punishes a breach of it.
    """
    if not asked.intent.has(Want.PENALTY) or _punishes(ranked[0].candidate.view, shelf):
        return list(ranked)
    for one in ranked[:_DEPTH]:
        view = one.candidate.view
        if _punishes(view, shelf):
            break
        punishing = _punishing(view, groups_of(asked, shelf), shelf)
        if punishing is not None:
            clause_id = punishing.clause.clause_id
            first = Ranked(Candidate(punishing), one.score, one.features)
            return [first, *(r for r in ranked if r.candidate.view.clause.clause_id != clause_id)]
    return list(ranked)


def penalty_lead(view: View, shelf: Shelf) -> View | None:
    """The clause that says the penalty for an item which says the conduct alone; None where the item says it itself.

    （六）违反本法第二十四条规定发布…广告的 stands below 有下列行为之一的,由…处…罚款:.
    """
    parent_id = view.clause.parent_id
    parent = shelf.clause(view.document.doc_id, parent_id) if parent_id else None
    if parent is None or shape_found(Want.PENALTY, view.text):
        return None
    lead = shelf.view(parent, view.document)
    return lead if shape_found(Want.PENALTY, lead.text) and lead.sentences else None


def _punishes(view: View, shelf: Shelf) -> bool:
    """Whether a clause states a penalty, itself or in the words that its list of conduct opens with."""
    return shape_found(Want.PENALTY, view.text) or penalty_lead(view, shelf) is not None


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
        if article is not None and article.clause_id in named and ranked[0].score - one.score < _PENALTY_AHEAD:
            return [one, *ranked[:place], *ranked[place + 1 :]]
    return list(ranked)


def _punishing(view: View, groups: Sequence[Group], shelf: Shelf) -> View | None:
    """The clause of the same document that states a penalty and names this one's article, or in its words the conduct.

    A regulation may punish without a number (未按本规定采取…报告措施的): then the clause that shares most words with
    this one does, if they are more than a few.
    """
    article = _article_of(view, shelf)
    if article is None:
        return None
    wanted = {(label.value, label.sub) for label in labels_in(article.label) if label.kind == "条"}
    likely: tuple[float, Clause] | None = None
    for clause in shelf.document(view.document.doc_id).clauses:
        text = plain(clause.text)
        if clause.clause_id == article.clause_id:
            continue
        if not shape_found(Want.PENALTY, text) and not (
            _BREAKS.search(text) and penalty_lead(shelf.view(clause, view.document), shelf)
        ):
            continue
        named = {(label.value, label.sub) for label in labels_in(text.removeprefix(clause.label)) if label.kind == "条"}
        if wanted & named and not _means_another_item(clause, view, article, shelf):
            return shelf.view(clause, view.document)
        breach = BREACH_OF_ALL.search(text)
        if breach is not None:
            conduct = _conduct(text, *breach.span())
            shared = _shared(conduct, f"{view.text} {plain(article.text)}", shelf)
            likeness = shared + coverage(groups, conduct)
            if shared >= _LEAST_SHARED and (likely is None or likeness > likely[0]):
                likely = (likeness, clause)
    return shelf.view(likely[1], view.document) if likely is not None else None


def _means_another_item(clause: Clause, view: View, article: Clause, shelf: Shelf) -> bool:
    """Whether a clause names items of the article (第一条第二款第（二）项), and not this one."""
    aimed = {reference.target_clause for reference in clause.references}
    if view.clause.clause_id == article.clause_id or aimed & {view.clause.clause_id, article.clause_id}:
        return False
    return any(item in aimed for item in shelf.below(view.document.doc_id, article.clause_id))


def _conduct(text: str, start: int, stop: int) -> str:
    """Who is punished for what: 经营者…采取…措施的 in 第九条 经营者未按本规定采取…措施的,由…处理."""
    begin = max(text.rfind(mark, 0, start) for mark in "。;: ") + 1
    end = text.find(",", stop)
    return f"{text[begin:start]} {text[stop : end if end > 0 else len(text)]}"


def _shared(conduct: str, duty: str, shelf: Shelf) -> float:
    """The share of the conduct's words, the rare ones counting more, that the duty has, 0 to 1."""
    own = {word for word in words(conduct) if len(word) > 1}
    whole = sum(shelf.rarity(word) for word in own)
    return sum(shelf.rarity(word) for word in own if word in duty) / whole if whole else 0.0


def _article_of(view: View, shelf: Shelf) -> Clause | None:
    """The article that the clause is or belongs to."""
    clause: Clause | None = view.clause
    while clause is not None and not any(label.kind == "条" for label in labels_in(clause.label)):
        clause = shelf.clause(view.document.doc_id, clause.parent_id) if clause.parent_id else None
    return clause
