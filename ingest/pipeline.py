"""Files → documents with clause trees: the one way into this package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.bilingual import both
from ingest.blocks import Block
from ingest.clauses import short_hash, to_clauses
from ingest.endings import endings_of, revised_on
from ingest.errors import ReadError
from ingest.furniture import mark_furniture
from ingest.gaps import missing_labels, warnings_of
from ingest.lines import Line, to_lines
from ingest.metadata import describe
from ingest.model import ParsedFile, PolicyDocument, SourceText
from ingest.names import with_short_names
from ingest.notices import with_notices
from ingest.order import Ordered, in_reading_order
from ingest.outline import Outline
from ingest.overrun import without_overrun
from ingest.readers import read_bytes
from ingest.references import with_references
from ingest.split import Part, split_documents
from ingest.topics import split_topics
from ingest.wrapping import without_wraps

_LAID_OUT = frozenset({"text/plain", "application/pdf", "image/png", "image/jpeg", "application/ofd"})
"""Media types whose text comes off a page, where reading order may be wrong."""

_HEAD_LINES = 6


def parse_file(path: Path) -> ParsedFile:
    """The documents in the file at ``path``. Raises ReadError where it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(
            path.name, both("没有这个文件", "there is no such file"), both("请检查路径", "Check the path")
        ) from error
    except OSError as error:
        problem = f"it cannot be opened ({error.strerror})"
        raise ReadError(path.name, problem, "Check the path and its permissions") from error
    return parse_bytes(path.name, data)


def parse_bytes(name: str, data: bytes) -> ParsedFile:
    """The documents in a file's bytes; ``name`` gives the format by its ending. Raises ReadError."""
    return parse_source(read_bytes(name, data))


def parse_source(source: SourceText) -> ParsedFile:
    """The documents in a text that a reader has extracted. Never raises for any text."""
    lines = to_lines(source)
    if source.media_type == "text/plain":
        lines = without_wraps(source.text, lines)
    lines, contents = mark_furniture(lines)
    parts, stray = split_documents(source, lines, contents)
    taken: set[str] = set()
    documents = with_references(
        with_short_names(with_notices([_document(source, part, taken, alone=len(parts) == 1) for part in parts]))
    )
    return ParsedFile(source=source, documents=documents, warnings=(*source.warnings, *_left_out(lines, stray)))


def _left_out(lines: Sequence[Line], stray: Sequence[Block]) -> Iterator[str]:
    """Sentences about text that belongs to no document, besides running headers and page numbers."""
    front = [line for line in lines if line.front]
    if front:
        yield both(
            f"开头{len(front)}行（封面、目录）没有归入任何文件。",
            f"The first {len(front)} lines (cover, contents) belong to no document.",
        )
    if stray:
        words = "；".join(block.first.text[:24] for block in stray[:4])
        count = sum(len(block.lines) for block in stray)
        yield both(
            f"末尾{count}行没有归入任何文件：{words}。", f"The last {count} lines belong to no document: {words}."
        )


def _document(source: SourceText, part: Part, taken: set[str], *, alone: bool) -> PolicyDocument:
    if source.media_type in _LAID_OUT:
        ordered, doubtful = in_reading_order(part.blocks, prose=part.prose)
    else:
        ordered, doubtful = [Ordered(block, 1.0) for block in part.blocks], ()
    lines = [line for block in (*part.head, *(item.block for item in ordered)) for line in block.lines]
    facts = describe(part.title, lines, headline=part.prose, card=source.metadata if alone else {})
    outline = Outline(part.title, part.blocks, prose=part.prose)
    outline.add_title(part.head)
    outline.add(ordered)
    doc_id = _fresh_id(source.name, facts.title, facts.own_number, taken)
    nodes = without_overrun(outline.nodes) if part.prose else outline.nodes
    clauses = to_clauses(doc_id, source, split_topics(nodes))
    document = PolicyDocument(
        doc_id=doc_id,
        title=facts.title,
        source=source.name,
        kind=facts.kind,
        status=facts.status,
        number=facts.number,
        issuers=facts.issuers,
        aliases=facts.aliases,
        region=facts.region,
        issued_on=facts.issued_on,
        effective_on=facts.effective_on,
        expires_on=facts.expires_on,
        clauses=clauses,
        missing=missing_labels(clauses),
    )
    head = "\n".join(line.text for line in lines[:_HEAD_LINES])
    return replace(
        document,
        warnings=warnings_of(document, doubtful),
        endings=endings_of(document),
        revised_on=facts.amended_on or revised_on(head),
    )


def _fresh_id(name: str, title: str, number: str | None, taken: set[str]) -> str:
    """An id made of the file's name and the document's title and number; of a repeated title the n-th gets its n."""
    count = 1
    doc_id = short_hash(name, title, number or "", size=10)
    while doc_id in taken:
        count += 1
        doc_id = short_hash(name, title, number or "", str(count), size=10)
    taken.add(doc_id)
    return doc_id
