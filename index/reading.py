"""What the catalogue's tables hold, read back as the types that other rooms know."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index import codec, seals, validity
from index.errors import UnknownDocumentError
from index.links import linked
from index.prepare import content_hash
from index.seals import BrokenSealError, clause_rows, complete, intact
from index.types import Feedback, StoredFile
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

_IDS_AT_ONCE = 500


def stored_files(connection: sqlite3.Connection) -> tuple[StoredFile, ...]:
    """The files in the store, by name."""
    ids: dict[int, list[str]] = {}
    for row in connection.execute(f"SELECT {seals.DOCUMENT} FROM documents ORDER BY doc_key"):  # noqa: S608
        _, file_key, doc_id, *_ = intact("documents", *row)
        ids.setdefault(file_key, []).append(doc_id)
    found = (intact("files", *row) for row in connection.execute(f"SELECT {seals.FILE} FROM files ORDER BY name"))  # noqa: S608
    return tuple(
        StoredFile(
            name=name,
            content_hash=digest,
            size_bytes=size,
            doc_ids=tuple(ids.get(key, ())),
            ingested_at=datetime.fromisoformat(when),
            warnings=tuple(json.loads(warnings)),
            clauses=clauses,
        )
        for key, name, digest, size, when, clauses, warnings, _ in found
    )


def read_source(connection: sqlite3.Connection, name: str) -> SourceText:
    """The text that ingest extracted from the file of that name. Raises UnknownDocumentError."""
    return _source(*_file(connection, name, "source"))


def read_original(connection: sqlite3.Connection, name: str) -> bytes:
    """The bytes that were ingested under that name. Raises UnknownDocumentError."""
    facts, blob = _file(connection, name, "original")
    return original_bytes(name, facts[2], blob)


def original_bytes(name: str, digest: str, packed: bytes) -> bytes:
    """A file's own bytes from the column ``original``. Raises BrokenSealError where they don't have that hash."""
    try:
        found = zlib.decompress(packed)
    except zlib.error as error:
        raise BrokenSealError(f"what is kept of {name}: {error}") from error
    if content_hash(found) != digest:
        raise BrokenSealError(f"the bytes kept of {name} have another hash")
    return found


def file_key(connection: sqlite3.Connection, name: str) -> int:
    """The key of the file of that name. Raises UnknownDocumentError."""
    return int(_file(connection, name, "NULL")[0][0])


def _file(connection: sqlite3.Connection, name: str, blob: str) -> tuple[tuple[Any, ...], Any]:
    """The row of the file of that name, and one of its blobs."""
    found = connection.execute(f"SELECT {seals.FILE}, {blob} FROM files WHERE name = ?", (name,)).fetchone()  # noqa: S608
    if found is None:
        raise UnknownDocumentError(f"no file named {name} is in the store; policyqa outline lists what is")
    *row, content = found
    return intact("files", *row), content


def _source(facts: Sequence[Any], packed: bytes) -> SourceText:
    """The text in the column ``source`` of a file's row."""
    if zlib.crc32(packed) != facts[7]:
        raise BrokenSealError(f"the text kept of {facts[1]} has another checksum")
    return codec.load(SourceText, zlib.decompress(packed))


def read_document(connection: sqlite3.Connection, doc_id: str) -> PolicyDocument:
    """A document with its clauses. Raises UnknownDocumentError."""
    row = _document_row(connection, doc_id)
    clauses = clause_rows(connection, row)
    return dataclasses.replace(
        validity.document(row), clauses=tuple(linked(connection, seals.clause(*clause)) for clause in clauses)
    )


def _document_row(connection: sqlite3.Connection, doc_id: str) -> tuple[Any, ...]:
    """The row of a document, its seal behind it. Raises UnknownDocumentError."""
    found: tuple[Any, ...] | None = connection.execute(
        f"SELECT {seals.DOCUMENT} FROM documents WHERE doc_id = ?",  # noqa: S608
        (doc_id,),
    ).fetchone()
    if found is None:
        raise UnknownDocumentError(f"no document has the id {doc_id}; policyqa outline lists those in the store")
    intact("documents", *found)
    return found


def read_outline(connection: sqlite3.Connection, doc_id: str) -> tuple[tuple[str, str | None], ...]:
    """(clause id, id of the clause above) of each clause, in reading order. Raises UnknownDocumentError."""
    document = _document_row(connection, doc_id)
    found = connection.execute(
        "SELECT json_extract(record, '$.clause_id'), json_extract(record, '$.parent_id'), record"
        " FROM clauses WHERE doc_key = ? ORDER BY clause_key",
        (document[0],),
    ).fetchall()
    complete(document, (record for *_, record in found))
    return tuple((clause_id, parent_id) for clause_id, parent_id, _ in found)


