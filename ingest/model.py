"""What a policy file becomes: documents, each with a tree of clauses that are spans of the source text.

Spans are the truth: character offsets into the text that ingest extracted from the file, start inclusive and end
exclusive. A quotation is always ``text[start:end]``, never retyped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Span = tuple[int, int]


class Kind(StrEnum):
    """What sort of text a document is, as far as a citation needs to know."""

    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    NORMATIVE = "normative"
    PLAN = "plan"
    NOTICE = "notice"
    INTERPRETATION = "interpretation"
    NEWS = "news"
    SPEECH = "speech"
    STANDARD = "standard"
    LIST = "list"
    OTHER = "other"


class Status(StrEnum):
    """Whether a text binds anyone, as printed in it or in the documents beside it. UNKNOWN is an honest answer."""

    IN_FORCE = "in_force"
    DRAFT = "draft"
    TRIAL = "trial"
    AMENDED = "amended"
    REPEALED = "repealed"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as cells. ``rows[i][j]`` is a cell's span in the source text, or None where the cell is empty."""

    header_rows: int
    rows: tuple[tuple[Span | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Region:
    """Where a stretch of text stands on a page of the original: 1-based page, box in points from the top left."""

    page: int
    span: Span
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text that a reader extracted from one file, with whatever structure the format itself gives.

    ``text`` is what spans count in. ``page_starts[i]`` is the offset at which page i+1 begins (empty where the
    format has no pages). ``headings`` are (span, level from 1) where the format marks headings itself (docx styles,
    html h1-h6, markdown #). ``furniture`` are spans that the reader knows to be running headers, footers or page
    numbers. ``markup`` are spans inside lines that are signs and not words (Markdown's ``**``), which matching looks
    past. ``warnings`` are sentences for people.
    """

    name: str
    text: str
    media_type: str = "text/plain"
    page_starts: tuple[int, ...] = ()
    headings: tuple[tuple[Span, int], ...] = ()
    tables: tuple[Table, ...] = ()
    furniture: tuple[Span, ...] = ()
    regions: tuple[Region, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    markup: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a clause points to another clause or document, as printed (`span`, `text`).

    ``target_clause`` and ``target_document`` are ids where the store holds them; ``named`` is the document's
    printed name where it does not.
    """

    span: Span
    text: str
    target_document: str | None = None
    target_clause: str | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What a document says has become of another, by its printed name, and from which day on (None: not said)."""

    name: str
    status: Status
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One node of a document's outline with the text that belongs to it and to none of its children.

    ``path`` holds the labels as printed, number and short title, from the top of the document down to this clause;
    ``label`` is the printed number (``第四十五条``, ``(一)``, ``专栏1``; empty for unnumbered text) and ``heading``
    the title beside it. ``spans`` are in reading order, which is not always the printed order. ``text`` is what the
    spans hold, without page furniture.
    """

    clause_id: str
    path: tuple[str, ...]
    label: str
    heading: str
    spans: tuple[Span, ...]
    text: str
    pages: tuple[int, ...] = ()
    parent_id: str | None = None
    references: tuple[Reference, ...] = ()
    order_confidence: float = 1.0
    """How sure the parser is of this clause's place, 0 to 1; below 1 where reading order had to be repaired."""


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """One official text with its clause tree, flattened in reading order (parents before children)."""

    doc_id: str
    title: str
    source: str
    kind: Kind = Kind.OTHER
    status: Status = Status.UNKNOWN
    number: str | None = None
    issuers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    region: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    clauses: tuple[Clause, ...] = ()
    missing: tuple[str, ...] = ()
    """Labels that the numbering implies but the file does not hold (``第三十二条``)."""
    warnings: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()
    """What it says has become of other documents: 《…》同时废止."""
    revised_on: date | None = None
    """The day of the last revision that its text includes, as printed under the title."""

    def clause(self, clause_id: str) -> Clause:
        """The clause with that id. Raises KeyError where this document has none."""
        for clause in self.clauses:
            if clause.clause_id == clause_id:
                return clause
        raise KeyError(clause_id)

    def children(self, clause_id: str | None) -> tuple[Clause, ...]:
        """The clauses directly below one (or, for None, at the top), in reading order."""
        return tuple(c for c in self.clauses if c.parent_id == clause_id)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Everything found in one file."""

    source: SourceText
    documents: tuple[PolicyDocument, ...]
    warnings: tuple[str, ...] = ()


def quote(text: str, spans: Sequence[Span]) -> str:
    """The words that the spans hold, with a line break between spans of different lines."""
    words: list[str] = []
    before = -1
    for start, end in spans:
        same_line = 0 <= before <= start and "\n" not in text[before:start]
        words.append(text[start:end] if not words or same_line else "\n" + text[start:end])
        before = end
    return "".join(words)


def overlaps(left: Iterable[Span], right: Iterable[Span]) -> bool:
    """Whether any span of the one shares a character with any span of the other."""
    others = tuple(right)
    return any(a < d and c < b for a, b in left for c, d in others)
