"""What the catalogue's tables hold, read and written as the types that other rooms know."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index import codec
from index.errors import StoreError
from index.tokens import normal
from ingest.model import Clause, ParsedFile, PolicyDocument

_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file in the store: what it was called, a fingerprint of its bytes, and the documents found in it."""

    name: str
    content_hash: str
    size_bytes: int
    doc_ids: tuple[str, ...]
    ingested_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a file was put: its key, and each clause's key beside the clause and its document, in order."""

    file_key: int
    clauses: tuple[tuple[int, int, Clause, PolicyDocument], ...]
    """(document key, clause key, clause, document)."""


def content_hash(raw: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def checksum(lines: Iterable[str]) -> int:
    """CRC-32 over lines of a catalogue, as stored beside them."""
    crc = 0
    for line in lines:
        crc = zlib.crc32(line.encode(), crc)
    return crc


def name_key(text: str) -> str:
    """A title, name or number for comparing: normal form without any punctuation, brackets and spaces included."""
    return _NOT_WORD.sub("", normal(text))


def insert_file(connection: sqlite3.Connection, parsed: ParsedFile, raw: bytes) -> Stored:
    """Writes a file with its documents and clauses. Raises StoreError where an id is taken by another file."""
    file_key = connection.execute(
        "INSERT INTO files (name, content_hash, size_bytes, ingested_at, warnings, source, original)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            parsed.source.name,
            content_hash(raw),
            len(raw),
            datetime.now(UTC).isoformat(timespec="seconds"),
            json.dumps(list(parsed.warnings), ensure_ascii=False),
            zlib.compress(codec.dump(parsed.source).encode()),
            zlib.compress(raw),
        ),
    ).lastrowid
    assert file_key is not None
    placed: list[tuple[int, int, Clause, PolicyDocument]] = []
    for document in parsed.documents:
        lines = [codec.dump(clause) for clause in document.clauses]
        doc_key = _insert_document(connection, file_key, document, checksum(lines))
        (last,) = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'clauses'"
        ).fetchone()
        keys = range(last + 1, last + 1 + len(document.clauses))
        connection.executemany(
            "INSERT INTO clauses (clause_key, doc_key, clause_id, label, record) VALUES (?, ?, ?, ?, ?)",
            (
                (key, doc_key, clause.clause_id, clause.label, line)
                for key, clause, line in zip(keys, document.clauses, lines, strict=True)
            ),
        )
        placed.extend((doc_key, key, c, document) for key, c in zip(keys, document.clauses, strict=True))
    return Stored(file_key, tuple(placed))


def _insert_document(connection: sqlite3.Connection, file_key: int, document: PolicyDocument, clauses_crc: int) -> int:
    taken = connection.execute(
        "SELECT files.name FROM documents JOIN files USING (file_key) WHERE doc_id = ?", (document.doc_id,)
    ).fetchone()
    if taken:
        raise StoreError(
            f"{document.source}: its document 《{document.title}》 has the id {document.doc_id}, which a document of "
            f"{taken[0]} already has; remove that file first or rename one of the two"
        )
    doc_key = connection.execute(
        "INSERT INTO documents (file_key, doc_id, title_key, number_key, kind, status, region, issued_on, effective_on,"
        " expires_on, record, clauses_crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            file_key,
            document.doc_id,
            name_key(document.title),
            name_key(document.number) if document.number else None,
            document.kind.value,
            document.status.value,
            document.region,
            _iso(document.issued_on),
            _iso(document.effective_on),
            _iso(document.expires_on),
            codec.dump(dataclasses.replace(document, clauses=())),
            clauses_crc,
        ),
    ).lastrowid
    assert doc_key is not None
    connection.executemany(
        "INSERT OR IGNORE INTO issuers VALUES (?, ?)", ((doc_key, name) for name in document.issuers)
    )
    connection.executemany(
        "INSERT OR IGNORE INTO aliases VALUES (?, ?)", ((doc_key, name_key(name)) for name in document.aliases)
    )
    return doc_key


def _iso(day: object) -> str | None:
    return day.isoformat() if day is not None else None  # type: ignore[attr-defined]


def delete_documents(connection: sqlite3.Connection, doc_keys: Iterable[int]) -> None:
    """Takes documents out with their clauses and passages; the passages' rows are noted as dead."""
    for key in doc_keys:
        rows = connection.execute(
            "SELECT row FROM passages JOIN clauses USING (clause_key) WHERE doc_key = ? ORDER BY row", (key,)
        ).fetchall()
        connection.executemany("INSERT INTO dead_rows VALUES (?, ?)", _ranges([row for (row,) in rows]))
        connection.execute("DELETE FROM documents WHERE doc_key = ?", (key,))


def delete_file(connection: sqlite3.Connection, file_key: int) -> None:
    """Takes a file out with everything that was found in it."""
    keys = connection.execute("SELECT doc_key FROM documents WHERE file_key = ?", (file_key,)).fetchall()
    delete_documents(connection, (key for (key,) in keys))
    connection.execute("DELETE FROM files WHERE file_key = ?", (file_key,))


def _ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, stop) ranges."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row:
            found[-1] = (found[-1][0], row + 1)
        else:
            found.append((row, row + 1))
    return found
