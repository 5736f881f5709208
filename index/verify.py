"""Whether a store's files still hold what was written to them; every damaged one is named with what mends it."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.catalogue import FILE_NAME, Catalogue, read_meta
from index.dense_files import dense_file
from index.errors import StoreError
from index.layout import lexical_folder, lexical_index, vector_files
from index.manifest import checksum, read_manifest
from index.prepare import checksum as lines_checksum
from index.prepare import content_hash
from index.vectors import Batch

QUICK_BYTES = 64_000_000
"""Derived files up to this size altogether are checked by content whenever a store is opened (0.1 s)."""


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
        batches = [Batch(*row) for row in connection.execute("SELECT * FROM batches ORDER BY first")]
    try:
        manifest = read_manifest(folder)
        lexical = lexical_index(folder, facts).searcher()
    except StoreError as error:
        return [Damage(folder, str(error), mend)]
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
    if found:  # what is damaged is not asked: tantivy panics over some files
        return found
    try:
        held = lexical.last_row + 1
    except StoreError as error:
        return [Damage(lexical_folder(folder, facts), str(error), mend)]
    if held < int(facts["rows"]) and not _dead(catalogue, held, int(facts["rows"])):
        found.append(Damage(lexical_folder(folder, facts), "it lacks passages that the catalogue counts", mend))
    return found


def _dead(catalogue: Catalogue, first: int, stop: int) -> bool:
    """Whether no row from ``first`` to ``stop`` is in use."""
    with catalogue.reading() as connection:
        query = "SELECT 1 FROM passages WHERE row >= ? AND row < ? LIMIT 1"
        return connection.execute(query, (first, stop)).fetchone() is None


def damaged_catalogue(catalogue: Catalogue) -> Iterator[Damage]:
    """Damage in the catalogue: SQLite's own check, each file's bytes against its hash, each document's clauses."""
    mend = "restore it with policyqa restore, or make a new store with policyqa ingest from the original files"
    file = catalogue.file
    try:
        with catalogue.reading() as connection:
            for (said,) in connection.execute("PRAGMA integrity_check(5)"):
                if said != "ok":
                    yield Damage(file, said, mend)
            yield from _damaged_contents(connection, file, mend)
    except sqlite3.DatabaseError as error:
        yield Damage(file, str(error), mend)


def _damaged_contents(connection: sqlite3.Connection, file: Path, mend: str) -> Iterator[Damage]:
    for name, digest, original, source in connection.execute("SELECT name, content_hash, original, source FROM files"):
        again = f"ingest {name} again, or restore the store with policyqa restore"
        try:
            zlib.decompress(source)
            if content_hash(zlib.decompress(original)) != digest:
                yield Damage(file, f"the bytes kept of {name} have another hash", again)
        except zlib.error as error:
            yield Damage(file, f"what is kept of {name}: {error}", again)
    for doc_key, doc_id, crc in connection.execute("SELECT doc_key, doc_id, clauses_crc FROM documents").fetchall():
        lines = connection.execute("SELECT record FROM clauses WHERE doc_key = ? ORDER BY clause_key", (doc_key,))
        if lines_checksum(line for (line,) in lines) != crc:
            yield Damage(file, f"the clauses of document {doc_id} have another checksum", mend)


def verify(folder: Path) -> list[Damage]:
    """Every damage in the store in ``folder``, found by reading all of it; empty where it is sound."""
    if not (folder / FILE_NAME).exists():
        raise StoreError(f"{folder} holds no store")
    catalogue = Catalogue(folder)
    try:
        found = list(damaged_catalogue(catalogue))
        return found or damaged_derived(folder, catalogue, thorough=True)
    finally:
        catalogue.close()
