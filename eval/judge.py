"""One reply against one question's gold.

Hits and citations are judged by character spans: a retrieved clause counts where its spans share a character with a
gold entry's, a citation where the words that it shows do.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.corpus import Corpus
from eval.gold import ResolvedGold
from eval.metrics.alce import alce_citations
from eval.metrics.citations import citation_precision, citation_recall, first_citation
from eval.metrics.crag import crag_score
from eval.metrics.facts import complete, fact_recall, shows
from eval.metrics.hit import hit_at
from eval.metrics.mrr import reciprocal_rank
from eval.metrics.ndcg import ndcg_at
from eval.metrics.numbers import number_support
from eval.metrics.quotation import is_literal, quotation_literalness
from eval.metrics.recall import recall_at
from eval.outcome import RETRIEVED_SHOWN, Expected, Fact, Outcome, Shown
from eval.question import Question
from index.types import Hit
from qa.reply import Answer, Citation, Refusal, Reply

HIT_DEPTHS = (1, 3, 5, 10)
RECALL_DEPTHS = (5, 10)
WHY = (
    "gold_unresolved",  # the store has no such document or path
    "not_retrieved",  # some gold is not among the first ten
    "not_cited",  # some gold was retrieved, but no citation touches it
    "fact_missing",  # the gold was cited, but a fact is not in the answer
    "false_refusal",  # refused though the documents say
    "missed_refusal",  # answered though the documents do not say
)
_TEXT_SHOWN = 400


def judge(question: Question, gold: ResolvedGold, reply: Reply, sources: Corpus) -> Outcome:
    """The question's trace with every measure that is defined for it."""
    retrieved = tuple(_shown_hit(hit, gold) for hit in reply.retrieved[:RETRIEVED_SHOWN])
    cited = tuple(_shown_citation(citation, gold, sources) for citation in reply.citations)
    refused = isinstance(reply, Refusal)
    text = "" if refused else reply.text
    measures = _retrieval_measures(retrieved, len(gold.gold)) if gold.gold else {}
    measures |= _answer_measures(question, gold, reply, cited, text)
    return Outcome(
        id=question.id,
        line=question.line,
        question=question.question,
        history=question.history,
        type=str(question.type),
        lang=question.lang,
        answerable=question.answerable,
        kind="refusal" if refused else "answer",
        reply=reply.text,
        reason=reply.reason if isinstance(reply, Refusal) else "",
        standalone_question=reply.standalone_question,
        confidence=reply.confidence,
        expected=_expected(gold, retrieved, cited, sources),
        retrieved=retrieved,
        cited=cited,
        facts=tuple(Fact(spellings[0], shows(text, spellings)) for spellings in question.must),
        documents=tuple(dict.fromkeys(entry.doc for entry in question.gold)),
        measures=measures,
        why=_why(question, gold, retrieved, cited, measures, refused=refused),
        timings_ms=dict(reply.timings_ms),
    )


def retrieval_measures(touched: Sequence[frozenset[int]], entries: int) -> dict[str, float]:
    """hit@k, recall@k, MRR@10 and nDCG@10 of one question, by name (``hit5``, ``recall10``, ``mrr10``, ``ndcg10``)."""
    measures = {f"hit{k}": hit_at(touched, entries, k) for k in HIT_DEPTHS}
    measures |= {f"recall{k}": recall_at(touched, entries, k) for k in RECALL_DEPTHS}
    measures["mrr10"] = reciprocal_rank(touched, 10)
    measures["ndcg10"] = ndcg_at(touched, entries, 10)
    return measures


def _retrieval_measures(retrieved: Sequence[Shown], entries: int) -> dict[str, float]:
    return retrieval_measures([frozenset(shown.touches) for shown in retrieved], entries)


