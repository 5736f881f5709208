"""Rows of the catalogue's tables, written and deleted; `index.reading` reads them back."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from index import seals, validity
from index.errors import StoreError
from index.prepare import ReadyDocument, ReadyFile, content_hash, warnings_line
from index.seals import DOCUMENT_WIDTH, intact, seal, sealed
from index.types import StoredFile

__all__ = ["Places", "StoredFile", "content_hash", "delete_documents", "delete_file", "insert_file"]

Places = dict[str, tuple[int, int]]
"""Clause id → (document key, clause key)."""


def insert_file(connection: sqlite3.Connection, file: ReadyFile, first_row: int) -> Places:
    """Writes a file with its documents, clauses and passages, whose rows count up from ``first_row``.

    Where each clause was put. Raises StoreError where an id is taken by another file.
    """
    file_key = _next_key(connection, "files")
    facts = (
        file_key,
        file.name,
        file.content_hash,
        file.size_bytes,
        file.ingested_at or datetime.now(UTC).isoformat(timespec="seconds"),
        file.clauses,
        warnings_line(file.warnings),
    )
    crc = zlib.crc32(file.source)
    connection.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*facts, file.source, crc, file.original, seal(*facts, crc)),
    )
    connection.executemany("INSERT INTO removed VALUES (?, ?, ?)", (sealed(file_key, gone) for gone in file.removed))
    places: Places = {}
    for document in file.documents:
        doc_key = _insert_document(connection, file_key, file.name, document)
        first = _next_key(connection, "clauses")
        connection.executemany(
            "INSERT INTO clauses VALUES (?, ?, ?, ?, ?, ?)",
            (
                sealed(key, doc_key, clause.clause_id, clause.label, clause.record)
                for key, clause in enumerate(document.clauses, first)
            ),
        )
        places.update((clause.clause_id, (doc_key, key)) for key, clause in enumerate(document.clauses, first))
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
        (sealed(row, places[p.clause_id][1], p.start, p.stop) for row, p in enumerate(file.passages, first_row)),
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
    doc_key = _next_key(connection, "documents")
    connection.execute(
        f"INSERT INTO documents VALUES ({', '.join('?' * DOCUMENT_WIDTH)})",  # noqa: S608
        sealed(
            doc_key,
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
    )
    connection.executemany(
        "INSERT OR IGNORE INTO issuers VALUES (?, ?, ?)", (sealed(doc_key, name) for name in document.issuers)
    )
    connection.executemany(
        "INSERT INTO aliases VALUES (?, ?, ?)", (sealed(doc_key, key) for key in document.alias_keys)
    )
    validity.note(connection, doc_key, document)
    return doc_key


def insert_feedback(connection: sqlite3.Connection, record: str) -> None:
    """Keeps what a reader said; ``record`` is its JSON."""
    connection.execute("INSERT INTO feedback VALUES (?, ?, ?)", sealed(_next_key(connection, "feedback"), record))


def delete_documents(connection: sqlite3.Connection, doc_keys: Iterable[int]) -> None:
    """Takes documents out with their clauses and passages; the passages' rows are noted as dead."""
    for key in doc_keys:
        held = connection.execute(
            "SELECT row, clause_key, start, stop, passages.seal FROM passages JOIN clauses USING (clause_key)"
            " WHERE doc_key = ? ORDER BY row",
            (key,),
        )
        rows = _ranges([intact("passages", *row)[0] for row in held])
        connection.executemany("INSERT INTO dead_rows VALUES (?, ?, ?)", (sealed(*part) for part in rows))
        connection.execute("DELETE FROM documents WHERE doc_key = ?", (key,))


def delete_file(connection: sqlite3.Connection, file_key: int) -> None:
    """Takes a file out with everything that was found in it."""
    keys = connection.execute("SELECT doc_key FROM documents WHERE file_key = ?", (file_key,)).fetchall()
    delete_documents(connection, (key for (key,) in keys))
    connection.execute("DELETE FROM files WHERE file_key = ?", (file_key,))


def _next_key(connection: sqlite3.Connection, table: str) -> int:
    """The key that the next row of a table gets: one that no row ever had, so that no row index means another one."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) + 1 if found else 1


def note_removed(connection: sqlite3.Connection, file_key: int, doc_ids: Sequence[str]) -> None:
    """Takes a file out that has no documents any more; else counts its clauses anew and notes what went of it.

    The file still holds that, and reading it again must not bring it back.
    """
    if connection.execute("SELECT 1 FROM documents WHERE file_key = ?", (file_key,)).fetchone() is None:
        connection.execute("DELETE FROM files WHERE file_key = ?", (file_key,))
        return
    connection.executemany("INSERT INTO removed VALUES (?, ?, ?)", (sealed(file_key, doc_id) for doc_id in doc_ids))
    (clauses,) = connection.execute(
        "SELECT count(*) FROM clauses JOIN documents USING (doc_key) WHERE file_key = ?", (file_key,)
    ).fetchone()
    query = f"SELECT {seals.FILE} FROM files WHERE file_key = ?"  # noqa: S608
    row = list(intact("files", *connection.execute(query, (file_key,)).fetchone()))
    row[5] = clauses
    connection.execute("UPDATE files SET clauses = ?, seal = ? WHERE file_key = ?", (clauses, seal(*row), file_key))


def _ranges(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, stop) ranges."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row:
            found[-1] = (found[-1][0], row + 1)
        else:
            found.append((row, row + 1))
    return found
