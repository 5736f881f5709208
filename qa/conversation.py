"""A question as it stands in its conversation: what the turns before it were about is found by asking them again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.types import Filters
from qa.gather import gather
from qa.library import Shelf
from qa.question import Asked, understand
from qa.rank import rank

if TYPE_CHECKING:
    from index.protocol import PolicyReader


def understand_turn(
    question: str, history: Sequence[str], store: PolicyReader, shelf: Shelf, filters: Filters
) -> Asked:
    """``question`` read after ``history`` (the user's turns, oldest first), with the document that the talk was about.

    A question that stands alone, or names its document, is read by itself.
    """
    asked = understand(question, history, shelf.titles, shelf.speller)
    if not history or asked.standalone == question.strip() or asked.mentions:
        return asked
    before = understand(history[-1], history[:-1], shelf.titles, shelf.speller)
    candidates = gather(before, store, shelf, filters)
    if not candidates:
        return asked
    best = rank(before, shelf, candidates)[0].candidate.view.document
    return replace(asked, earlier=(best.doc_id,))
