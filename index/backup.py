"""A store copied to one file while it serves, brought back from it, and rebuilt from what its catalogue keeps."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index import disk
from index.catalogue import FILE_NAME, Catalogue
from index.errors import StoreError
from index.layout import sweep
from index.lock import WriterLock
from index.manifest import FILE_NAME as MANIFEST_NAME
from index.renewal import renew
from index.rewrite import Progress, rewrite
from index.schema import FORMAT
from index.upkeep import describe
from index.verify import damaged_catalogue, verify

if TYPE_CHECKING:
    from index.encoder import Encoder


def backup(folder: Path, target: Path) -> None:
    """Writes the store in ``folder`` to the zip file ``target``, which appears complete or not at all.

    Readers and a waiting writer go on afterwards; nothing is left out, so `restore` needs neither the original files
    nor the encoder. Raises StoreError where there is no store, it is damaged, or ``target`` can't be written.
    """
    if not (folder / FILE_NAME).exists():
        raise StoreError(f"{folder} holds no store to back up")
    if target.exists():
        raise StoreError(f"{target} exists already; name another file for the backup")
    fresh = target.with_name(target.name + ".new")
    snapshot = folder / "backup.sqlite"
    try:
        with WriterLock(folder / "writer.lock").held():
            for damage in verify(folder):
                raise StoreError(f"not backed up: {damage}")
            sweep(folder)
            disk.step("copy catalogue")
            _copy_catalogue(folder, snapshot)
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
                disk.step("archive catalogue")
                archive.write(snapshot, FILE_NAME)
                for path in sorted(folder.rglob("*")):
                    name = path.relative_to(folder).as_posix()
                    if path.is_file() and not name.startswith((FILE_NAME, "backup.", "writer.")) and path != fresh:
                        disk.step(f"archive {path.name}")
                        archive.write(path, name)
                disk.step("end archive")
        disk.sync_file(fresh)
        disk.swap(fresh, target)
    except OSError as error:
        raise StoreError(
            f"{target} could not be written ({error.strerror or error}); make room and try again"
        ) from error
    finally:
        snapshot.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)


def _copy_catalogue(folder: Path, target: Path) -> None:
    """A complete copy of the catalogue, what is only in its write-ahead log included."""
    target.unlink(missing_ok=True)
    source, copy = sqlite3.connect(folder / FILE_NAME), sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()


def restore(archive: Path, folder: Path) -> None:
    """Makes the store that `backup` wrote to ``archive`` in ``folder``, which must be absent or empty.

    Everything is unpacked beside it and verified first, so ``folder`` appears sound or not at all. A backup of an
    earlier format is restored as it is, for `rebuild` to bring up to date. Raises StoreError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not empty; restore into a new folder")
    fresh = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as packed:
            names = packed.namelist()
            if FILE_NAME not in names:
                raise StoreError(f"{archive} is no backup of a store: it holds no {FILE_NAME}")
            if any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
                raise StoreError(f"{archive} is no backup of a store: it names files outside of it")
            for name in names:
                disk.step(f"unpack {name}")
                disk.sync_file(Path(packed.extract(name, fresh)))
        disk.step("verify")
        for sign in _damages(fresh):
            raise StoreError(f"{archive} was not restored: {sign}")
        if folder.exists():
            disk.step(f"remove empty {folder.name}")
            folder.rmdir()
        disk.swap(fresh, folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise StoreError(f"{archive} is damaged or no backup ({error})") from error
    except FileNotFoundError as error:
        raise StoreError(f"{archive} does not exist") from error
    except OSError as error:
        raise StoreError(f"{folder} could not be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _damages(folder: Path) -> Iterator[str]:
    """What is damaged in an unpacked backup, each file with its sign."""
    catalogue = Catalogue(folder)
    try:
        older = catalogue.version() < FORMAT
        if older and (sign := _unsound(catalogue)):
            yield f"{FILE_NAME} in it is damaged ({sign})"
    finally:
        catalogue.close()
    for damage in () if older else verify(folder):
        yield f"{damage.file.name} in it is damaged ({damage.sign})"


def rebuild(folder: Path, encoder: Encoder, progress: Progress | None = None) -> tuple[str, ...]:
    """Makes the store in ``folder`` anew from what its catalogue keeps, with ``encoder``; remarks on what is other now.

    This mends damage, brings a store of an earlier format up to date, and is how a store changes its encoder. Where the
    catalogue is sound only what is derived from it is written; else it is made from the original files too. Raises
    StoreError where these are not all there, and then the store is as it was.
    """
    if not (folder / FILE_NAME).exists():
        raise StoreError(f"{folder} holds no store to rebuild")
    catalogue = Catalogue(folder)
    try:
        with WriterLock(folder / "writer.lock").held():
            if catalogue.version() < FORMAT:
                return renew(folder, catalogue, encoder, damage=_unsound(catalogue), progress=progress)
            catalogue.check_version()
            damages = list(damaged_catalogue(catalogue))
            if damages:
                return renew(folder, catalogue, encoder, damage=damages[0].sign, progress=progress)
            rewrite(folder, catalogue, encoder, encode=True, progress=progress)
            # Only now: without it a damaged word index would pass for sound, should this be interrupted before.
            (folder / MANIFEST_NAME).unlink(missing_ok=True)
            describe(folder, catalogue)
            return ()
    finally:
        catalogue.close()


def _unsound(catalogue: Catalogue) -> str:
    """What SQLite finds wrong with a catalogue of an earlier format, empty where nothing is."""
    with catalogue.reading() as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    return "" if said == "ok" else str(said)


def built_with(folder: Path) -> str:
    """The name of the encoder whose vectors the store in ``folder`` holds, whatever its format."""
    catalogue = Catalogue(folder)
    try:
        catalogue.version()
        with catalogue.reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchone()
    finally:
        catalogue.close()
    if found is None:
        raise StoreError(f"{folder} does not say which encoder it was built with: give one with --encoder")
    return str(found[0])
