"""Nearest passages by cosine, through FAISS, which is imported in this file and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


class DenseIndex:
    """An exact index over consecutive rows, the first of which is ``first``. Never changes once made."""

    def __init__(self, vectors: npt.NDArray[np.float16], first: int = 0) -> None:
        import faiss

        faiss.omp_set_num_threads(1)  # one thread a query is the faster way to serve (measured: docs/development.md)
        self.first = first
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        for start in range(0, len(vectors), 65_536):
            self._index.add(vectors[start : start + 65_536].astype(np.float32))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: npt.NDArray[np.float32], k: int, allowed: Mask | None) -> tuple[Rows, Scores]:
        """The ``k`` best rows and their cosines, best first; ``allowed`` has a flag for each row of this index."""
        import faiss

        if not len(self):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        parameters: Any = None
        if allowed is not None:
            # FAISS's Python wrapper takes an array and keyword arguments here, which its generated types don't know.
            selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, rows = self._index.search(query[None, :], min(k, len(self)), params=parameters)
        kept = rows[0] >= 0
        return rows[0][kept] + self.first, scores[0][kept]