def read_texts(connection: sqlite3.Connection, doc_id: str, most: int | None) -> tuple[str, ...]:
    """The texts of the first ``most`` clauses of a document, None: of all. Raises UnknownDocumentError."""
    document = _document_row(connection, doc_id)
    found = connection.execute(
        f"SELECT json_extract(record, '$.text'), {seals.CLAUSE} FROM clauses WHERE doc_key = ?"  # noqa: S608
        " ORDER BY clause_key LIMIT ?",
        (document[0], -1 if most is None else most),
    ).fetchall()
    if most is not None and len(found) == most:
        for _, *row in found:
            intact("clauses", *row)
        seals.from_the_first(connection, document, [row[1] for row in found])
    else:
        complete(document, (row[4] for _, *row in found))
    return tuple(text for text, *_ in found)


def read_clauses(connection: sqlite3.Connection, clause_ids: Sequence[str]) -> dict[str, Clause]:
    """The clauses of those ids by id, as many as there are."""
    found: dict[str, Clause] = {}
    for start in range(0, len(clause_ids), _IDS_AT_ONCE):
        wanted = list(clause_ids[start : start + _IDS_AT_ONCE])
        marks = ", ".join("?" * len(wanted))
        rows = connection.execute(f"SELECT {seals.CLAUSE} FROM clauses WHERE clause_id IN ({marks})", wanted)  # noqa: S608
        for row in rows.fetchall():
            clause = linked(connection, seals.clause(*row))
            found[clause.clause_id] = clause
    return found


def read_documents(connection: sqlite3.Connection, doc_keys: Sequence[int] | None) -> tuple[PolicyDocument, ...]:
    """The documents with those keys (None: all), without their clauses."""
    found = connection.execute(f"SELECT {seals.DOCUMENT} FROM documents ORDER BY doc_key")  # noqa: S608
    wanted = None if doc_keys is None else set(doc_keys)
    return tuple(validity.document(row) for row in found if wanted is None or row[0] in wanted)


def read_clause(connection: sqlite3.Connection, clause_id: str) -> tuple[Clause, PolicyDocument]:
    """A clause and its document. Raises UnknownDocumentError."""
    found = connection.execute(
        f"SELECT {seals.CLAUSE}, {seals.DOCUMENT} FROM clauses JOIN documents USING (doc_key) WHERE clause_id = ?",  # noqa: S608
        (clause_id,),
    ).fetchone()
    if found is None:
        raise UnknownDocumentError(f"no clause has the id {clause_id}; policyqa outline lists those in the store")
    row, document = found[: -seals.DOCUMENT_WIDTH], found[-seals.DOCUMENT_WIDTH :]
    return linked(connection, seals.clause(*row)), validity.document(document)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was ingested, with the keys that its documents and clauses have in the catalogue."""

    file_key: int
    parsed: ParsedFile
    keys: dict[str, tuple[int, int]]
    """Clause id → (document key, clause key)."""


def read_file(connection: sqlite3.Connection, file_key: int) -> KeptFile:
    """Everything that ingest found in a file, less the documents that were removed from it since."""
    query = f"SELECT {seals.FILE}, source FROM files WHERE file_key = ?"  # noqa: S608
    *row, source = connection.execute(query, (file_key,)).fetchone()
    facts = intact("files", *row)
    documents: list[PolicyDocument] = []
    keys: dict[str, tuple[int, int]] = {}
    for document in connection.execute(
        f"SELECT {seals.DOCUMENT} FROM documents WHERE file_key = ? ORDER BY doc_key",  # noqa: S608
        (file_key,),
    ).fetchall():
        clauses: list[Clause] = []
        for clause_row in clause_rows(connection, document):
            clause = seals.clause(*clause_row)
            clauses.append(clause)
            keys[clause.clause_id] = (document[0], clause_row[0])
        documents.append(dataclasses.replace(seals.document(*document), clauses=tuple(clauses)))
    if len(keys) != facts[5]:
        raise BrokenSealError(f"{facts[1]} has {len(keys)} clauses, and {facts[5]} were written")
    return KeptFile(file_key, ParsedFile(_source(facts, source), tuple(documents), tuple(json.loads(facts[6]))), keys)


def read_feedback(connection: sqlite3.Connection) -> tuple[Feedback, ...]:
    """Everything readers said, oldest first."""
    found = connection.execute("SELECT feedback_key, record, seal FROM feedback ORDER BY feedback_key")
    return tuple(codec.load(Feedback, intact("feedback", *row)[1]) for row in found)
