"""What a question takes for granted: an item that is not on the list, a figure that the text gives otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.intent import Want
from qa.library import Shelf, View
from qa.literals import figures
from qa.question import Asked
from qa.rank import Ranked

_DEPTH = 25
_SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Family:
    """Clauses side by side whose headings share a stem (区块链+…) with an asked item that is not among them."""

    asked_item: str
    parent: View
    items: tuple[View, ...]


def absent_item(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Family | None:
    """The list in which a quoted item would stand if there were one, or None where the text knows the quoted words."""
    for item in asked.quoted:
        places = [r.candidate.view for r in ranked[:_DEPTH]]
        if asked.mentions:
            named = set(asked.named_documents)
            places = [view for view in places if view.document.doc_id in named] or places
        if any(item in view.text or item in view.path for view in places):
            continue
        for stem in _stems(item):
            family = _family(item, stem, places, shelf)
            if family is not None:
                return family
    return None


def _stems(item: str) -> list[str]:
    """The beginnings of an item that its neighbours may share, longest first."""
    joint = re.search(r"[+\-—与和·]", item)
    if joint and joint.start() >= _SHORTEST_STEM:
        return [item[: joint.end()]]
    return [item[:length] for length in range(len(item) - 1, max(_SHORTEST_STEM, len(item) // 2) - 1, -1)]


def _family(item: str, stem: str, places: Sequence[View], shelf: Shelf) -> Family | None:
    for view in places:
        if stem not in view.step or view.clause.parent_id is None:
            continue
        doc_id = view.document.doc_id
        siblings = [shelf.view(c, view.document) for c in shelf.children(doc_id, view.clause.parent_id)]
        alike = tuple(sibling for sibling in siblings if stem in sibling.step and sibling.sentences)
        parent = shelf.clause(doc_id, view.clause.parent_id)
        if len(alike) >= 2 and parent is not None:
            return Family(item, shelf.view(parent, view.document), alike)
    return None


_CLAIMED = re.compile(r"[吗吧][??。]?$|对吧|对不对|对吗|是不是|是否|对不|就行|没错")


def contradicted_figure(asked: Asked, shown: str) -> str | None:
    """The figure that the question states and the shown words give otherwise, as asked; None where none is.

    Only a yes/no question states figures; they differ where the text has figures of the same unit, but not that value.
    """
    if not asked.intent.has(Want.YES_NO) or not _CLAIMED.search(asked.search_text):
        return None
    given = figures(shown)
    for value, unit in sorted(figures(asked.search_text)):
        same_unit = [other for other, other_unit in given if other_unit == unit]
        if unit and same_unit and value not in same_unit:
            return f"{value:g}{unit}"
    return None
