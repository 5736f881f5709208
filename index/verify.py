"""Whether a store's files still hold what was written to them; every damaged one is named with what mends it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index import seals
from index.catalogue import FILE_NAME, Catalogue, read_meta
from index.dense_files import dense_file
from index.errors import StoreError
from index.layout import lexical_folder, lexical_index, vector_files
from index.lexical import LexicalSearcher
from index.manifest import Manifest, checksum, read_manifest
from index.reading import read_original, read_source
from index.schema import sealed_columns, statements
from index.seals import BrokenSealError, clause_rows, intact
from index.vectors import Batch

QUICK_BYTES = 64_000_000
"""Derived files up to this size altogether are checked by content whenever a store is opened (0.1 s)."""
QUICK_CATALOGUE_BYTES = 16_000_000
"""The same for the catalogue (0.1 s). For a larger one see `index.watch`; every row of it is checked by `verify`."""
_MANY_ROWS = ("clauses", "passages")
LOST_CHANGES = (
    "restore it with policyqa restore, or go on without them: policyqa rebuild, then ingest the latest files again"
)
"""Where SQLite's log was lost, or cut off behind a damaged place, with the changes that were in it alone."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged file, what shows it, and the command that mends it."""

    file: Path
    sign: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file} is damaged ({self.sign}): {self.mend}"


def damaged_derived(folder: Path, catalogue: Catalogue, *, thorough: bool) -> list[Damage]:
    """Damaged vector and word files, by length and count and, where ``thorough`` or small, by checksum."""
    mend = f"rebuild it from the kept documents with: policyqa rebuild --store {folder}"
    with catalogue.reading() as connection:
        facts = read_meta(connection)
        rows = connection.execute("SELECT * FROM batches ORDER BY first").fetchall()
        batches = [Batch(*intact("batches", *row)) for row in rows]
    if [*(batch.first for batch in batches), int(facts["rows"])] != [0, *(batch.stop for batch in batches)]:
        return [Damage(catalogue.file, "the table batches does not count every row", mend)]
    try:
        manifest = read_manifest(folder)
        lexical = lexical_index(folder, facts).searcher()
    except StoreError as error:
        return [Damage(folder, str(error), mend)]
    if manifest is not None and manifest.generation > int(facts["generation"]):
        sign = f"it holds generation {facts['generation']}, and generation {manifest.generation} had been written"
        return [Damage(catalogue.file, sign, LOST_CHANGES)]
    return _damaged_files(folder, facts, batches, manifest, thorough, mend) or _lacking_words(
        folder, facts, catalogue, lexical, mend
    )  # what is damaged is not asked: tantivy panics over some files


def _damaged_files(
    folder: Path, facts: dict[str, str], batches: Sequence[Batch], manifest: Manifest | None, thorough: bool, mend: str
) -> list[Damage]:
    checksums = manifest.checksums if manifest is not None else {}
    files = vector_files(folder, facts)
    dense = dense_file(facts)
    if dense is not None:
        checksums = {**checksums, dense.name: dense.crc}
        if not (folder / dense.name).exists():
            return [Damage(folder / dense.name, "it is missing", mend)]
    size = sum(
        path.stat().st_size
        for path in (files.vectors_file, files.keys_file, *(folder / name for name in checksums))
        if path.exists()
    )
    found: list[Damage] = []
    if thorough or size <= QUICK_BYTES:
        found += [Damage(file, "its bytes are not those that were written", mend) for file in files.damaged(batches)]
        found += [
            Damage(folder / name, f"its checksum is not {crc}", mend)
            for name, crc in checksums.items()
            if (folder / name).exists() and checksum(folder / name) != crc
        ]
    elif int(facts["rows"]):
        files.read(int(facts["rows"]))
    return found


def _lacking_words(
    folder: Path, facts: dict[str, str], catalogue: Catalogue, lexical: LexicalSearcher, mend: str
) -> list[Damage]:
    try:
        held = lexical.last_row + 1
    except StoreError as error:
        return [Damage(lexical_folder(folder, facts), str(error), mend)]
    if held < int(facts["rows"]) and not _dead(catalogue, held, int(facts["rows"])):
        return [Damage(lexical_folder(folder, facts), "it lacks passages that the catalogue counts", mend)]
    return []


def _dead(catalogue: Catalogue, first: int, stop: int) -> bool:
    """Whether no row from ``first`` to ``stop`` is in use."""
    with catalogue.reading() as connection:
        query = "SELECT 1 FROM passages WHERE row >= ? AND row < ? LIMIT 1"
        return connection.execute(query, (first, stop)).fetchone() is None


