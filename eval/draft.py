"""Proposes a question set for a store's own documents, for people to review.

Every question is a draft (``"draft": true``) with the clause it came from as gold. Without a model the wording follows
the clause; a language model, where one is configured, rewords it the way people ask, and is only believed where the
facts stay in the clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from eval.corpus import Corpus
from eval.draft_patterns import Proposal, proposals
from eval.draft_unanswerable import as_question, unanswerable
from eval.labels import plain
from eval.question import GoldEntry, Question
from eval.runner import Progress
from ingest.model import PolicyDocument

NOTE = "由条款生成的草稿,请改成人们平时的问法并核对事实 / drafted from a clause: reword it and check the facts"
UNANSWERABLE_SHARE = 0.15


class Reworder(Protocol):
    """Says a drafted question the way people ask; a language model does it in `eval.draft_model`."""

    def reword(self, question: Question, clause_text: str) -> Question | None:
        """The question in other words with the same gold, or None where nothing trustworthy came back."""
        ...


def draft_questions(
    corpus: Corpus, count: int = 60, reworder: Reworder | None = None, progress: Progress | None = None
) -> tuple[Question, ...]:
    """About ``count`` drafts, taken in turn from every document and every kind of question; about one in seven is
    unanswerable. The same store gives the same drafts (without a model)."""
    documents = [corpus.document(listed.doc_id) for listed in corpus.documents()]
    per_document = [(d, _by_type(proposals(d))) for d in documents]
    wanted = max(1, round(count * (1 - UNANSWERABLE_SHARE)))
    chosen = _in_turn(per_document, wanted)
    questions = [_as_question(i, document, proposal) for i, (document, proposal) in enumerate(chosen, 1)]
    if reworder is not None:
        questions = list(_reworded(questions, [p for _, p in chosen], reworder, progress))
    held = "\n".join(c.text for d in documents for c in d.clauses)
    seen = {plain(q.question) for q in questions}
    for asked, why in unanswerable(documents, chosen, held):
        if len(questions) >= count:
            break
        if plain(asked) not in seen:
            seen.add(plain(asked))
            questions.append(as_question(len(questions) + 1, asked, why))
    return tuple(questions)


def _by_type(found: Iterable[Proposal]) -> list[list[Proposal]]:
    """The proposals by type, types in order of first appearance."""
    groups: dict[str, list[Proposal]] = {}
    for proposal in found:
        groups.setdefault(str(proposal.type), []).append(proposal)
    return list(groups.values())


def _in_turn(
    per_document: Sequence[tuple[PolicyDocument, list[list[Proposal]]]], count: int
) -> list[tuple[PolicyDocument, Proposal]]:
    """One proposal from each document in turn, its types in turn, until there are enough or none is left."""
    queues = [(document, _interleaved(groups)) for document, groups in per_document if groups]
    chosen: list[tuple[PolicyDocument, Proposal]] = []
    seen: set[str] = set()
    while queues and len(chosen) < count:
        left = []
        for document, queue in queues:
            proposal = next((p for p in queue if plain(p.question) not in seen), None)
            if proposal is None:
                continue
            seen.add(plain(proposal.question))
            chosen.append((document, proposal))
            left.append((document, queue))
        queues = left
    return chosen[:count]


def _interleaved(groups: list[list[Proposal]]) -> Iterator[Proposal]:
    depth = max(len(group) for group in groups)
    return (group[i] for i in range(depth) for group in groups if i < len(group))


def _as_question(number: int, document: PolicyDocument, proposal: Proposal) -> Question:
    chinese = any("\u4e00" <= char <= "\u9fff" for char in proposal.question)
    return Question(
        id=f"draft-{number:03}",
        question=proposal.question,
        type=proposal.type,
        lang="zh" if chinese else "en",
        gold=tuple(_gold(document, clause.path, clause.spans) for clause in proposal.clauses if clause.spans),
        must=tuple((fact,) for fact in proposal.facts if fact),
        draft=True,
        note=NOTE,
    )


def _gold(document: PolicyDocument, path: tuple[str, ...], spans: tuple[tuple[int, int], ...]) -> GoldEntry:
    return GoldEntry(document.title, path, spans=spans, file=document.source)


def _reworded(
    questions: Sequence[Question], drafted: Sequence[Proposal], reworder: Reworder, progress: Progress | None
) -> Iterator[Question]:
    for number, (question, proposal) in enumerate(zip(questions, drafted, strict=True), 1):
        text = "\n".join(clause.text for clause in proposal.clauses)
        better = reworder.reword(question, text)
        yield replace(better, id=question.id, draft=True) if better is not None else question
        if progress is not None:
            progress(number, len(questions), question.id)
