"""Question sets with gold, as the two learning commands read them: which clauses of a store answer which question."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.protocol import PolicyStore
from ingest.model import Clause, PolicyDocument
from qa.language import squeeze
from qa.library import Library, Shelf

_LIST = 2


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question with the ids of the clauses that answer it, none where nothing does."""

    question: str
    history: tuple[str, ...]
    clauses: frozenset[str]
    answerable: bool
    facts: tuple[tuple[str, ...], ...] = ()
    """What an answer must say, each in any of several wordings."""


def lessons(store: PolicyStore, questions: Path, half: str = "") -> Iterator[Lesson]:
    """The lessons of a question file over ``store``. ``half`` is ``odd``, ``even`` (lines from 1) or empty for all.

    A question whose gold the store does not hold is left out.
    """
    shelf = Library(store).shelf()
    for number, line in enumerate(questions.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or (half == "odd" and number % 2 == 0) or (half == "even" and number % 2 == 1):
            continue
        record = json.loads(line)
        gold = [clauses_of(shelf, entry) for entry in (*record["gold"], *record.get("alt_gold", ()))]
        if record["answerable"] and not all(gold):
            continue
        ids = frozenset(clause.clause_id for found in gold for clause in found) | _heads(gold)
        facts = tuple(tuple(fact) for fact in record["must"])
        yield Lesson(record["question"], tuple(record.get("history", ())), ids, bool(record["answerable"]), facts)


def _heads(gold: list[list[Clause]]) -> frozenset[str]:
    """The headings under which two answers or more stand: who asks for a list is answered by its heading."""
    parents = Counter(parent for found in gold for parent in {clause.parent_id for clause in found} if parent)
    return frozenset(parent for parent, children in parents.items() if children >= _LIST)


def clauses_of(shelf: Shelf, entry: dict[str, Any]) -> list[Clause]:
    """The clauses that a gold entry names: by lines of the source text where it gives them, else by its path."""
    wanted = squeeze(entry["doc"])
    documents = [d for d in shelf.titles.documents.values() if _named(wanted, d)]
    found: list[Clause] = []
    for document in documents:
        clauses = shelf.document(document.doc_id).clauses
        if entry.get("lines"):
            spans = _line_spans(shelf.source_text(document.source), entry["lines"])
            found += [c for c in clauses if any(a < d and b < e for a, e in c.spans for b, d in spans)]
        else:
            path = [squeeze(step) for step in entry.get("path", ())]
            found += [c for c in clauses if _below(path, [squeeze(step) for step in c.path])]
    return found


def _named(wanted: str, document: PolicyDocument) -> bool:
    return any(wanted == squeeze(name) for name in (document.title, *document.aliases))


def _below(path: list[str], own: list[str]) -> bool:
    """Whether a clause's path leads through every step of ``path``, in order."""
    steps = iter(own)
    return all(any(step.startswith(wanted) or wanted.startswith(step) for step in steps if step) for wanted in path)


def _line_spans(text: str, lines: list[int]) -> list[tuple[int, int]]:
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [(starts[n - 1], starts[n] - 1) for n in lines if n < len(starts)]
