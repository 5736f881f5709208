"""What a question gets back: an answer that cites clauses, or a refusal. Nothing else can be constructed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.types import Hit
from ingest.model import Clause, PolicyDocument, Span

MARKER = re.compile(r"\[(\d{1,2})\]")
"""A citation marker in an answer. Composers write square brackets in quoted text as they stand, so a quotation's own
``[2023]`` has four digits and a document number is never taken for a marker."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause that an answer leans on, with the words shown.

    ``quote`` is what ``spans`` hold in the source text, apart from page furniture and line breaks between spans.
    """

    marker: int
    clause: Clause
    document: PolicyDocument
    quote: str
    spans: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.spans or not self.quote.strip():
            msg = f"citation {self.marker} of {self.clause.clause_id} quotes nothing"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Answer:
    """Text whose every ``[n]`` marker is a citation, and whose every citation is used.

    Raises ValueError where a marker does not resolve, a citation is unused, or there is none.
    """

    question: str
    standalone_question: str
    text: str
    citations: tuple[Citation, ...]
    retrieved: tuple[Hit, ...]
    notices: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    confidence: float = 1.0

    def __post_init__(self) -> None:
        used = {int(m) for m in MARKER.findall(self.text)}
        given = {c.marker for c in self.citations}
        if not given or used != given:
            msg = f"markers in the text {sorted(used)} and citations {sorted(given)} disagree"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An honest "these documents don't say": the reason in words, and the nearest clauses to look at."""

    question: str
    standalone_question: str
    text: str
    reason: str
    """A stable code: ``no_documents``, ``not_covered``, ``other_year``, ``other_region``, ``missing_clause``,
    ``figure_not_given``, ``empty_question``, ``unknown_document``."""
    retrieved: tuple[Hit, ...]
    nearest: tuple[Hit, ...]
    notices: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    confidence: float = 0.0

    @property
    def citations(self) -> tuple[Citation, ...]:
        """A refusal cites nothing."""
        return ()


Reply = Answer | Refusal
