"""A store made anew from the original files that its catalogue keeps: where that is of an earlier format, or damaged.

The new store is made within the old one's folder, checked against it, and takes its place by renaming one file, the
catalogue. Until then the old one is as it was; whatever interrupts this, the next attempt starts afresh.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from index import disk
from index.catalogue import FILE_NAME, Catalogue
from index.errors import StoreError
from index.layout import RENEWING, delete, next_epoch
from index.manifest import FILE_NAME as MANIFEST_NAME
from index.manifest import read_manifest
from index.older import OldFile, as_read_before, old_feedback, old_files, old_original
from index.prepare import ReadyFile, prepare
from index.rewrite import Progress
from index.seals import BrokenSealError
from index.store import Store, found
from index.upkeep import describe
from index.verify import verify
from index.walk import FoundFile
from index.workers import Finished, Task, run

if TYPE_CHECKING:
    from index.encoder import Encoder

_BATCH_BYTES = 64_000_000
_BATCH_PASSAGES = 8_192


def renew(
    folder: Path, catalogue: Catalogue, encoder: Encoder, *, damage: str = "", progress: Progress | None = None
) -> tuple[str, ...]:
    """Makes the store anew from its original files; sentences on what is not as it was.

    The caller holds the store's lock, says what ``damage`` its catalogue has, and uses that no more.

    A file that can't be read any more is taken over as it was read before. Raises StoreError where the catalogue is
    open elsewhere or does not provably hold every file; then the store is as it was.
    """
    fresh = folder / RENEWING
    delete(fresh)
    try:
        version = catalogue.version()
        with catalogue.reading() as connection:
            files = old_files(connection, version)
            if damage:
                _prove_complete(folder, files, damage)
            disk.step("found")
            found(fresh, encoder, epoch=next_epoch(folder), generation=_generation(folder, connection) + 1)
            remarks = _fill(connection, version, files, fresh, encoder, progress)
        _compare(fresh, files)
        catalogue.close()
        _settle(catalogue.file)
        _take_over(folder, fresh)
    except (BrokenSealError, sqlite3.Error) as error:
        raise StoreError(f"not rebuilt: {catalogue.damaged(error)}") from error
    except OSError as error:
        raise StoreError(
            f"{folder} could not be rebuilt ({error.strerror or error}); it is as it was before. "
            "Make room or mend the disk and try again"
        ) from error
    finally:
        catalogue.close()
        delete(fresh)
    return tuple(remarks)


def _prove_complete(folder: Path, files: Sequence[OldFile], damage: str) -> None:
    """Raises StoreError unless the manifest counts the very files that a damaged catalogue still shows."""
    manifest = read_manifest(folder)
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(f"{file.name}\0{file.content_hash}\n".encode())
    if manifest is None or manifest.corpus_hash != digest.hexdigest():
        raise StoreError(
            f"not rebuilt: {folder / FILE_NAME} is damaged ({damage}), and the files in it are not all of those that "
            f"{MANIFEST_NAME} counts: restore it with policyqa restore, or ingest the files into a new store"
        )


def _generation(folder: Path, connection: sqlite3.Connection) -> int:
    """The number that the next state must be above."""
    manifest = read_manifest(folder)
    (held,) = connection.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone() or ("0",)
    return max(manifest.generation if manifest else 0, int(held) if str(held).isdecimal() else 0)


def _fill(
    connection: sqlite3.Connection,
    version: int,
    files: Sequence[OldFile],
    fresh: Path,
    encoder: Encoder,
    progress: Progress | None,
) -> list[str]:
    """Puts every file, and what readers said, into the store in ``fresh``; remarks on what is not as it was."""
    remarks: list[str] = []
    with Store.open(fresh, encoder) as store:
        kind = connection.execute("SELECT value FROM meta WHERE key = 'dense_kind'").fetchone()
        batch: list[ReadyFile] = []
        for done, (file, read) in enumerate(_read_again(connection, files, fresh / "originals", encoder)):
            if progress is not None:
                progress(done, len(files))
            if read.ready is None:
                remarks.append(f"{file.name}: {read.problem}; kept as it was read before")
                raw = old_original(connection, file)
                ready = prepare(as_read_before(connection, version, file), raw, encoder)
            else:
                ready = read.ready
            batch.append(_as_it_was(file, ready))
            if sum(len(one.passages) for one in batch) >= _BATCH_PASSAGES:
                store.put(batch)
                batch = []
        if batch:
            store.put(batch)
        if kind and kind[0] != "auto":
            store.use_dense(kind[0])
        lost = 0
        for feedback in old_feedback(connection, version):
            if feedback is None:
                lost += 1
            else:
                store.record_feedback(feedback)
        if lost:
            remarks.append(f"{lost} entries of what readers said were damaged and are lost")
    return remarks


def _read_again(
    connection: sqlite3.Connection, files: Sequence[OldFile], place: Path, encoder: Encoder
) -> Iterator[tuple[OldFile, Finished]]:
    """Each file with what is found in it now, its bytes laid down in ``place`` for the processes that read them."""
    waiting = list(files)
    while waiting:
        batch: list[tuple[OldFile, Task]] = []
        size = 0
        delete(place)
        place.mkdir()
        while waiting and size < _BATCH_BYTES:
            file = waiting.pop(0)
            raw = old_original(connection, file)
            path = place / str(file.file_key)
            path.write_bytes(raw)
            batch.append((file, Task(FoundFile(file.name, path, len(raw)), None)))
            size += len(raw)
        for (file, _), read in zip(batch, run([task for _, task in batch], encoder), strict=True):
            yield file, read
    delete(place)


def _as_it_was(file: OldFile, ready: ReadyFile) -> ReadyFile:
    """The file with its day, and without the documents that were taken out of it."""
    kept = tuple(document for document in ready.documents if file.keeps(document.doc_id))
    gone = tuple(document.doc_id for document in ready.documents if not file.keeps(document.doc_id))
    ready = dataclasses.replace(ready, ingested_at=file.ingested_at, removed=gone)
    if not gone:
        return ready
    ids = {clause.clause_id for document in kept for clause in document.clauses}
    places = [place for place, passage in enumerate(ready.passages) if passage.clause_id in ids]
    return dataclasses.replace(
        ready,
        documents=kept,
        passages=tuple(ready.passages[place] for place in places),
        vectors=ready.vectors[places],
    )


def _compare(fresh: Path, files: Sequence[OldFile]) -> None:
    """Raises StoreError unless the new store is sound and holds the very files of the old one."""
    for damage in verify(fresh):
        raise StoreError(f"not rebuilt: {damage}")
    with closing(sqlite3.connect(fresh / FILE_NAME)) as connection:
        held = set(connection.execute("SELECT name, content_hash FROM files").fetchall())
    lacking = {(file.name, file.content_hash) for file in files} ^ held
    if lacking:
        raise StoreError(f"not rebuilt: {min(lacking)[0]} would not be the file that it was; the store is as before")


def _settle(file: Path) -> None:
    """Brings everything in SQLite's log into the catalogue and does away with the log, which must never meet another
    catalogue. Raises StoreError where a process has it open.
    """
    with closing(sqlite3.connect(file, isolation_level=None, timeout=5)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            mode = ""
    if mode != "delete":
        raise StoreError(f"{file} is open in another process: stop policyqa serve and whatever else uses it, try again")


def _take_over(folder: Path, fresh: Path) -> None:
    """Moves the new store's files beside the old one's, which have other names, then the catalogue over the old."""
    for path in sorted(fresh.iterdir()):
        if path.name not in (FILE_NAME, MANIFEST_NAME, "writer.lock"):
            disk.step(f"move {path.name}")
            path.replace(folder / path.name)
    disk.sync_folder(folder)
    disk.swap(fresh / FILE_NAME, folder / FILE_NAME)
    catalogue = Catalogue(folder)
    try:
        describe(folder, catalogue)
    finally:
        catalogue.close()
