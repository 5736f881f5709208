"""Two versions of a text, clause beside clause, with the characters that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from rapidfuzz import fuzz, process

from ingest.model import Clause, Kind, PolicyDocument, Span
from ui.citation import place, spoken_title

Change = Literal["same", "changed", "added", "removed"]

_LIKENESS: Final = 55.0
"""Clauses under different numbers are taken for one and the same from this likeness (0–100) up."""
_PAIR_LIKENESS: Final = 80.0
_MOST_COMPARED_CHARS: Final = 6000
_YEAR: Final = re.compile(r"\d{4}|[（(].*?[）)]|修订|修正|试行|征求意见稿|暂行")
_ABOUT_OTHERS: Final = (Kind.INTERPRETATION, Kind.NEWS, Kind.SPEECH)


@dataclass(frozen=True, slots=True)
class Pair:
    """A clause of the earlier text beside one of the later; spans are the characters of each that differ."""

    change: Change
    left: Clause | None
    right: Clause | None
    left_spans: tuple[Span, ...] = ()
    right_spans: tuple[Span, ...] = ()


def compare(left: PolicyDocument, right: PolicyDocument) -> list[Pair]:
    """Every clause of both texts, in the later text's order, each that is gone after the one it followed."""
    partners = _partners(left.clauses, right.clauses)
    before = {clause.clause_id: clause for clause in left.clauses}
    taken = set(partners.values())
    pairs: list[Pair] = []
    gone = [clause for clause in left.clauses if clause.clause_id not in taken]
    order = {clause.clause_id: position for position, clause in enumerate(left.clauses)}
    for clause in right.clauses:
        partner = before.get(partners.get(clause.clause_id, ""))
        while partner is not None and gone and order[gone[0].clause_id] < order[partner.clause_id]:
            pairs.append(Pair("removed", gone.pop(0), None))
        pairs.append(_pair(partner, clause))
    pairs += [Pair("removed", clause, None) for clause in gone]
    return pairs


def _partners(left: Sequence[Clause], right: Sequence[Clause]) -> dict[str, str]:
    """Right clause id → left clause id: equal words first, then the same number with like words, then like words."""
    partners: dict[str, str] = {}
    free = {clause.clause_id: clause for clause in left}

    def settle(wanted: Iterable[Clause], key: str) -> None:
        by_key: dict[str, list[str]] = {}
        for clause in free.values():
            by_key.setdefault(_keyed(clause, key), []).append(clause.clause_id)
        for clause in wanted:
            found = by_key.get(_keyed(clause, key), [])
            if clause.clause_id not in partners and found:
                other = found[0]
                if key == "place" and fuzz.ratio(_words(clause), _words(free[other])) < _LIKENESS / 2:
                    continue
                partners[clause.clause_id] = found.pop(0)
                free.pop(other)

    settle(right, "words")
    settle(right, "place")
    for clause in right:
        if clause.clause_id in partners or not free:
            continue
        choices = {one: _words(other) for one, other in free.items()}
        best = process.extractOne(_words(clause), choices, scorer=fuzz.ratio, score_cutoff=_LIKENESS)
        if best is not None:
            partners[clause.clause_id] = best[2]
            free.pop(best[2])
    return partners


def _keyed(clause: Clause, key: str) -> str:
    return _words(clause) if key == "words" else place(clause.path)


def _words(clause: Clause) -> str:
    """The clause's words without its own number, which moves when one is put in before it."""
    text = "".join(clause.text.split())
    label = "".join(clause.label.split())
    return text.removeprefix(label)


def _pair(left: Clause | None, right: Clause) -> Pair:
    if left is None:
        return Pair("added", None, right)
    if _words(left) == _words(right):
        return Pair("same", left, right)
    return Pair("changed", left, right, *_differences(left.text, right.text))


def _differences(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The characters of each text that the other lacks; a very long pair is marked as a whole."""
    if max(len(left), len(right)) > _MOST_COMPARED_CHARS:
        return ((0, len(left)),), ((0, len(right)),)
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    lefts = tuple((start, end) for _, start, end, _, _ in changed if start < end)
    rights = tuple((start, end) for _, _, _, start, end in changed if start < end)
    return lefts, rights


def likely_pairs(documents: Sequence[PolicyDocument], most: int = 4) -> list[tuple[PolicyDocument, PolicyDocument]]:
    """Documents that look like versions of one another by their titles, the earlier one first.

    A notice that issues a text stands for it only where the text itself is not among the documents.
    """
    titles = {document.title for document in documents}
    bare = [
        (_bare(document.title), document)
        for document in documents
        if document.kind not in _ABOUT_OTHERS and not titles & ({spoken_title(document.title)} - {document.title})
    ]
    found: list[tuple[float, PolicyDocument, PolicyDocument]] = []
    for position, (name, document) in enumerate(bare):
        for other_name, other in bare[position + 1 :]:
            likeness = fuzz.ratio(name, other_name)
            together = document.number is not None and document.number == other.number
            if likeness >= _PAIR_LIKENESS and min(len(name), len(other_name)) > 4 and not together:
                earlier, later = sorted((document, other), key=_age)
                found.append((likeness, earlier, later))
    found.sort(key=lambda one: -one[0])
    return [(earlier, later) for _, earlier, later in found[:most]]


def _bare(title: str) -> str:
    """A title without what tells versions apart; a notice of issue counts as the text that it issues."""
    return _YEAR.sub("", spoken_title(title))


def _age(document: PolicyDocument) -> str:
    day = document.issued_on or document.effective_on
    year = re.search(r"(?:19|20)\d{2}", document.title)
    return day.isoformat() if day else (year[0] if year else "9999")
