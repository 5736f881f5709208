"""Nearest passages by cosine, through FAISS, which is imported in this file and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from index import disk
from index.errors import StoreError

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Half = npt.NDArray[np.float16]

_BLOCK = 65_536


def _faiss() -> Any:
    """The library, untyped: its wrapper takes arrays and keyword arguments that its generated types don't know."""
    import faiss

    return faiss


class DenseKind(StrEnum):
    """How vectors are searched: FLAT compares with each, SCAN with a short code of each, HNSW follows links.

    100,000 vectors of synthetic policies, short questions, one thread, milliseconds a question and share of the exact
    ten found among the first 300, which are then scored exactly: FLAT 5.5 ms (11.5 in single precision), 1.00; SCAN
    1.4 ms, 1.000; a byte a number (SQ8) 6.1 ms, 1.00; half as long codes 0.7 ms, .97; RaBitQ 1.5 ms, .99. Cells (IVF
    over SQ8) found .82 when they looked into 64 of 479: questions don't lie where passages do. So there are none here.
    """

    FLAT = "flat"
    SCAN = "scan"
    HNSW = "hnsw"


class Nearest(Protocol):
    """Rows ``first`` to ``first + len``, searched. Never changes once made."""

    first: int

    def __len__(self) -> int:
        """Rows in the index, dead ones included."""
        ...

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> tuple[Rows, Scores]:
        """The ``k`` best rows and their scores, best first; ``allowed`` has a flag for each row of this index."""
        ...


class DenseIndex:
    """An exact index over consecutive rows, the first of which is ``first``; scores are cosines.

    It keeps numbers in half precision, as they are stored: half the memory to go through for each question.
    """

    def __init__(self, vectors: Half, first: int = 0) -> None:
        faiss = _faiss()
        faiss.omp_set_num_threads(1)  # one thread a query is the faster way to serve
        self.first = first
        self._index: Any = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        _add(self._index, vectors, 0)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> tuple[Rows, Scores]:
        """The ``k`` best rows and their cosines, best first, the lower row first of two that are as near; ``allowed``
        has a flag for each row of this index.
        """
        if not len(self) or not k:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters: Any = None if allowed is None else _faiss().SearchParameters(sel=_selector(allowed))
        wanted = min(k, len(self))
        while True:
            wanted = min(wanted + _EQUALS, len(self))
            (scores,), (rows,) = self._index.search(query[None, :], wanted, params=parameters)
            if wanted == len(self) or rows[-1] < 0 or scores[-1] < scores[k - 1]:
                break
            wanted *= 4  # repeated texts are as near as each other: which of them are left out is not left to FAISS
        scores, rows = scores[rows >= 0], rows[rows >= 0]
        best = np.lexsort((rows, -scores))[:k]
        return rows[best] + self.first, scores[best]


_EQUALS = 8


class ApproximateIndex:
    """An index from a file, over rows 0 up; its scores are rough, and the caller scores what it finds again.

    SCAN keeps four bits for every two numbers of a vector (product quantisation), 64 bytes a row at 256 numbers; HNSW
    keeps a byte a number and 32 links a row.
    """

    def __init__(self, index: Any, kind: DenseKind) -> None:
        self.first = 0
        self.kind = kind
        self._index = index

    @classmethod
    def open(cls, file: Path, kind: DenseKind) -> ApproximateIndex:
        """The index in ``file``. Raises StoreError where it is missing or damaged."""
        faiss = _faiss()
        faiss.omp_set_num_threads(1)
        try:
            return cls(faiss.read_index(str(file)), kind)
        except RuntimeError as error:
            raise StoreError(
                f"{file} is damaged or missing; rebuild it with: policyqa rebuild --store {file.parent}"
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> tuple[Rows, Scores]:
        """About the ``k`` best rows, best first, with rough scores."""
        faiss = _faiss()
        parameters: Any = None
        if self.kind is DenseKind.HNSW:
            chosen = {} if allowed is None else {"sel": _selector(allowed)}
            parameters = faiss.SearchParametersHNSW(efSearch=max(_EF_SEARCH, k), **chosen)
        elif allowed is not None:
            # The scan knows no filter: it is asked for as many more as the filter will take away.
            k = round(_SPARE * k * len(allowed) / max(1, int(np.count_nonzero(allowed))))
        scores, rows = self._index.search(query[None, :], min(k, len(self)), params=parameters)
        kept = rows[0] >= 0
        if allowed is not None:
            kept[kept] = allowed[rows[0][kept]]
        return rows[0][kept], scores[0][kept]


_LINKS = 32
_EF_SEARCH = 256
_SPARE = 1.5
_TRAINING_ROWS = 16_384


def build(file: Path, vectors: Half, kind: DenseKind) -> None:
    """Trains an index of that kind on the vectors, fills it with them and puts it on disk as ``file``."""
    faiss = _faiss()
    dim = vectors.shape[1]
    inner = faiss.METRIC_INNER_PRODUCT
    index: Any
    if kind is DenseKind.SCAN:
        index = faiss.IndexPQFastScan(dim, dim // 2, 4, inner)
    else:
        index = faiss.IndexHNSWSQ(dim, faiss.ScalarQuantizer.QT_8bit, _LINKS, inner)
    wanted = min(len(vectors), _TRAINING_ROWS)
    sample = np.sort(np.random.default_rng(0).choice(len(vectors), wanted, replace=False))
    with _all_cores():
        index.train(vectors[sample].astype(np.float32))
        _add(index, vectors, 0)
    _write(index, file)


def extend(old: Path, file: Path, vectors: Half) -> None:
    """Puts on disk as ``file`` the index in ``old`` with the rows of ``vectors`` beyond those it holds."""
    faiss = _faiss()
    index = faiss.read_index(str(old))
    with _all_cores():
        _add(index, vectors, int(index.ntotal))
    _write(index, file)


def _add(index: Any, vectors: Half, first: int) -> None:
    for start in range(first, len(vectors), _BLOCK):
        index.add(vectors[start : start + _BLOCK].astype(np.float32))


def _write(index: Any, file: Path) -> None:
    faiss = _faiss()
    fresh = file.with_name(file.name + ".new")
    disk.step(f"write {fresh.name}")
    try:
        faiss.write_index(index, str(fresh))
    except RuntimeError as error:
        raise OSError(str(error)) from error
    with fresh.open("rb+") as written:
        os.fsync(written.fileno())
    disk.swap(fresh, file)


def _selector(allowed: Mask) -> Any:
    """The flags as FAISS wants them."""
    faiss = _faiss()
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


@contextmanager
def _all_cores() -> Iterator[None]:
    faiss = _faiss()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(1)
