"""The passages' vectors and where each belongs, in two files that only ever grow.

``vectors-E.f16`` holds half-precision rows, ``rows-E.i32`` the document key and clause key of each. How many rows
count is in the catalogue: what lies beyond was left by a writer that died, and the next writer cuts it off.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import disk
from index.errors import StoreError

Half = npt.NDArray[np.float16]
Keys = npt.NDArray[np.int32]


class VectorFiles:
    """The two files of one epoch in a store's folder; ``dim`` numbers a row."""

    def __init__(self, folder: Path, epoch: int, dim: int) -> None:
        self.vectors_file = folder / f"vectors-{epoch}.f16"
        self.keys_file = folder / f"rows-{epoch}.i32"
        self._dim = dim

    def append(self, vectors: Half, keys: Keys, *, committed: int) -> None:
        """Puts rows after the ``committed`` ones and waits until the disk has them. Raises OSError."""
        disk.append(self.vectors_file, vectors.astype("<f2", copy=False).tobytes(), offset=committed * self._dim * 2)
        disk.append(self.keys_file, keys.astype("<i4", copy=False).tobytes(), offset=committed * 8)

    def read(self, committed: int) -> tuple[Half, Keys]:
        """The first ``committed`` rows, mapped: ``[n, dim]`` vectors, ``[n, 2]`` document and clause keys."""
        if committed == 0:
            return np.empty((0, self._dim), dtype=np.float16), np.empty((0, 2), dtype=np.int32)
        for file, size in ((self.vectors_file, committed * self._dim * 2), (self.keys_file, committed * 8)):
            if not file.exists() or file.stat().st_size < size:
                raise StoreError(
                    f"{file} is damaged: it holds fewer bytes than the {committed} rows that the catalogue counts; "
                    f"rebuild it with: policyqa rebuild --store {file.parent}"
                )
        vectors = np.memmap(self.vectors_file, dtype="<f2", mode="r", shape=(committed, self._dim))
        keys = np.memmap(self.keys_file, dtype="<i4", mode="r", shape=(committed, 2))
        return vectors, keys
