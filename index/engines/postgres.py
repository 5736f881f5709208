"""A part of a store in PostgreSQL with pgvector: every change is one transaction, every reader sees one state."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from index.engines.bm25 import K1, B, file_key, pack
from index.engines.postgres_connection import Connection, Connections, half, sparse
from index.engines.postgres_schema import CREATE, HNSW, SCHEMA, TERM_NUMBERS, term_number
from index.engines.postgres_view import PostgresView
from index.engines.shard import Facts, View
from index.errors import StoreError
from index.prepare import ReadyDocument, ReadyFile, warnings_line
from index.types import FileChange

T = TypeVar("T")
_AVERAGE_TERMS = 400
"""Terms of a passage, about, which only decides which passages come back from the server: scores are counted anew."""
_INDEXED_PASSAGES = 50_000
"""From here on vectors get an HNSW index; below, each is compared (some 20 ms), which finds exactly the nearest."""


class PostgresShard:
    """One database."""

    def __init__(self, uri: str, token: str | None = None) -> None:
        self._connections = Connections(uri, token)
        self.address = self._connections.address

    def facts(self) -> Facts | None:
        """What the database keeps about its part; None where it holds none."""
        with self._connections.reading() as connection:
            found = connection.execute(f"SELECT to_regclass('{SCHEMA}.facts')").fetchone()
            if found is None or found[0] is None:
                return None
            held = dict(connection.execute("SELECT key, value FROM facts").fetchall())
        return Facts(
            library=held["library"],
            part=int(held["part"]),
            parts=int(held["parts"]),
            encoder=held["encoder"],
            encoder_revision=held["encoder_revision"],
            dim=int(held["dim"]),
            format=int(held["format"]),
        )

    def dimension(self) -> int | None:
        """Numbers in a vector of the table ``passages``; None where there is none."""
        with self._connections.reading() as connection:
            found = connection.execute(
                "SELECT atttypmod FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'embedding'",
                (f"{SCHEMA}.passages",),
            ).fetchone()
        return None if found is None else int(found[0])

    def create(self, facts: Facts) -> None:
        """Makes the tables, where another process hasn't just done so. Raises StoreError where that isn't allowed."""
        with self._connections.writing() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA,))
            made = connection.execute(f"SELECT to_regclass('{SCHEMA}.facts')").fetchone()
            if made is not None and made[0] is not None:
                return
            available = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'").fetchone()
            if available is None:
                raise StoreError(
                    f"{self.address} lacks the extension pgvector (0.8 or later): install it on the server"
                )
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            connection.execute(
                "SELECT set_config('search_path', current_setting('search_path') || ', ' || quote_ident(nspname), true)"
                " FROM pg_extension JOIN pg_namespace ON extnamespace = pg_namespace.oid WHERE extname = 'vector'"
            )
            connection.execute(CREATE.format(dim=facts.dim, terms=TERM_NUMBERS))
            for name in ("library", "part", "parts", "encoder", "encoder_revision", "dim", "format"):
                connection.execute("INSERT INTO facts VALUES (%s, %s)", (name, str(getattr(facts, name))))
        self._connections.drop_idle()

    def generation(self) -> int:
        """Counts commits."""
        with self._connections.reading() as connection:
            found = connection.execute("SELECT value FROM facts WHERE key = 'generation'").fetchone()
        if found is None:
            raise StoreError(f"{self.address} no longer holds the store: open it anew")
        return int(found[0])

    def read(self, work: Callable[[View], T]) -> T:
        """What ``work`` makes of one state."""
        with self._connections.reading() as connection:
            return work(PostgresView(connection))

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in, each in place of what its name held, in one transaction. Raises StoreError."""
        with self._connections.writing() as connection:
            # Two processes that put the same file wait for each other here; in order, so that neither waits for ever.
            for key in sorted(file_key(file.name) for file in files):
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (key,))
            changes = [_put(connection, file) for file in files]
            _next_generation(connection)
        self._grow()
        return changes

    def remove(self, doc_id_or_file: str) -> tuple[str, ...] | None:
        """Takes out one document, or all of a file, in one transaction."""
        with self._connections.writing() as connection:
            for condition in ("doc_id = %s", "name = %s"):
                found = connection.execute(
                    "SELECT file_key, doc_key, doc_id FROM files LEFT JOIN documents USING (file_key)"
                    f" WHERE {condition} ORDER BY doc_key",
                    (doc_id_or_file,),
                ).fetchall()
                if found:
                    break
            else:
                return None
            connection.execute("DELETE FROM documents WHERE doc_key = ANY(%s)", ([key for _, key, _ in found],))
            connection.execute(
                "DELETE FROM files WHERE file_key = %s AND NOT EXISTS"
                " (SELECT 1 FROM documents WHERE documents.file_key = files.file_key)",
                (found[0][0],),
            )
            _next_generation(connection)
        return tuple(doc_id for _, _, doc_id in found if doc_id)

    def record_feedback(self, line: str) -> None:
        """Keeps what a reader thought."""
        with self._connections.writing() as connection:
            connection.execute("INSERT INTO feedback (record) VALUES (%s)", (line,))

    def close(self) -> None:
        """Closes the connections."""
        self._connections.close()

    def _grow(self) -> None:
        """Makes the vector index once it pays; readers and writers go on meanwhile."""
        with self._connections.reading() as connection:
            found = connection.execute(
                f"SELECT coalesce(sum(passages), 0), to_regclass('{SCHEMA}.passages_hnsw') FROM files"
            ).fetchone()
        if found is None or found[0] < _INDEXED_PASSAGES or found[1] is not None:
            return
        with self._connections.explained():
            connection = self._connections.connect()
            try:
                connection.execute("SET statement_timeout = 0")
                # One process makes it; the others leave it alone.
                mine = connection.execute("SELECT pg_try_advisory_lock(hashtext('passages_hnsw'))").fetchone()
                if mine is not None and mine[0]:
                    connection.execute(HNSW)
            finally:
                connection.close()


