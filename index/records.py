"""Rows of the catalogue's tables, written and deleted; `index.reading` reads them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from index import validity
from index.errors import StoreError
from index.prepare import ReadyDocument, ReadyFile, content_hash, warnings_line
from index.types import StoredFile

__all__ = ["Places", "StoredFile", "content_hash", "delete_documents", "delete_file", "insert_file"]

Places = dict[str, tuple[int, int]]
"""Clause id → (document key, clause key)."""


def insert_file(connection: sqlite3.Connection, file: ReadyFile, first_row: int) -> Places:
    """Writes a file with its documents, clauses and passages, whose rows count up from ``first_row``.

    Where each clause was put. Raises StoreError where an id is taken by another file.
    """
    file_key = connection.execute(
        "INSERT INTO files (name, content_hash, size_bytes, ingested_at, clauses, warnings, source, original)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            file.name,
            file.content_hash,
            file.size_bytes,
            datetime.now(UTC).isoformat(timespec="seconds"),
            file.clauses,
            warnings_line(file.warnings),
            file.source,
            file.original,
        ),
    ).lastrowid
    assert file_key is not None
    places: Places = {}
    for document in file.documents:
        doc_key = _insert_document(connection, file_key, file.name, document)
        (last,) = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'clauses'"
        ).fetchone()
        connection.executemany(
            "INSERT INTO clauses (clause_key, doc_key, clause_id, label, record) VALUES (?, ?, ?, ?, ?)",
            (
                (key, doc_key, clause.clause_id, clause.label, clause.record)
                for key, clause in enumerate(document.clauses, last + 1)
            ),
        )
        places.update((clause.clause_id, (doc_key, key)) for key, clause in enumerate(document.clauses, last + 1))
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?)",
        ((row, places[p.clause_id][1], p.start, p.stop) for row, p in enumerate(file.passages, first_row)),
    )
    return places


def _insert_document(connection: sqlite3.Connection, file_key: int, name: str, document: ReadyDocument) -> int:
    taken = connection.execute(
        "SELECT files.name FROM documents JOIN files USING (file_key) WHERE doc_id = ?", (document.doc_id,)
    ).fetchone()
    if taken:
        raise StoreError(
            f"{name}: its document 《{document.title}》 has the id {document.doc_id}, which a document of "
            f"{taken[0]} already has; remove that file first or rename one of the two"
        )
    doc_key = connection.execute(
        "INSERT INTO documents (file_key, doc_id, title_key, number_key, kind, status, region, issued_on, effective_on,"
        " expires_on, record, clauses_crc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            file_key,
            document.doc_id,
            document.title_key,
            document.number_key,
            document.kind,
            document.status,
            document.region,
            *document.dates,
            document.record,
            document.clauses_crc,
        ),
    ).lastrowid
    assert doc_key is not None
    connection.executemany(
        "INSERT OR IGNORE INTO issuers VALUES (?, ?)", ((doc_key, name) for name in document.issuers)
    )
    connection.executemany("INSERT INTO aliases VALUES (?, ?)", ((doc_key, key) for key in document.alias_keys))
    validity.note(connection, doc_key, document)
    return doc_key


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
