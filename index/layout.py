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


def remove_stale(folder: Path, facts: Mapping[str, str]) -> None:
    """Deletes what other epochs left, and index files that another has replaced.

    A reader that still maps such a file keeps it until it lets go.
    """
    dense = dense_file(facts)
    for pattern in _BY_EPOCH:
        for path in folder.glob(pattern):
            epoch = path.name.split("-")[1].split(".")[0]
            if epoch != facts["epoch"] or (pattern == "dense-*" and (dense is None or path.name != dense.name)):
                disk.step(f"delete {path.name}")
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