def _next_generation(connection: Connection) -> None:
    """Counts the change. Last in a transaction: others that want to commit wait for this row."""
    connection.execute("UPDATE facts SET value = (value::bigint + 1)::text WHERE key = 'generation'")


def _put(connection: Connection, file: ReadyFile) -> FileChange:
    key = file_key(file.name)
    removed = connection.execute("SELECT doc_id FROM documents WHERE file_key = %s ORDER BY doc_key", (key,)).fetchall()
    connection.execute("DELETE FROM files WHERE file_key = %s", (key,))
    connection.execute(
        "INSERT INTO files VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            key,
            file.name,
            secrets.randbits(62),
            file.content_hash,
            file.size_bytes,
            datetime.now(UTC).isoformat(timespec="seconds"),
            file.clauses,
            len(file.passages),
            sum(passage.terms.count(" ") + 1 for passage in file.passages if passage.terms),
            warnings_line(file.warnings),
            pack(passage.terms for passage in file.passages),
            file.source,
            file.original,
        ),
    )
    counts = Counter(passage.clause_id for passage in file.passages)
    places: dict[str, tuple[int, int]] = {}
    for document in file.documents:
        places |= _put_document(connection, key, document, sum(counts[c.clause_id] for c in document.clauses))
    _put_passages(connection, file, places)
    return FileChange(file.name, tuple(d.doc_id for d in file.documents), tuple(i for (i,) in removed), file.clauses)


def _put_document(
    connection: Connection, key: int, document: ReadyDocument, passages: int
) -> dict[str, tuple[int, int]]:
    """Clause id → (document key, clause key)."""
    found = connection.execute(
        "INSERT INTO documents (file_key, doc_id, title_key, number_key, kind, status, region, issued_on, effective_on,"
        " expires_on, passages, clauses_crc, edition_key, endings, record)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING doc_key",
        (
            key,
            document.doc_id,
            document.title_key,
            document.number_key,
            document.kind,
            document.status,
            document.region,
            *document.dates,
            passages,
            document.clauses_crc,
            document.edition_key,
            json.dumps(document.endings, ensure_ascii=False),
            document.record,
        ),
    ).fetchone()
    assert found is not None
    (doc_key,) = found
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO issuers VALUES (%s, %s)", [(name, doc_key) for name in dict.fromkeys(document.issuers)]
        )
        cursor.executemany(
            "INSERT INTO aliases VALUES (%s, %s)", [(name, doc_key) for name in dict.fromkeys(document.alias_keys)]
        )
        with cursor.copy("COPY clauses (doc_key, clause_id, position, label, record) FROM STDIN") as copy:
            for position, clause in enumerate(document.clauses):
                copy.write_row((doc_key, clause.clause_id, position, clause.label, clause.record))
    rows = connection.execute("SELECT clause_id, clause_key FROM clauses WHERE doc_key = %s", (doc_key,))
    return {clause_id: (doc_key, clause_key) for clause_id, clause_key in rows}


def _put_passages(connection: Connection, file: ReadyFile, places: dict[str, tuple[int, int]]) -> None:
    if not file.passages:
        return
    rows = connection.execute(
        "SELECT nextval('passage_keys') FROM generate_series(1, %s)", (len(file.passages),)
    ).fetchall()
    keys = [key for (key,) in rows]
    with connection.cursor() as cursor:
        with cursor.copy("COPY passages FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "int8", "int8", "int4", "int4", "halfvec"])
            for key, passage, vector in zip(keys, file.passages, file.vectors, strict=True):
                doc_key, clause_key = places[passage.clause_id]
                copy.write_row((key, doc_key, clause_key, passage.start, passage.stop, half(vector)))
        with cursor.copy("COPY words FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "int8", "text", "sparsevec"])
            for key, passage in zip(keys, file.passages, strict=True):
                copy.write_row((key, places[passage.clause_id][0], passage.terms, sparse(_weights(passage.terms))))


def _weights(terms: str) -> dict[int, float]:
    """What each term of a passage counts for in BM25, before it is weighed by how rare it is, by term number."""
    held = terms.split()
    base = K1 * (1 - B + B * len(held) / _AVERAGE_TERMS)
    return {term_number(term): count * (K1 + 1) / (count + base) for term, count in Counter(held).items()}
