"""What goes into a search and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ingest.model import Clause, PolicyDocument


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents a search may look at. Empty means no restriction; several values of one field mean any of them.

    ``as_of`` is the day on which a text must be in force; ``in_force`` alone means today. A document whose dates
    are unknown passes date filters, since leaving it out would hide text that may apply.
    """

    documents: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    number: str | None = None
    as_of: date | None = None
    in_force: bool | None = None

    @property
    def empty(self) -> bool:
        """True where nothing is restricted."""
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found. ``document`` comes without its clauses.

    ``score`` orders hits within one search (higher is better) and is not comparable across queries;
    ``similarity_cosine`` (-1 to 1) and ``score_bm25`` (0 and up) are the two views it was fused from, None where
    a view did not return the clause. ``passage`` is the span of the best-matching part of a long clause.
    """

    rank: int
    score: float
    clause: Clause
    document: PolicyDocument
    similarity_cosine: float | None = None
    score_bm25: float | None = None
    passage: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first, and what each stage took."""

    query: str
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)
    unreachable: tuple[str, ...] = ()
    """Parts of the store that could not be asked, so that the hits lack what they hold."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader thought of a reply. ``helpful`` is the thumb; ``comment`` their words; ``cited`` clause ids."""

    question: str
    helpful: bool
    at: datetime
    answer: str = ""
    comment: str = ""
    cited: tuple[str, ...] = ()
    user: str | None = None


@dataclass(frozen=True, slots=True)
class StoreStats:
    """How much a store holds; ``disk_bytes`` counts every file in its folder, ``encoder`` is the encoder's name."""

    documents: int
    clauses: int
    passages: int
    disk_bytes: int
    encoder: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What putting one file into a store did: the documents it now has, and those of its name that went."""

    name: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    clauses: int

    @property
    def replaced(self) -> bool:
        """Whether the store held a file of that name before."""
        return bool(self.removed)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file in the store: what it was called, a fingerprint of its bytes, and the documents found in it."""

    name: str
    content_hash: str
    size_bytes: int
    doc_ids: tuple[str, ...]
    ingested_at: datetime
    warnings: tuple[str, ...] = ()
    clauses: int = 0
