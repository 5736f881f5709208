"""A question in, a cited answer or an honest refusal out: the whole way in one function."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Filters, Hit
from qa.address import address
from qa.clock import Clock
from qa.compose import Draft, compose_listing, compose_pieces, compose_referred, compose_table
from qa.duplicates import prefer_official
from qa.gather import gather
from qa.library import Library
from qa.notices import notices_for
from qa.plan import Plan, make_plan
from qa.question import Asked, understand
from qa.rank import Ranked, rank
from qa.refuse import Doubt, confidence, missing_label, near_miss, threshold
from qa.reply import Answer, Refusal, Reply
from qa.wording import say

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from index.store import Store
    from qa.settings import Settings

_RETRIEVED = 20
_NEAREST = 3


class Assistant:
    """Answers questions over one store. Safe from any number of threads; follows the store as it changes."""

    def __init__(self, store: Store, settings: Settings | None = None) -> None:
        self.store = store
        self.settings = settings
        self._library = Library(store)

    def ask(self, question: str, history: Sequence[str] = (), filters: Filters = Filters()) -> Reply:  # noqa: B008  frozen
        """The reply to ``question``; ``history`` holds the user's earlier turns, oldest first.

        Raises StoreError where the store can't be read. Nothing in a question makes it fail.
        """
        clock = Clock()
        shelf = self._library.shelf()
        asked = understand(question, history, shelf.titles, shelf.speller)
        clock.lap("analyse")
        if not question.strip() or not shelf.titles.documents:
            return _refusal(asked, Doubt("no_documents" if question.strip() else "empty_question", {}), [], clock)
        candidates = gather(asked, self.store, shelf, filters)
        clock.lap("search")
        if not candidates:
            return _refusal(asked, Doubt("no_documents", {"filtered": "yes"}), [], clock)
        ranked = prefer_official(rank(asked, shelf, candidates))
        clock.lap("rank")
        doubt = missing_label(asked, ranked, shelf, filters) or _unknown_title(asked) or near_miss(asked, ranked, shelf)
        sure = confidence(ranked)
        if doubt is None and sure < threshold():
            doubt = Doubt("not_covered", {})
        if doubt is not None:
            return _refusal(asked, doubt, ranked, clock, sure)
        plan = make_plan(asked, ranked, shelf)
        draft = compose(plan, asked)
        cited = [(citation.clause, citation.document) for citation in draft.citations]
        notices = notices_for(asked, cited, shelf.titles, filters, date.today())
        clock.lap("compose")
        return Answer(
            question=question,
            standalone_question=asked.standalone,
            text=draft.text,
            citations=tuple(draft.citations),
            retrieved=as_hits(in_plan_order(plan, ranked)),
            notices=notices,
            timings_ms=clock.timings(),
            confidence=sure,
        )

    def as_runnable(self) -> Runnable[Any, Reply]:
        """A LangChain Runnable from a question, or ``{"question", "history", "filters"}``, to a `Reply`."""
        from langchain_core.runnables import RunnableLambda

        def ask(given: str | dict[str, Any]) -> Reply:
            if isinstance(given, str):
                return self.ask(given)
            return self.ask(given["question"], given.get("history", ()), given.get("filters", Filters()))

        return RunnableLambda(ask, name="policyqa")


def compose(plan: Plan, asked: Asked) -> Draft:
    """The plan in words."""
    draft = Draft(asked.language)
    if plan.sides:
        compose_table(draft, plan.sides, plan.pieces)
    elif plan.listing is not None and plan.head is not None:
        compose_listing(draft, plan.head, plan.pieces, cite_head=False)
    else:
        compose_pieces(draft, plan.pieces)
    for words, piece in plan.referred:
        compose_referred(draft, words, piece)
    return draft


def in_plan_order(plan: Plan, ranked: Sequence[Ranked]) -> list[Ranked]:
    """``ranked`` with what the answer quotes first: a list's items in order, sides compared, a referred clause."""
    by_id = {r.candidate.view.clause.clause_id: r for r in ranked}
    quoted = []
    for view in plan.views:
        known = by_id.pop(view.clause.clause_id, None)
        if known is None:
            from qa.features import Candidate

            known = Ranked(Candidate(view), ranked[0].score, {})
        quoted.append(known)
    return [*quoted, *by_id.values()]


def as_hits(ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
    """The first twenty as search hits in that order, more where an answer quotes more."""
    hits = []
    for position, one in enumerate(ranked[:_RETRIEVED], 1):
        view, found = one.candidate.view, one.candidate.hit
        hits.append(
            Hit(
                rank=position,
                score=one.score,
                clause=view.clause,
                document=found.document if found else view.document,
                similarity_cosine=found.similarity_cosine if found else None,
                score_bm25=found.score_bm25 if found else None,
                passage=found.passage if found else None,
            )
        )
    return tuple(hits)


def _unknown_title(asked: Asked) -> Doubt | None:
    if asked.unknown_titles and not asked.mentions:
        return Doubt("unknown_document", {"title": asked.unknown_titles[0]})
    return None


def _refusal(asked: Asked, doubt: Doubt, ranked: Sequence[Ranked], clock: Clock, sure: float = 0.0) -> Refusal:
    hits = as_hits(ranked)
    language = asked.language
    nearest = hits[:_NEAREST]
    addresses = [address(hit.clause, hit.document, language) for hit in nearest]
    have = (
        say("have_nearest", language, addresses=say("separator", language).join(dict.fromkeys(addresses)))
        if nearest
        else say("have_nothing", language)
    )
    values = dict(doubt.values)
    phrase = "no_documents_filtered" if values.pop("filtered", None) else doubt.reason
    if "wanted" in values:
        values["wanted"] = say(f"want_{values['wanted']}", language)
    text = say(phrase, language, sought=asked.standalone, have=have, **values)
    reason = "missing_clause" if doubt.reason == "no_such_clause" else doubt.reason
    return Refusal(asked.question, asked.standalone, text, reason, hits, nearest, (), clock.timings(), sure)
