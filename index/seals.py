"""A checksum beside every row of the catalogue: what is read is what was written, or it is not handed out.

SQLite notices a damaged page only where the structure of the page suffers; a changed digit in a clause it returns as if
nothing had happened. Each row therefore carries the CRC-32 of all its values, its keys included.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from index import codec
from index.prepare import checksum
from ingest.model import Clause, PolicyDocument

T = TypeVar("T")

CLAUSE = "clauses.clause_key, clauses.doc_key, clauses.clause_id, clauses.label, clauses.record, clauses.seal"
"""The columns that `clause` takes, in its order."""
DOCUMENT = ", ".join(
    f"documents.{column}"
    for column in (
        *("doc_key", "file_key", "doc_id", "title_key", "number_key", "kind", "status", "region"),
        *("issued_on", "effective_on", "expires_on", "record", "clauses_crc", "seal"),
    )
)
"""The columns that `document` takes, in its order."""
DOCUMENT_WIDTH = 14
FILE = "file_key, name, content_hash, size_bytes, ingested_at, clauses, warnings, source_crc, seal"
"""The columns of ``files`` that its seal covers, and the seal: all but the two blobs."""
_SHOWN = 80


class BrokenSealError(Exception):
    """A row is not what was written; the catalogue turns this into the StoreError that names its file."""


def seal(*values: object) -> int:
    """The checksum of a row that holds those numbers and texts, in the order of its columns."""
    return zlib.crc32("\0".join(map(str, values)).encode("utf-8", "surrogatepass"))


def sealed(*values: Any) -> tuple[Any, ...]:
    """The values with their seal behind them, as a row is inserted."""
    return (*values, seal(*values))


def intact(table: str, *row: Any) -> tuple[Any, ...]:
    """The row less the seal at its end. Raises BrokenSealError where it is not the row's."""
    *values, crc = row
    if seal(*values) != crc:
        named = ", ".join(map(str, values[:3]))[:_SHOWN]
        raise BrokenSealError(f"a row of the table {table} has another checksum: {named}")
    return tuple(values)


def clause_rows(connection: sqlite3.Connection, document: Sequence[Any]) -> list[Any]:
    """The rows of all clauses of the document in a row of `DOCUMENT`, in reading order.

    Raises BrokenSealError where one is missing.
    """
    rows = connection.execute(
        f"SELECT {CLAUSE} FROM clauses WHERE doc_key = ? ORDER BY clause_key",  # noqa: S608
        (document[0],),
    ).fetchall()
    complete(document, (row[4] for row in rows))
    return rows


def complete(document: Sequence[Any], records: Iterable[str]) -> None:
    """Raises BrokenSealError where those are not the records of all clauses of the document, in their order."""
    if checksum(records) != document[-2]:
        raise BrokenSealError(f"the clauses of document {document[2]} have another checksum")


def from_the_first(connection: sqlite3.Connection, document: Sequence[Any], keys: Sequence[int]) -> None:
    """Raises BrokenSealError where those are not the keys of the document's first clauses, which follow each other."""
    before = keys[0] - 1 if keys else 0
    found = connection.execute("SELECT doc_key FROM clauses WHERE clause_key = ?", (before,)).fetchone()
    if list(keys) != list(range(before + 1, before + 1 + len(keys))) or found == (document[0],):
        raise BrokenSealError(f"of document {document[2]} the first clauses are not found")


def there(table: str, row: T | None) -> T:
    """The row that another row points to. Raises BrokenSealError where there is none."""
    if row is None:
        raise BrokenSealError(f"the table {table} lacks a row that another table points to")
    return row


@lru_cache(maxsize=16_384)
def clause(*row: Any) -> Clause:
    """The clause in a row of the columns `CLAUSE`, as it was parsed. Raises BrokenSealError.

    The last 16,384 are kept, about 30 MB: a search, its neighbours and the next question read the same ones. A row that
    changes is another row, so nothing here grows stale.
    """
    return codec.load(Clause, intact("clauses", *row)[4])


@lru_cache(maxsize=4_096)
def document(*row: Any) -> PolicyDocument:
    """The document in a row of the columns `DOCUMENT`, as it was parsed, without its clauses. Raises BrokenSealError.

    The last 4,096 are kept, since hits of one search come from few documents.
    """
    return codec.load(PolicyDocument, intact("documents", *row)[11])