def damaged_catalogue(catalogue: Catalogue, *, thorough: bool = True) -> Iterator[Damage]:
    """Damage in the catalogue: SQLite's own check, its tables, every row's seal and, where ``thorough``, each file's
    bytes against its hash.
    """
    try:
        with catalogue.reading() as connection:
            found = list(_signs(connection))
            yield from (Damage(catalogue.file, text, catalogue.mend) for text in found)
            if thorough and not found:
                yield from _broken_files(connection, catalogue.file)
    except StoreError as error:
        cause = error.__cause__ or error
        yield Damage(catalogue.file, str(cause), catalogue.mend)


def _signs(connection: sqlite3.Connection) -> Iterator[str]:
    """What is not as it was written, a sentence each: SQLite's own check of tables and indexes against each other, then
    every row by its seal. Raises BrokenSealError, sqlite3.Error.
    """
    said = _misbuilt(connection)
    yield from said or _broken(connection)


def structure_signs(connection: sqlite3.Connection) -> Iterator[str]:
    """The same less the seals of clauses and passages, nine tenths of the work, since a row of those that is found is
    checked when it is read: with the indexes sound, none that is looked for is missed.
    """
    yield from _misbuilt(connection)
    _check_seals(connection, [table for table in sealed_columns() if table not in _MANY_ROWS])


def document_signs(connection: sqlite3.Connection) -> Iterator[str]:
    """The same of the tables by which documents are chosen: one that these hide is not there for any reading.

    An answer needs no more: the clauses of a document are counted, and a clause that its id does not lead to makes it
    wait for the rest.
    """
    tables = [table for table in sealed_columns() if table not in (*_MANY_ROWS, "files", "feedback")]
    for table in tables:
        yield from _said(connection, table)
    _check_seals(connection, tables)


def _misbuilt(connection: sqlite3.Connection) -> list[str]:
    said = _said(connection, "5")
    return said or (["its tables are not those of this format"] if _strange_tables(connection) else [])


def _said(connection: sqlite3.Connection, what: str) -> list[str]:
    """What SQLite finds wrong with a table and its indexes, or, given a number, that many wrongs of the whole file."""
    return [text for (text,) in connection.execute(f"PRAGMA integrity_check({what})") if text != "ok"]


def _strange_tables(connection: sqlite3.Connection) -> bool:
    return statements() != set(connection.execute("SELECT name, sql FROM sqlite_master"))


def _check_seals(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Raises BrokenSealError where a row of the tables is not what was written."""
    columns = sealed_columns()
    for table in tables:
        for row in connection.execute(f"SELECT {', '.join(columns[table])} FROM {table}"):  # noqa: S608
            intact(table, *row)


def _broken(connection: sqlite3.Connection) -> Iterator[str]:
    rows = int(read_meta(connection)["rows"])
    _check_seals(connection, sealed_columns())
    for document in connection.execute(f"SELECT {seals.DOCUMENT} FROM documents").fetchall():  # noqa: S608
        clause_rows(connection, document)
    for table, column, _, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {column} of the table {table} belongs to nothing"
    (live,) = connection.execute(
        "SELECT ? - (SELECT coalesce(sum(stop - first), 0) FROM dead_rows) - (SELECT count(*) FROM passages)", (rows,)
    ).fetchone()
    if live:
        yield f"the table passages lacks {live} rows"


def _broken_files(connection: sqlite3.Connection, file: Path) -> Iterator[Damage]:
    """The files whose text or bytes are not as they were written. The rest of the store goes on without them."""
    for (name,) in connection.execute("SELECT name FROM files ORDER BY name").fetchall():
        mend = f"policyqa remove {name}, then ingest it again, or restore the store with policyqa restore"
        for read in (read_source, read_original):
            try:
                read(connection, name)
            except BrokenSealError as error:
                yield Damage(file, str(error), mend)


def quickly_read(catalogue: Catalogue) -> bool:
    """Whether the catalogue is so small that opening the store may wait until all of it has been checked."""
    return catalogue.file.stat().st_size <= QUICK_CATALOGUE_BYTES


def verify(folder: Path) -> list[Damage]:
    """Every damage in the store in ``folder``, found by reading all of it; empty where it is sound.

    Raises StoreError where there is none, or one of another format.
    """
    if not (folder / FILE_NAME).exists():
        raise StoreError(f"{folder} holds no store")
    catalogue = Catalogue(folder)
    try:
        catalogue.check_version()
        found = list(damaged_catalogue(catalogue))
        return found or damaged_derived(folder, catalogue, thorough=True)
    finally:
        catalogue.close()