def _answer_measures(
    question: Question, gold: ResolvedGold, reply: Reply, cited: Sequence[Shown], text: str
) -> dict[str, float]:
    refused = isinstance(reply, Refusal)
    touched = [frozenset(shown.touches) for shown in cited]
    facts = fact_recall(text, question.must)
    measures: dict[str, float | None] = {
        "literal": quotation_literalness([bool(shown.literal) for shown in cited]),
        "crag": crag_score(answerable=question.answerable, refused=refused, facts=facts, cites_gold=any(touched)),
    }
    if isinstance(reply, Answer):
        asked = "\n".join((question.question, *question.history, reply.standalone_question))
        measures["numbers"] = number_support(reply.text, reply.citations, asked)
        alce = alce_citations(reply.text, {c.marker: _passage(c) for c in reply.citations})
        measures["alce_recall"], measures["alce_precision"] = alce.recall, alce.precision
    if question.answerable:
        recalled = citation_recall(touched, len(gold.gold))
        measures["first_citation"] = first_citation(touched)
        measures["citation_precision"] = citation_precision(touched)
        measures["citation_recall"] = recalled
        measures["facts"] = facts
        measures["complete"] = complete(text, question.must)
        measures["false_refusal"] = float(refused)
        shown = measures["complete"] == 1.0 if question.must else recalled == 1.0
        measures["right"] = float(not refused and shown)
    else:
        measures["refused"] = float(refused)
        measures["right"] = float(refused)
    return {name: value for name, value in measures.items() if value is not None}


def _why(
    question: Question,
    gold: ResolvedGold,
    retrieved: Sequence[Shown],
    cited: Sequence[Shown],
    measures: dict[str, float],
    *,
    refused: bool,
) -> tuple[str, ...]:
    if not question.answerable:
        return () if refused else ("missed_refusal",)
    if measures["right"] == 1.0 and measures["citation_recall"] == 1.0:
        return ()
    reasons = ["gold_unresolved"] if gold.problems else []
    found = {i for shown in retrieved for i in shown.touches}
    used = {i for shown in cited for i in shown.touches}
    if len(found | used) < len(gold.gold):
        reasons.append("not_retrieved")
    if refused:
        return (*reasons, "false_refusal")
    if found - used:
        reasons.append("not_cited")
    if measures.get("facts", 1.0) < 1.0:
        reasons.append("fact_missing")
    return tuple(reasons)


def _expected(
    gold: ResolvedGold, retrieved: Sequence[Shown], cited: Sequence[Shown], sources: Corpus
) -> tuple[Expected, ...]:
    found: list[Expected] = []
    for i, entry in enumerate(gold.gold):
        place = entry.places[0] if entry.places else None
        text = "\n".join(sources.source(place.source).text[a:b] for a, b in place.spans) if place else ""
        rank = next((shown.place for shown in retrieved if i in shown.touches), None)
        used = any(i in shown.touches for shown in cited)
        found.append(Expected(entry.entry.place, _short(text), rank, used, entry.problem))
    return tuple(found)


def _shown_hit(hit: Hit, gold: ResolvedGold) -> Shown:
    clause, document = hit.clause, hit.document
    touches = gold.touched(document.source, clause.spans)
    return Shown(
        place=hit.rank,
        clause_id=clause.clause_id,
        document=document.title,
        path=clause.path,
        source=document.source,
        text=_short(clause.text),
        touches=tuple(sorted(touches)),
        score=hit.score,
    )


def _shown_citation(citation: Citation, gold: ResolvedGold, sources: Corpus) -> Shown:
    document = citation.document
    return Shown(
        place=citation.marker,
        clause_id=citation.clause.clause_id,
        document=document.title,
        path=citation.clause.path,
        source=document.source,
        text=_short(citation.quote),
        touches=tuple(sorted(gold.touched(document.source, citation.spans))),
        literal=is_literal(citation.quote, citation.spans, sources.source(document.source)),
    )


def _passage(citation: Citation) -> str:
    """What a citation lets its reader check: the clause, its place and its document's name."""
    document = citation.document
    address = (document.title, document.number or "", *citation.clause.path)
    return "\n".join((*address, citation.clause.text, citation.quote))


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_SHOWN else text[: _TEXT_SHOWN - 1] + "…"
