"""Which files of a store's folder belong to its present epoch, and which were left by an earlier one.

An epoch is one numbering of the rows. Adding and removing documents stay within it; whatever renumbers (compacting,
rebuilding, another encoder) writes the files of the next epoch beside these and then makes them count in one commit.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from index import disk
from index.dense_files import dense_file
from index.lexical import LexicalIndex
from index.vectors import VectorFiles

RENEWING = "renewing"
"""The folder within a store's in which `index.renewal` makes another."""
_LEFT = (RENEWING, "backup.sqlite", "backup.sqlite-journal")
"""What an interrupted rebuild or backup leaves behind; nothing else has these names."""
_BY_EPOCH = ("vectors-*", "rows-*", "lexical-*", "dense-*")


def vector_files(folder: Path, facts: Mapping[str, str]) -> VectorFiles:
    """The vector files of the epoch in ``facts`` (the catalogue's meta table)."""
    return VectorFiles(folder, int(facts["epoch"]), int(facts["dim"]))


def lexical_folder(folder: Path, facts: Mapping[str, str]) -> Path:
    """The folder of that epoch's word index."""
    return folder / f"lexical-{facts['epoch']}"


def lexical_index(folder: Path, facts: Mapping[str, str]) -> LexicalIndex:
    """That epoch's word index. Raises StoreError where it can't be read."""
    return LexicalIndex.open(lexical_folder(folder, facts))


def next_epoch(folder: Path) -> int:
    """A number that no file of an epoch in the folder has, whatever state the catalogue is in."""
    return 1 + max((_epoch(path) for pattern in _BY_EPOCH for path in folder.glob(pattern)), default=0)


def _epoch(path: Path) -> int:
    number = path.name.split("-")[1].split(".")[0]
    return int(number) if number.isdecimal() else 0


def remove_stale(folder: Path, facts: Mapping[str, str]) -> None:
    """Deletes what other epochs left, index files that another has replaced, and leftovers of what was interrupted.

    A reader that still maps such a file keeps it until it lets go. The caller holds the store's lock.
    """
    sweep(folder)
    dense = dense_file(facts)
    for pattern in _BY_EPOCH:
        for path in folder.glob(pattern):
            old = _epoch(path) != int(facts["epoch"])
            if old or (pattern == "dense-*" and (dense is None or path.name != dense.name)):
                delete(path)


def sweep(folder: Path) -> None:
    """Deletes what an interrupted rebuild or backup left. The caller holds the store's lock."""
    for name in _LEFT:
        delete(folder / name)


def delete(path: Path) -> None:
    """Deletes a file, or a folder with all that is in it; nothing where there is none."""
    if path.is_dir():
        disk.step(f"delete {path.name}")
        shutil.rmtree(path, ignore_errors=True)
    elif path.exists():
        disk.step(f"delete {path.name}")
        path.unlink(missing_ok=True)
