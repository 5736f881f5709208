"""Questions made unanswerable: what answers is kept from the candidates, so that only near misses are left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.duplicates import likeness
from qa.features import Candidate
from qa.language import squeeze
from qa.learning import Lesson
from qa.question import Asked

_ALIKE = 0.4
_FEWEST = 10


def withheld(lesson: Lesson, asked: Asked, candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """The candidates without the clauses that answer, and then without their documents; the search's ranks close up.

    What repeats those clauses or holds every fact goes too. Nothing where the question names what would be missing
    (第四十五条, a document): rules of their own see to that.
    """
    answering = [c.view for c in candidates if c.view.clause.clause_id in lesson.clauses]
    documents = {view.document.doc_id for view in answering}
    if not answering or asked.labels:
        return
    gone = {
        c.view.clause.clause_id
        for c in candidates
        if c.view.clause.clause_id in lesson.clauses
        or c.view.clause.parent_id in lesson.clauses
        or says_all(lesson, c.view.text)
        or any(likeness(c.view.text, view.text) > _ALIKE for view in answering)
    }
    left = [c for c in candidates if c.view.clause.clause_id not in gone]
    elsewhere = [c for c in left if c.view.document.doc_id not in documents]
    for kept in (left, elsewhere):
        named = kept is elsewhere and documents & set(asked.named_documents)
        if len(kept) >= _FEWEST and not named:
            yield _closed_up(kept, candidates)


def says_all(lesson: Lesson, text: str) -> bool:
    """Whether ``text`` says every fact of the answer; False where the lesson names none."""
    squeezed = squeeze(text)
    return bool(lesson.facts) and all(any(squeeze(one) in squeezed for one in fact) for fact in lesson.facts)


def _closed_up(kept: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """``kept`` with each hit's rank lowered by the hits before it that were taken out."""
    ids = {c.view.clause.clause_id for c in kept}
    gone = sorted(c.hit.rank for c in candidates if c.hit and c.view.clause.clause_id not in ids)
    return [
        replace(c, hit=replace(c.hit, rank=max(1, c.hit.rank - bisect_left(gone, c.hit.rank)))) if c.hit else c
        for c in kept
    ]
