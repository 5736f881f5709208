"""A clause as its source prints it: its own sentences, the clauses below it that stand between them, what follows.

A clause's own text leaves out what is below it: of an article it holds the lead-in and the last paragraph and not the
items between the two. Quoted without a look at these, …下列商品除外:除前款所列商品外… would read as one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Clause
from qa.library import Shelf, View
from qa.sentences import Sentence

MOST_ITEMS = 40


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences of a clause's own, and the clauses directly below it that are printed right behind them."""

    sentences: tuple[Sentence, ...]
    items: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Clauses directly below ``head``, in reading order, as a list: ``lead`` is the head's sentence before them (empty
    where it has none), ``closing`` what the head says behind them, up to what announces another list."""

    head: View
    items: tuple[View, ...]
    lead: tuple[Sentence, ...] = ()
    closing: tuple[Sentence, ...] = ()


def as_printed(view: View, shelf: Shelf) -> tuple[Part, ...]:
    """The clause parted behind every run of clauses below it; one part where its own text is all before those."""
    below = [*shelf.children(view.document.doc_id, view.clause.clause_id)]
    parts: list[Part] = []
    first = 0
    for at in range(1, len(view.sentences)):
        end, start = view.sentences[at - 1].spans[-1][1], view.sentences[at].spans[0][0]
        count = 0
        while count < len(below) and below[count].spans and end <= below[count].spans[0][0] < start:
            count += 1
        if count:
            parts.append(Part(view.sentences[first:at], tuple(below[:count])))
            first = at
            del below[:count]
    return (*parts, Part(view.sentences[first:], tuple(below)))


def lists_in(head: View, shelf: Shelf) -> tuple[Listing, ...]:
    """The lists of two to forty clauses each that stand directly below a clause, each with what frames it."""
    source = shelf.source_text(head.document.source)
    parts = as_printed(head, shelf)
    lists: list[Listing] = []
    for part, after in zip(parts, (*parts[1:], None), strict=True):
        views = tuple(view for view in shelf.views([(c, head.document) for c in part.items]) if view.sentences)
        if not 2 <= len(views) <= MOST_ITEMS:
            continue
        closing: tuple[Sentence, ...] = ()
        if after is not None:
            closing = _without_last_paragraph(after.sentences, source) if after.items else after.sentences
        lists.append(Listing(head, views, part.sentences[-1:], closing))
    return tuple(lists)


def unrolled(view: View, shelf: Shelf) -> list[Sentence]:
    """The sentences of the clause and of all below it, in the order in which the source prints them."""
    rows: list[Sentence] = []
    for part in as_printed(view, shelf):
        rows += part.sentences
        for item in shelf.views([(clause, view.document) for clause in part.items]):
            rows += unrolled(item, shelf)
    return rows


def _without_last_paragraph(sentences: Sequence[Sentence], source: str) -> tuple[Sentence, ...]:
    """The sentences on lines above that of the last one."""
    at = len(sentences) - 1
    while at > 0 and "\n" not in source[sentences[at - 1].spans[-1][1] : sentences[at].spans[0][0]]:
        at -= 1
    return tuple(sentences[: max(at, 0)])
