"""A question with its gold: what is asked, where the answer stands, which facts a complete answer shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.model import Span

FORMAT_VERSION = 1
"""The version of ``eval/schema/question.schema.json`` that this code reads and writes."""


class QuestionType(StrEnum):
    """What sort of answer a question wants; results are sliced by it."""

    FACT = "fact"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    DEFINITION = "definition"
    OBLIGATION = "obligation"
    PENALTY = "penalty"
    PROCEDURE = "procedure"
    COMPARE = "compare"
    CROSSREF = "crossref"
    YESNO = "yesno"
    FOLLOWUP = "followup"
    UNANSWERABLE = "unanswerable"
    FALSE_PREMISE = "falsepremise"


@dataclass(frozen=True, slots=True)
class GoldEntry:
    """One place that holds (a part of) the answer.

    ``doc`` is the document's title or an alias, ``path`` its labels from the top down to the clause. ``lines`` are
    1-based lines, and ``spans`` character offsets, of the text that ingest extracted from ``file`` (where ``file`` is
    empty: of the file that holds ``doc``). The most exact of the three that the store can resolve counts: spans,
    then lines, then the path.
    """

    doc: str
    path: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    file: str = ""

    @property
    def place(self) -> str:
        """Title and path in one line, for people."""
        return " › ".join((self.doc, *self.path))


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question set.

    ``gold`` has one entry for each clause that a complete answer needs; ``alt_gold`` are other places that state the
    same thing, each as good as the gold. ``must`` holds the facts that a complete answer shows, each as a tuple of
    accepted spellings. ``line`` is the 1-based line in the file it came from, 0 where it came from none.
    """

    id: str
    question: str
    type: QuestionType = QuestionType.FACT
    lang: str = "zh"
    history: tuple[str, ...] = ()
    gold: tuple[GoldEntry, ...] = ()
    alt_gold: tuple[GoldEntry, ...] = ()
    must: tuple[tuple[str, ...], ...] = ()
    answerable: bool = True
    draft: bool = False
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A question set as read from one file, in the order of its lines."""

    name: str
    questions: tuple[Question, ...]
    content_hash: str
    """SHA-256 of the file's bytes, so that two runs can be known to have asked the same."""

    def __len__(self) -> int:
        return len(self.questions)
