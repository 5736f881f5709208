"""What one question got, with everything needed to see why it was judged so."""

from __future__ import annotations

from dataclasses import dataclass, field

RETRIEVED_SHOWN = 10
"""How many retrieved clauses a trace keeps; the deepest k of hit@k."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A clause that was retrieved (``place`` is its rank) or cited (``place`` is its marker).

    ``touches`` are the gold entries (0-based) that it satisfies; ``text`` is shortened for reading.
    """

    place: int
    clause_id: str
    document: str
    path: tuple[str, ...]
    source: str
    text: str
    touches: tuple[int, ...]
    score: float | None = None
    literal: bool | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A gold entry: where it stands, what stands there, at which rank it was retrieved, whether it was cited."""

    place: str
    text: str
    rank: int | None
    cited: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a complete answer shows, in its first spelling, and whether this answer shows it."""

    fact: str
    shown: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question's trace.

    ``measures`` maps a measure's name to its value for this question; a measure that is not defined here (a citation
    precision without citations) is absent. ``why`` holds codes of `eval.judge.WHY` for what went wrong, empty where
    the reply is right. ``kind`` is ``answer`` or ``refusal``; ``reason`` the refusal's code.
    """

    id: str
    line: int
    question: str
    history: tuple[str, ...]
    type: str
    lang: str
    answerable: bool
    kind: str
    reply: str
    reason: str
    standalone_question: str
    confidence: float
    expected: tuple[Expected, ...]
    retrieved: tuple[Shown, ...]
    cited: tuple[Shown, ...]
    facts: tuple[Fact, ...]
    documents: tuple[str, ...]
    measures: dict[str, float]
    why: tuple[str, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether the reply did what was wanted: showed every fact, or refused where the documents do not say."""
        return self.measures["right"] == 1.0

    @property
    def half(self) -> str:
        """``odd`` or ``even``, by the line in the question file."""
        return "odd" if self.line % 2 else "even"


@dataclass(frozen=True, slots=True)
class Run:
    """A question set asked of one system over one store.

    ``system`` names what answered, ``store`` describes what it answered from (documents, clauses, encoder),
    ``set_hash`` is the SHA-256 of the question file. ``seconds`` is the whole run's wall time.
    """

    system: str
    set_name: str
    set_hash: str
    store: dict[str, str | int]
    started_at: str
    seconds: float
    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...] = ()
