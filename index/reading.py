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

from index import codec, validity
from index.errors import UnknownDocumentError
from index.links import linked
from index.types import StoredFile
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

_IDS_AT_ONCE = 500


def stored_files(connection: sqlite3.Connection) -> tuple[StoredFile, ...]:
    """The files in the store, by name."""
    ids: dict[int, list[str]] = {}
    for file_key, doc_id in connection.execute("SELECT file_key, doc_id FROM documents ORDER BY doc_key"):
        ids.setdefault(file_key, []).append(doc_id)
    found = connection.execute(
        "SELECT file_key, name, content_hash, size_bytes, ingested_at, warnings, clauses FROM files ORDER BY name"
    )
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
        for key, name, digest, size, when, warnings, clauses in found
    )


def read_source(connection: sqlite3.Connection, name: str) -> SourceText:
    """The text that ingest extracted from the file of that name. Raises UnknownDocumentError."""
    return codec.load(SourceText, zlib.decompress(_file_column(connection, "source", name)))


def read_original(connection: sqlite3.Connection, name: str) -> bytes:
    """The bytes that were ingested under that name. Raises UnknownDocumentError."""
    return zlib.decompress(_file_column(connection, "original", name))


def file_key(connection: sqlite3.Connection, name: str) -> int:
    """The key of the file of that name. Raises UnknownDocumentError."""
    return int(_file_column(connection, "file_key", name))


def _file_column(connection: sqlite3.Connection, column: str, name: str) -> Any:
    found = connection.execute(f"SELECT {column} FROM files WHERE name = ?", (name,)).fetchone()  # noqa: S608
    if found is None:
        raise UnknownDocumentError(f"no file named {name} is in the store; policyqa outline lists what is")
    return found[0]


def read_document(connection: sqlite3.Connection, doc_id: str) -> PolicyDocument:
    """A document with its clauses. Raises UnknownDocumentError."""
    found = _row(connection, doc_id)
    clauses = connection.execute("SELECT record FROM clauses WHERE doc_key = ? ORDER BY clause_key", (found[0],))
    return dataclasses.replace(
        validity.document(*found[1:]),
        clauses=tuple(linked(connection, codec.load_kept(Clause, record)) for (record,) in clauses.fetchall()),
    )


def _row(connection: sqlite3.Connection, doc_id: str) -> tuple[int, str, str, str | None]:
    """(key, record, status, last day) of a document."""
    found: tuple[int, str, str, str | None] | None = connection.execute(
        "SELECT doc_key, record, status, expires_on FROM documents WHERE doc_id = ?", (doc_id,)
    ).fetchone()
    if found is None:
        raise UnknownDocumentError(f"no document has the id {doc_id}; policyqa outline lists those in the store")
    return found


def read_outline(connection: sqlite3.Connection, doc_id: str) -> tuple[tuple[str, str | None], ...]:
    """(clause id, id of the clause above) of each clause, in reading order. Raises UnknownDocumentError."""
    found = connection.execute(
        "SELECT clause_id, json_extract(record, '$.parent_id') FROM clauses WHERE doc_key = ? ORDER BY clause_key",
        (_row(connection, doc_id)[0],),
    )
    return tuple(found.fetchall())


def read_texts(connection: sqlite3.Connection, doc_id: str, most: int | None) -> tuple[str, ...]:
    """The texts of the first ``most`` clauses of a document, None: of all. Raises UnknownDocumentError."""
    found = connection.execute(
        "SELECT json_extract(record, '$.text') FROM clauses WHERE doc_key = ? ORDER BY clause_key LIMIT ?",
        (_row(connection, doc_id)[0], -1 if most is None else most),
    )
    return tuple(text for (text,) in found)


def read_clauses(connection: sqlite3.Connection, clause_ids: Sequence[str]) -> dict[str, Clause]:
    """The clauses of those ids by id, as many as there are."""
    found: dict[str, Clause] = {}
    for start in range(0, len(clause_ids), _IDS_AT_ONCE):
        wanted = list(clause_ids[start : start + _IDS_AT_ONCE])
        marks = ", ".join("?" * len(wanted))
        rows = connection.execute(f"SELECT record FROM clauses WHERE clause_id IN ({marks})", wanted)  # noqa: S608
        for (record,) in rows.fetchall():
            clause = linked(connection, codec.load_kept(Clause, record))
            found[clause.clause_id] = clause
    return found


def read_documents(connection: sqlite3.Connection, doc_keys: Sequence[int] | None) -> tuple[PolicyDocument, ...]:
    """The documents with those keys (None: all), without their clauses."""
    found = connection.execute("SELECT doc_key, record, status, expires_on FROM documents ORDER BY doc_key")
    wanted = None if doc_keys is None else set(doc_keys)
    return tuple(validity.document(*row) for key, *row in found if wanted is None or key in wanted)


def read_clause(connection: sqlite3.Connection, clause_id: str) -> tuple[Clause, PolicyDocument]:
    """A clause and its document. Raises UnknownDocumentError."""
    found = connection.execute(
        "SELECT clauses.record, documents.record, status, expires_on FROM clauses JOIN documents USING (doc_key)"
        " WHERE clause_id = ?",
        (clause_id,),
    ).fetchone()
    if found is None:
        raise UnknownDocumentError(f"no clause has the id {clause_id}; policyqa outline lists those in the store")
    return linked(connection, codec.load_kept(Clause, found[0])), validity.document(*found[1:])


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it was ingested, with the keys that its documents and clauses have in the catalogue."""

    file_key: int
    parsed: ParsedFile
    keys: dict[str, tuple[int, int]]
    """Clause id → (document key, clause key)."""


def read_file(connection: sqlite3.Connection, file_key: int) -> KeptFile:
    """Everything that ingest found in a file, less the documents that were removed from it since."""
    source, warnings = connection.execute(
        "SELECT source, warnings FROM files WHERE file_key = ?", (file_key,)
    ).fetchone()
    documents: list[PolicyDocument] = []
    keys: dict[str, tuple[int, int]] = {}
    for doc_key, record in connection.execute(
        "SELECT doc_key, record FROM documents WHERE file_key = ? ORDER BY doc_key", (file_key,)
    ).fetchall():
        clauses: list[Clause] = []
        for clause_key, line in connection.execute(
            "SELECT clause_key, record FROM clauses WHERE doc_key = ? ORDER BY clause_key", (doc_key,)
        ):
            clause = codec.load(Clause, line)
            clauses.append(clause)
            keys[clause.clause_id] = (doc_key, clause_key)
        documents.append(dataclasses.replace(codec.load(PolicyDocument, record), clauses=tuple(clauses)))
    parsed = ParsedFile(codec.load(SourceText, zlib.decompress(source)), tuple(documents), tuple(json.loads(warnings)))
    return KeptFile(file_key, parsed, keys)
