"""When a store's vectors get an index file of their own, which kind, and when it is extended or made anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from index.dense import ApproximateIndex, DenseKind, Half, build, extend
from index.manifest import checksum

FLAT_ROWS = 50_000
"""Up to here every vector is compared: 2.7 ms a query, and nothing to keep on disk."""
_TAIL_ROWS = 32_768
"""Rows beyond the file's that are searched exactly beside it (1.6 ms)."""
_RETRAIN_GROWTH = 4
"""A file is made anew, not extended, once it holds this many times the rows that its codes were made for."""


@dataclass(frozen=True, slots=True)
class DenseFile:
    """An index file: its name, kind, the rows it covers, the rows its codes were made for, and its CRC-32."""

    name: str
    kind: str
    rows: int
    trained_rows: int
    crc: str

    def to_line(self) -> str:
        """As the catalogue keeps it."""
        return json.dumps(asdict(self))


def dense_file(facts: Mapping[str, str]) -> DenseFile | None:
    """The index file that the catalogue names, None where vectors are searched without one."""
    return DenseFile(**json.loads(facts["dense"])) if facts.get("dense") else None


def open_dense(folder: Path, held: DenseFile) -> ApproximateIndex:
    """The index in that file. Raises StoreError."""
    return ApproximateIndex.open(folder / held.name, DenseKind(held.kind))


def kind_for(rows: int, dim: int, wanted: str) -> DenseKind:
    """The kind for so many rows of ``dim`` numbers; ``wanted`` is a kind, or ``auto``.

    An odd ``dim`` can't be coded in pairs and stays with FLAT, unless HNSW is wanted.
    """
    kind = DenseKind(wanted) if wanted != "auto" else DenseKind.FLAT if rows <= FLAT_ROWS else DenseKind.SCAN
    return DenseKind.FLAT if kind is DenseKind.SCAN and dim % 2 else kind


def renew(folder: Path, facts: Mapping[str, str], vectors: Half, epoch: int) -> DenseFile | None:
    """The index file that the vectors should have, written where there is none that still fits; None for none.

    ``facts`` is the catalogue's meta table. A file of another epoch never fits.
    """
    rows = len(vectors)
    kind = kind_for(rows, vectors.shape[1], facts["dense_kind"])
    if kind is DenseKind.FLAT or not rows:
        return None
    held = dense_file(facts) if int(facts["epoch"]) == epoch else None
    fits = held is not None and held.kind == kind
    if held is not None and fits and rows - held.rows <= _TAIL_ROWS:
        return held
    name = f"dense-{epoch}.{rows}.faiss"
    if held is not None and fits and rows <= held.trained_rows * _RETRAIN_GROWTH:
        extend(folder / held.name, folder / name, vectors)
        trained = held.trained_rows
    else:
        build(folder / name, vectors, kind)
        trained = rows
    return DenseFile(name, kind.value, rows, trained, checksum(folder / name))
