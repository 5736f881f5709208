"""Asks a question set and judges each reply; keeps what is done, so that a stopped run can go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from eval.corpus import CachedCorpus, Corpus
from eval.errors import MissingGoldError
from eval.gold import GoldResolver, ResolvedGold
from eval.judge import judge
from eval.outcome import Outcome, Run
from eval.question import Question, QuestionSet
from qa.reply import Reply

Progress = Callable[[int, int | None, str], None]
"""Called with how many questions are done, how many there are, and the id of the one just done."""


class Answerer(Protocol):
    """Anything that answers questions; an Assistant is one."""

    def ask(self, question: str, history: Sequence[str] = ()) -> Reply:
        """An answer with citations, or a refusal."""
        ...


def run_questions(
    answerer: Answerer,
    corpus: Corpus,
    questions: QuestionSet,
    *,
    system: str = "policyqa",
    store: Mapping[str, str | int] | None = None,
    progress: Progress | None = None,
    done: Iterable[Outcome] = (),
    keep: Callable[[Outcome], None] | None = None,
    allow_missing: bool = False,
) -> Run:
    """The whole set asked and judged, in the set's order.

    ``done`` are outcomes of an earlier, stopped run; they are taken over and not asked again. ``keep`` is called with
    each new outcome as soon as it is there. Each outcome's ``timings_ms["wall"]`` is what a caller waited.
    Raises MissingGoldError where the store lacks documents that the gold names, unless ``allow_missing``: then those
    questions count as missed.
    """
    started = time.perf_counter()
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    description = dict(store or {})
    corpus = CachedCorpus(corpus)
    gold = resolve_all(corpus, questions, str(description.get("folder", "")), allow_missing=allow_missing)
    earlier = {outcome.id: outcome for outcome in done}
    outcomes: list[Outcome] = []
    for number, question in enumerate(questions.questions, 1):
        outcome = earlier.get(question.id)
        if outcome is None:
            outcome = _ask(answerer, corpus, question, gold[question.id])
            if keep is not None:
                keep(outcome)
        outcomes.append(outcome)
        if progress is not None:
            progress(number, len(questions), question.id)
    problems = tuple(f"{q.id}: {problem}" for q in questions.questions for problem in gold[q.id].problems)
    seconds = round(time.perf_counter() - started, 3)
    return Run(
        system, questions.name, questions.content_hash, description, started_at, seconds, tuple(outcomes), problems
    )


def resolve_all(
    corpus: Corpus, questions: QuestionSet, store: str = "", *, allow_missing: bool = False
) -> dict[str, ResolvedGold]:
    """Each question's gold in the store, by question id. Raises MissingGoldError as `run_questions` does."""
    resolver = GoldResolver(corpus)
    gold = {question.id: resolver.resolve(question) for question in questions.questions}
    missing = dict.fromkeys(title for resolved in gold.values() for title in resolved.missing_documents)
    if missing and not allow_missing:
        raise MissingGoldError(tuple(missing), store)
    return gold


def _ask(answerer: Answerer, corpus: Corpus, question: Question, gold: ResolvedGold) -> Outcome:
    began = time.perf_counter()
    try:
        reply = answerer.ask(question.question, history=question.history)
    except Exception as error:
        error.add_note(f"while asking question {question.id} (line {question.line}): {question.question}")
        raise
    wall_ms = (time.perf_counter() - began) * 1000
    outcome = judge(question, gold, reply, corpus)
    outcome.timings_ms["wall"] = round(wall_ms, 3)
    return outcome
