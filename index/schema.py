"""The tables of the catalogue. A change here is another format: count FORMAT up, and `index.older` reads the old one.

Every row ends in its seal, `index.seals.seal` of the other columns in their order; in ``files`` of all but the two
blobs, of which ``source_crc`` and ``content_hash`` are the checksums.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

FORMAT = 4
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, seal INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    file_key INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    ingested_at TEXT NOT NULL,
    clauses INTEGER NOT NULL,
    warnings TEXT NOT NULL,
    source BLOB NOT NULL,
    source_crc INTEGER NOT NULL,
    original BLOB NOT NULL,
    seal INTEGER NOT NULL
);
CREATE TABLE documents (
    doc_key INTEGER PRIMARY KEY AUTOINCREMENT,
    file_key INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    title_key TEXT NOT NULL,
    number_key TEXT,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    region TEXT,
    issued_on TEXT,
    effective_on TEXT,
    expires_on TEXT,
    record TEXT NOT NULL,
    clauses_crc INTEGER NOT NULL,
    seal INTEGER NOT NULL
);
CREATE TABLE removed (
    file_key INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    doc_id TEXT NOT NULL,
    seal INTEGER NOT NULL
);
CREATE INDEX removed_file ON removed (file_key);
CREATE INDEX documents_file ON documents (file_key);
CREATE INDEX documents_title ON documents (title_key);
CREATE INDEX documents_number ON documents (number_key);
CREATE INDEX documents_kind ON documents (kind);
CREATE INDEX documents_region ON documents (region);
CREATE INDEX documents_dates ON documents (effective_on, expires_on);
CREATE TABLE issuers (
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    seal INTEGER NOT NULL,
    PRIMARY KEY (issuer, doc_key)
) WITHOUT ROWID;
CREATE INDEX issuers_document ON issuers (doc_key);
CREATE TABLE aliases (
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    alias_key TEXT NOT NULL,
    seal INTEGER NOT NULL,
    PRIMARY KEY (alias_key, doc_key)
) WITHOUT ROWID;
CREATE INDEX aliases_document ON aliases (doc_key);
CREATE TABLE clauses (
    clause_key INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    clause_id TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    record TEXT NOT NULL,
    seal INTEGER NOT NULL
);
CREATE INDEX clauses_document ON clauses (doc_key);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,
    clause_key INTEGER NOT NULL REFERENCES clauses ON DELETE CASCADE,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    seal INTEGER NOT NULL
);
CREATE INDEX passages_clause ON passages (clause_key);
CREATE TABLE batches (
    first INTEGER PRIMARY KEY,
    stop INTEGER NOT NULL,
    vectors_crc INTEGER NOT NULL,
    keys_crc INTEGER NOT NULL,
    seal INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE dead_rows (
    first INTEGER PRIMARY KEY,
    stop INTEGER NOT NULL,
    seal INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE endings (
    doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    target_key TEXT NOT NULL,
    status TEXT NOT NULL,
    on_day TEXT,
    seal INTEGER NOT NULL
);
CREATE INDEX endings_target ON endings (target_key);
CREATE INDEX endings_document ON endings (doc_key);
CREATE TABLE editions (
    doc_key INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    edition_key TEXT NOT NULL,
    seal INTEGER NOT NULL
);
CREATE INDEX editions_key ON editions (edition_key);
CREATE TABLE feedback (
    feedback_key INTEGER PRIMARY KEY AUTOINCREMENT,
    record TEXT NOT NULL,
    seal INTEGER NOT NULL
);
"""


def _made() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


@cache
def statements() -> frozenset[tuple[str, str | None]]:
    """Name and statement of every table and index as SQLite keeps them in ``sqlite_master``."""
    with closing(_made()) as connection:
        return frozenset(connection.execute("SELECT name, sql FROM sqlite_master").fetchall())


@cache
def sealed_columns() -> dict[str, tuple[str, ...]]:
    """For each table the columns that its seal covers, and the seal."""
    with closing(_made()) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {
            table: tuple(
                column
                for (column,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
                if column not in ("source", "original")
            )
            for (table,) in tables.fetchall()
        }
