"""Files → documents with clause trees: the one way into this package."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import ReadError
from ingest.furniture import mark_furniture
from ingest.lines import Line, to_lines
from ingest.metadata import describe
from ingest.model import ParsedFile, PolicyDocument, SourceText
from ingest.outline import build_nodes, short_hash, to_clauses
from ingest.plain import read_bytes
from ingest.split import Part, split_documents


def parse_file(path: Path) -> ParsedFile:
    """The documents in the file at ``path``. Raises ReadError where it cannot be read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(path.name, "there is no such file", "Check the path") from error
    except OSError as error:
        raise ReadError(
            path.name, f"it cannot be opened ({error.strerror})", "Check the path and its permissions"
        ) from error
    return parse_bytes(path.name, data)


def parse_bytes(name: str, data: bytes) -> ParsedFile:
    """The documents in a file's bytes; ``name`` gives the format by its ending. Raises ReadError."""
    return parse_source(read_bytes(name, data))


def parse_source(source: SourceText) -> ParsedFile:
    """The documents in a text that a reader has extracted. Never raises for any text."""
    lines = mark_furniture(to_lines(source))
    parts = split_documents(source, lines)
    taken: set[str] = set()
    documents = tuple(_document(source, part, taken) for part in parts)
    return ParsedFile(source=source, documents=documents, warnings=source.warnings)


def _document(source: SourceText, part: Part, taken: set[str]) -> PolicyDocument:
    facts = describe(part)
    count = 1
    doc_id = short_hash(source.name, facts.title, facts.number or "", size=10)
    while doc_id in taken:
        count += 1
        doc_id = short_hash(source.name, facts.title, facts.number or "", str(count), size=10)
    taken.add(doc_id)
    pages = {line.span: line.page for line in part.lines}
    nodes = build_nodes(list(part.lines))
    return PolicyDocument(
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
        clauses=to_clauses(doc_id, source, nodes, pages),
    )


def body_lines(part: Part) -> list[Line]:
    """The lines of a part that are no furniture."""
    return [line for line in part.lines if not line.furniture]
