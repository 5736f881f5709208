"""A question in, a cited answer or an honest refusal out: the whole way in one function."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.errors import UnknownDocumentError
from index.types import Filters, Hit
from qa.address import address
from qa.clock import Clock
from qa.compose import Draft, compose_listing, compose_onward, compose_pieces, compose_table
from qa.conversation import understand_turn
from qa.evidence import whole
from qa.gather import gather
from qa.language import detect
from qa.library import Library, Shelf
from qa.notices import notices_for
from qa.order import in_order
from qa.plan import Plan, make_plan
from qa.premise import contradicted_figure
from qa.question import Asked, understand
from qa.rank import Ranked, rank
from qa.refuse import Doubt, missing_label, near_miss, sure_of, threshold
from qa.reply import Answer, Refusal, Reply
from qa.second_look import SecondLook, look_again
from qa.with_model import ModelFailedError, chat_model, removed_notice, rewrite, write
from qa.wording import say

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from index.protocol import PolicyReader, PolicyStore
    from qa.settings import Settings

_RETRIEVED = 20
_NEAREST = 3
_FOR_MODEL = 5
_TRIES = 3


class Assistant:
    """Answers questions over one store. Safe from any number of threads; follows the store as it changes."""

    def __init__(self, store: PolicyStore, settings: Settings | None = None) -> None:
        self.store = store
        self.settings = settings
        self._library = Library(store)
        self._second_look = SecondLook(settings.second_look if settings is not None else "auto")
        self._model = chat_model(settings) if settings is not None else None
        self._timeout_s = settings.language_model_timeout_s if settings is not None else 0.0

    def ask(self, question: str, history: Sequence[str] = (), filters: Filters = Filters()) -> Reply:  # noqa: B008  frozen
        """The reply to ``question``; ``history`` holds the user's earlier turns, oldest first.

        Raises StoreError where the store can't be read. Nothing in a question makes it fail.
        """
        *_, reply = self.stream(question, history, filters)
        assert not isinstance(reply, str)
        return reply

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008  frozen
    ) -> Iterator[str | Reply]:
        """Text as it becomes certain, then the `Reply` itself, last. The reply's text is what counts: where a language
        model fails half-way it replaces the text given before.
        """
        for _ in range(_TRIES - 1):
            generation, said = self.store.generation, False
            try:
                for news in self._warned(question, history, filters):
                    said = True
                    yield news
            except UnknownDocumentError:
                # On servers a document may be taken out between search and reading: ask what is there now.
                if said or self.store.generation == generation:
                    raise
            else:
                return
        yield from self._warned(question, history, filters)

    def warm_up(self) -> None:
        """Does now what questions would otherwise wait for: the first asks for all that a reply needs to be loaded, and
        every one for the clauses that it meets to be made ready. Raises StoreError.
        """
        self.ask("适用范围")
        with self.store.moment() as now:
            self._second_look.warm_up(self._library.shelf(now))
        self.make_ready()

    def make_ready(self) -> None:
        """Makes the clauses ready, some seconds' work, where there are few enough to keep. Raises StoreError."""
        # Servers may lose a document meanwhile: then there is a new shelf.
        with suppress(UnknownDocumentError), self.store.moment() as now:
            self._library.shelf(now).make_ready()

    def close(self) -> None:
        """Lets go of what answering holds; the store stays open."""

    def _warned(self, question: str, history: Sequence[str], filters: Filters) -> Iterator[str | Reply]:
        for news in self._stream(question, history, filters):
            yield news if isinstance(news, str) else warned(news, self.store.unreachable)

    def _stream(self, question: str, history: Sequence[str], filters: Filters) -> Iterator[str | Reply]:
        with self.store.moment() as now:
            for news in self._answer(question, history, filters, now):
                self.store.assure()
                yield news

    def _answer(
        self, question: str, history: Sequence[str], filters: Filters, now: PolicyReader
    ) -> Iterator[str | Reply]:
        clock = Clock()
        shelf = self._library.shelf(now)
        asked = self._understand(question, history, filters, now, shelf)
        clock.lap("analyse")
        if not question.strip() or not shelf.titles.documents:
            yield refusal(asked, Doubt("no_documents" if question.strip() else "empty_question", {}), [], clock)
            return
        candidates = gather(asked, now, shelf, filters)
        clock.lap("search")
        if not candidates:
            yield refusal(asked, Doubt("no_documents", {"filtered": "yes"}), [], clock)
            return
        reader = self._second_look.reader(asked, shelf)
        ranked = look_again(rank(asked, shelf, candidates), reader)
        ranked = in_order(asked, ranked, shelf, filters.as_of or date.today())
        clock.lap("rank")
        plan = make_plan(asked, ranked, shelf, reader)
        sure = sure_of(asked, ranked, plan, shelf, reader)
        doubt = find_doubt(asked, ranked, plan, shelf, filters, sure)
        if doubt is not None:
            yield refusal(asked, doubt, ranked, clock, sure)
            return
        draft = compose(plan, asked)
        said: tuple[str, ...] = ()
        clock.lap("compose")
        if self._model is not None:
            draft, said = yield from self._write(asked, plan, ranked, shelf, draft)
            clock.lap("model")
        else:
            yield draft.text
        cited = [(citation.clause, citation.document) for citation in draft.citations]
        yield Answer(
            question=question,
            standalone_question=asked.standalone,
            text=draft.text,
            citations=tuple(draft.citations),
            retrieved=as_hits(in_plan_order(plan, ranked)),
            notices=(*notices_for(asked, cited, shelf.titles, filters, date.today()), *said),
            timings_ms=clock.timings(),
            confidence=sure,
        )

    def _understand(
        self, question: str, history: Sequence[str], filters: Filters, now: PolicyReader, shelf: Shelf
    ) -> Asked:
        asked = understand_turn(question, history, now, shelf, filters)
        if self._model is None or asked.standalone == question:
            return asked
        rewritten = rewrite(self._model, question, history, self._timeout_s)
        return (
            asked
            if rewritten is None
            else replace(understand(rewritten, (), shelf.titles, shelf.speller), question=question)
        )

    def _write(
        self, asked: Asked, plan: Plan, ranked: Sequence[Ranked], shelf: Shelf, composed: Draft
    ) -> Generator[str, None, tuple[Draft, tuple[str, ...]]]:
        """The model's verified answer and a notice of what was removed, or the composed one and a notice why."""
        assert self._model is not None
        views = [*plan.views, *(r.candidate.view for r in ranked[:_FOR_MODEL])]
        pieces = [whole(v, shelf) for v in {v.clause.clause_id: v for v in views}.values()][
            : _FOR_MODEL + len(plan.views)
        ]
        try:
            written = yield from write(self._model, asked.standalone, pieces, asked.language, shelf, self._timeout_s)
        except ModelFailedError as error:
            yield composed.text
            return composed, (say("model_failed", asked.language, why=str(error)),)
        return written.draft, (removed_notice(written.removed, asked.language),) if written.removed else ()

    def as_runnable(self) -> Runnable[Any, Reply]:
        """A LangChain Runnable from a question, or ``{"question", "history", "filters"}``, to a `Reply`."""
        from langchain_core.runnables import RunnableLambda

        def ask(given: str | dict[str, Any]) -> Reply:
            if isinstance(given, str):
                return self.ask(given)
            return self.ask(given["question"], given.get("history", ()), given.get("filters", Filters()))

        return RunnableLambda(ask, name="policyqa")


