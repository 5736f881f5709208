"""What is encoded and counted for a clause: its parts, each under its document's title and its place in the outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText, Span

PASSAGE_CHARS = 200
"""A passage ends at the sentence that would take it beyond this.

On ``../shared/questions`` (odd/even index), hit@5 by meaning alone for passages of 150, 300, 500 characters and
whole clauses: .64/.60, .62/.52, .57/.47, .52/.45; by words alone .83/.71, .78/.74, .78/.69, .75/.66.
"""
_HEADER_CHARS = 80
_SENTENCE = re.compile(r"[^。；;!?！？\n]*(?:[。；;!?！？\n]+|$)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a clause. ``start`` and ``stop`` are its span in the source text; ``text`` is its words under the
    document's title and the clause's path, which is what both searches read.
    """

    clause_id: str
    start: int
    stop: int
    text: str


def passages_of(file: ParsedFile) -> list[Passage]:
    """The passages of a file's clauses, in order; clauses without text have none."""
    headers = _headers(file.source)
    return [
        passage
        for document in file.documents
        for clause in document.clauses
        if clause.spans and clause.text.strip()
        for passage in _parts(file.source.text, document, clause, headers)
    ]


def _headers(source: SourceText) -> dict[int, str]:
    """Start of each row of a table below its header → the words of the header, which say what the cells are."""
    found: dict[int, str] = {}
    for table in source.tables:
        cells = [cell for row in table.rows[: table.header_rows] for cell in row if cell is not None]
        words = " ".join(dict.fromkeys(source.text[start:stop] for start, stop in cells))[:_HEADER_CHARS]
        for row in table.rows[table.header_rows :] if words else ():
            first = min((cell[0] for cell in row if cell is not None), default=None)
            if first is not None:
                found[first] = words
    return found


def _parts(source: str, document: PolicyDocument, clause: Clause, headers: dict[int, str]) -> Iterator[Passage]:
    heading = " ".join((document.title, *clause.path))
    if len(clause.text) <= PASSAGE_CHARS:
        yield Passage(clause.clause_id, clause.spans[0][0], clause.spans[-1][1], f"{heading} {clause.text}")
        return
    held: list[Span] = []
    size = 0
    for start, stop in _sentences(source, clause.spans):
        if held and size + stop - start > PASSAGE_CHARS:
            yield _passage(source, clause, heading, held, headers)
            held, size = [], 0
        held.append((start, stop))
        size += stop - start
    if held:
        yield _passage(source, clause, heading, held, headers)


def _passage(source: str, clause: Clause, heading: str, spans: list[Span], headers: dict[int, str]) -> Passage:
    words = "".join(source[start:stop] for start, stop in spans)
    header = next((headers[at] for at in _row_starts(spans[0], headers)), "")
    words = f"{header} {words}" if header else words
    return Passage(clause.clause_id, spans[0][0], max(spans[-1][1], spans[0][0]), f"{heading} {words}")


def _row_starts(span: Span, headers: dict[int, str]) -> Iterator[int]:
    """The start of the table row that a passage begins with: at its first character, or behind a Markdown rule's |."""
    if headers:
        yield from (at for at in range(span[0], min(span[0] + 4, span[1])) if at in headers)


def _sentences(source: str, spans: tuple[Span, ...]) -> Iterator[Span]:
    """Each sentence within the spans, cut further where one is longer than a passage (tables, lists without stops)."""
    for start, stop in spans:
        for match in _SENTENCE.finditer(source, start, stop):
            for at in range(match.start(), match.end(), PASSAGE_CHARS):
                end = min(at + PASSAGE_CHARS, match.end())
                if source[at:end].strip():
                    yield at, end
