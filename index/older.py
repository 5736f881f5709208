"""What a catalogue of an earlier format, or a damaged one, keeps of the files that were read into it."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from index import codec
from index.errors import StoreError
from index.reading import original_bytes, read_file
from index.schema import FORMAT
from index.seals import BrokenSealError, intact
from index.types import Feedback
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

_COUNTS_CLAUSES = 3
"""From this format on a file's row says how many clauses were found in it."""


@dataclass(frozen=True, slots=True)
class OldFile:
    """A file in the catalogue; ``ingested_at`` in ISO form.

    ``held`` are the ids of its documents where some were removed and only these shall stay, None where all may;
    ``removed`` those that are known to have been taken out.
    """

    file_key: int
    name: str
    content_hash: str
    ingested_at: str
    held: tuple[str, ...] | None
    removed: tuple[str, ...] = ()

    def keeps(self, doc_id: str) -> bool:
        """Whether a document that is found in the file belongs into the store."""
        return doc_id not in self.removed and (self.held is None or doc_id in self.held)


def old_files(connection: sqlite3.Connection, version: int) -> list[OldFile]:
    """The files in a catalogue of that format, in the order in which they came. Raises sqlite3.Error."""
    found = connection.execute(
        "SELECT file_key, name, content_hash, ingested_at FROM files ORDER BY file_key"
    ).fetchall()
    return [
        OldFile(key, name, digest, when, *_taken_out(connection, version, key)) for key, name, digest, when in found
    ]


def _taken_out(
    connection: sqlite3.Connection, version: int, file_key: int
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """`OldFile.held` and `OldFile.removed` of a file."""
    if version >= FORMAT:
        rows = connection.execute("SELECT file_key, doc_id, seal FROM removed WHERE file_key = ?", (file_key,))
        return None, tuple(intact("removed", *row)[1] for row in rows)
    if version < _COUNTS_CLAUSES:
        return None, ()
    (gone,) = connection.execute(
        "SELECT clauses - (SELECT count(*) FROM clauses JOIN documents USING (doc_key) WHERE file_key = :key)"
        " FROM files WHERE file_key = :key",
        {"key": file_key},
    ).fetchone()
    if not gone:
        return None, ()
    ids = connection.execute("SELECT doc_id FROM documents WHERE file_key = ? ORDER BY doc_key", (file_key,))
    return tuple(doc_id for (doc_id,) in ids), ()


def old_original(connection: sqlite3.Connection, file: OldFile) -> bytes:
    """The file's own bytes. Raises StoreError where they are not what was put in."""
    (packed,) = connection.execute("SELECT original FROM files WHERE file_key = ?", (file.file_key,)).fetchone()
    try:
        return original_bytes(file.name, file.content_hash, packed)
    except BrokenSealError as error:
        raise StoreError(
            f"not rebuilt: {error}, so that nothing is left to read it from; the store is as it was: "
            "restore it with policyqa restore, or ingest the files into a new store"
        ) from error


def as_read_before(connection: sqlite3.Connection, version: int, file: OldFile) -> ParsedFile:
    """What an earlier version found in the file. Raises BrokenSealError, ValueError, KeyError or TypeError."""
    if version >= FORMAT:
        return read_file(connection, file.file_key).parsed
    key = (file.file_key,)
    source, warnings = connection.execute("SELECT source, warnings FROM files WHERE file_key = ?", key).fetchone()
    documents = [
        dataclasses.replace(codec.load(PolicyDocument, record), clauses=tuple(_old_clauses(connection, doc_key)))
        for doc_key, record in connection.execute(
            "SELECT doc_key, record FROM documents WHERE file_key = ? ORDER BY doc_key", key
        ).fetchall()
    ]
    return ParsedFile(codec.load(SourceText, zlib.decompress(source)), tuple(documents), tuple(json.loads(warnings)))


def _old_clauses(connection: sqlite3.Connection, doc_key: int) -> Iterator[Clause]:
    rows = connection.execute("SELECT record FROM clauses WHERE doc_key = ? ORDER BY clause_key", (doc_key,))
    return (codec.load(Clause, record) for (record,) in rows)


def old_feedback(connection: sqlite3.Connection, version: int) -> Iterator[Feedback | None]:
    """What readers said, oldest first; None for each that is damaged."""
    columns = "feedback_key, record, seal" if version >= FORMAT else "feedback_key, record"
    for row in connection.execute(f"SELECT {columns} FROM feedback ORDER BY feedback_key"):  # noqa: S608
        try:
            yield codec.load(Feedback, intact("feedback", *row)[1] if version >= FORMAT else row[1])
        except (BrokenSealError, ValueError, KeyError, TypeError):
            yield None