def warned(reply: Reply, unreachable: Sequence[str]) -> Reply:
    """The reply with a notice first where a part of the library could not be asked: what it holds is missing here."""
    if not unreachable:
        return reply
    language = detect(reply.question)
    notice = say("part_unreachable", language, servers=say("separator", language).join(unreachable))
    return replace(reply, notices=(notice, *reply.notices))


def compose(plan: Plan, asked: Asked) -> Draft:
    """The plan in words."""
    draft = Draft(asked.language)
    if plan.sides:
        compose_table(draft, plan.sides, plan.pieces)
    elif plan.listing is not None:
        compose_listing(draft, plan.listing, plan.pieces, plan.absent)
    else:
        stated = contradicted_figure(asked, plan.pieces[0].text)
        if stated:
            draft.lines.append(say("contradicted", asked.language, asked=stated))
        compose_pieces(draft, plan.pieces)
    for one in plan.referred:
        compose_onward(draft, one)
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


def find_doubt(
    asked: Asked, ranked: Sequence[Ranked], plan: Plan, shelf: Shelf, filters: Filters, sure: float
) -> Doubt | None:
    """The reason to refuse, or None where what is planned answers."""
    doubt = missing_label(asked, ranked, shelf, filters) or _unknown_title(asked) or near_miss(asked, plan, shelf)
    if (
        doubt is None
        and sure < threshold()
        and not plan.sides
        and not plan.about
        and not plan.absent
        and not ranked[0].candidate.exact
    ):
        return Doubt("not_covered", {})
    return doubt


def _unknown_title(asked: Asked) -> Doubt | None:
    if asked.unknown_titles and not asked.mentions:
        return Doubt("unknown_document", {"title": asked.unknown_titles[0]})
    return None


def refusal(asked: Asked, doubt: Doubt, ranked: Sequence[Ranked], clock: Clock, sure: float = 0.0) -> Refusal:
    """The refusal that names what was looked for, why it was not found, and what is nearest to it."""
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
