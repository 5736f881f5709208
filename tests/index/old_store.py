"""Stores of earlier formats, written as those versions wrote them."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from index import codec
from index.prepare import content_hash
from index.types import Feedback
from ingest.model import ParsedFile
from ingest.pipeline import parse_bytes

_TABLES = """
PRAGMA application_id=1347374161; PRAGMA journal_mode=WAL;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    file_key INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, content_hash TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, ingested_at TEXT NOT NULL, {clauses} warnings TEXT NOT NULL, source BLOB NOT NULL,
    original BLOB NOT NULL
);
CREATE TABLE documents (
    doc_key INTEGER PRIMARY KEY AUTOINCREMENT, file_key INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE, title_key TEXT NOT NULL, number_key TEXT, kind TEXT NOT NULL, status TEXT NOT NULL,
    region TEXT, issued_on TEXT, effective_on TEXT, expires_on TEXT, record TEXT NOT NULL, clauses_crc INTEGER NOT NULL
);
CREATE TABLE clauses (
    clause_key INTEGER PRIMARY KEY AUTOINCREMENT, doc_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    clause_id TEXT NOT NULL UNIQUE, label TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE feedback (feedback_key INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL);
"""
INGESTED_AT = "2031-02-03T04:05:06+00:00"


def write_old(
    folder: Path, version: int, files: Sequence[tuple[str, bytes]], feedback: Sequence[Feedback] = (), without: str = ""
) -> None:
    """A store of format 2 or 3 that holds those files less the document ``without``; its derived files are gone."""
    folder.mkdir(parents=True)
    counts = version >= 3
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as connection:
        connection.executescript(_TABLES.format(clauses="clauses INTEGER NOT NULL," if counts else ""))
        connection.execute(f"PRAGMA user_version={version}")
        facts = {"generation": "7", "epoch": "3", "rows": "0", "encoder": "terms", "dense_kind": "auto"}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        for name, data in files:
            _write_file(connection, name, data, counts, without)
        rows = ((codec.dump(said),) for said in feedback)
        connection.executemany("INSERT INTO feedback (record) VALUES (?)", rows)
        connection.commit()


def _read(name: str, data: bytes) -> ParsedFile:
    """What a version found in the file that also read plain texts of any other ending."""
    if name.endswith(".txt"):
        return parse_bytes(name, data)
    found = parse_bytes(name + ".txt", data)
    documents = tuple(dataclasses.replace(document, source=name) for document in found.documents)
    return ParsedFile(dataclasses.replace(found.source, name=name), documents)


def _write_file(connection: sqlite3.Connection, name: str, data: bytes, counts: bool, without: str) -> None:
    parsed = _read(name, data)
    clauses = sum(len(document.clauses) for document in parsed.documents)
    row = (name, content_hash(data), len(data), INGESTED_AT, *([clauses] if counts else []), json.dumps([]))
    blobs = (zlib.compress(codec.dump(parsed.source).encode()), zlib.compress(data))
    marks = ", ".join("?" * (len(row) + 3))
    file_key = connection.execute(f"INSERT INTO files VALUES ({marks})", (None, *row, *blobs)).lastrowid
    for document in parsed.documents:
        if document.doc_id == without:
            continue
        record = codec.dump(dataclasses.replace(document, clauses=()))
        doc_key = connection.execute(
            "INSERT INTO documents VALUES (NULL, ?, ?, ?, NULL, 'other', 'in_force', NULL, NULL, NULL, NULL, ?, 0)",
            (file_key, document.doc_id, document.title, record),
        ).lastrowid
        connection.executemany(
            "INSERT INTO clauses VALUES (NULL, ?, ?, ?, ?)",
            ((doc_key, clause.clause_id, clause.label, codec.dump(clause)) for clause in document.clauses),
        )
