"""What is wrong with a question set against a store: gold that is not there, facts that are not in their gold."""

from __future__ import annotations

from dataclasses import dataclass

from eval.corpus import CachedCorpus, Corpus
from eval.gold import GoldResolver, ResolvedEntry, ResolvedGold
from eval.labels import plain
from eval.metrics.facts import shows
from eval.question import Question, QuestionSet


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: the question's id and line, the field, and a sentence."""

    id: str
    line: int
    field: str
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.id}, field {self.field!r}: {self.problem}"


def validate_set(questions: QuestionSet, corpus: Corpus) -> tuple[Finding, ...]:
    """The findings in the set's order; none where every gold is found and holds the facts asked for.

    Also found: a question asked twice with the same history. Duplicate ids never get this far; reading refuses them.
    """
    cached = CachedCorpus(corpus)
    resolver = GoldResolver(cached)
    findings: list[Finding] = []
    asked: dict[tuple[str, ...], str] = {}
    for question in questions.questions:
        gold = resolver.resolve(question)
        findings += _unplaced(question, gold)
        findings += _facts_without_gold(question, gold, cached)
        key = tuple(plain(turn) for turn in (*question.history, question.question))
        if key in asked:
            findings.append(Finding(question.id, question.line, "question", f"is the same as {asked[key]}'s"))
        asked.setdefault(key, question.id)
    return tuple(findings)


def _unplaced(question: Question, gold: ResolvedGold) -> list[Finding]:
    found = []
    for field, entries in (("gold", gold.gold), ("alt_gold", gold.alternatives)):
        for i, entry in enumerate(entries):
            if entry.problem:
                found.append(Finding(question.id, question.line, f"{field}[{i}]", entry.problem))
    return found


def _facts_without_gold(question: Question, gold: ResolvedGold, corpus: Corpus) -> list[Finding]:
    entries = [e for e in (*gold.gold, *gold.alternatives) if e.places]
    if not entries or gold.problems:
        return []
    held = "\n".join(text for entry in entries for text in _words(entry, corpus))
    return [
        Finding(question.id, question.line, f"must[{i}]", f"{' / '.join(spellings)!r} is not in the gold")
        for i, spellings in enumerate(question.must)
        if not shows(held, spellings)
    ]


def _words(entry: ResolvedEntry, corpus: Corpus) -> list[str]:
    texts = [corpus.source(place.source).text[a:b] for place in entry.places for a, b in place.spans]
    return [entry.entry.doc, *entry.entry.path, *texts]
