"""What is encoded and counted for a clause: its parts, each under its document's title and its place in the outline."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model import Clause, ParsedFile, PolicyDocument


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a clause. ``start`` and ``stop`` are its span in the source text; ``heading`` is title and path."""

    clause_id: str
    start: int
    stop: int
    heading: str
    body: str

    @property
    def text(self) -> str:
        """What the encoder reads."""
        return f"{self.heading} {self.body}"


def passages_of(file: ParsedFile) -> list[Passage]:
    """The passages of a file's clauses, in order; clauses without text have none."""
    return [
        Passage(clause.clause_id, clause.spans[0][0], clause.spans[-1][1], heading(document, clause), clause.text)
        for document in file.documents
        for clause in document.clauses
        if clause.spans and clause.text.strip()
    ]


def heading(document: PolicyDocument, clause: Clause) -> str:
    """The document's title and the clause's path, as one line."""
    return " ".join((document.title, *clause.path))
