"""The passages' vectors and where each belongs, in two files that only ever grow.

``vectors-E.f16`` holds half-precision rows, ``rows-E.i32`` the document key and clause key of each. How many rows
count is in the catalogue: what lies beyond was left by a writer that died, and the next writer cuts it off.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index import disk
from index.errors import StoreError

Half = npt.NDArray[np.float16]
Keys = npt.NDArray[np.int32]


def widened(rows: Half) -> npt.NDArray[np.float32]:
    """Half-precision numbers, none of them infinite, in single precision: a third of the time that numpy takes.

    The bits move to their new places; what is left to do is to multiply by the difference of the exponents' offsets.
    """
    bits = rows.view(np.int16).astype(np.int32)
    signs = bits & -0x8000_0000
    bits &= 0x7FFF
    bits <<= 13
    bits |= signs
    wide: npt.NDArray[np.float32] = bits.view(np.float32)
    wide *= np.float32(2.0**112)
    return wide


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that were appended together, first to stop, with the CRC-32 of what went into each file."""

    first: int
    stop: int
    vectors_crc: int
    keys_crc: int


class VectorFiles:
    """The two files of one epoch in a store's folder; ``dim`` numbers a row."""

    def __init__(self, folder: Path, epoch: int, dim: int) -> None:
        self.vectors_file = folder / f"vectors-{epoch}.f16"
        self.keys_file = folder / f"rows-{epoch}.i32"
        self._dim = dim

    def append(self, vectors: Half, keys: Keys, *, committed: int) -> Batch:
        """Puts rows after the ``committed`` ones and waits until the disk has them; their checksums. Raises OSError."""
        vector_bytes = vectors.astype("<f2", copy=False).tobytes()
        key_bytes = keys.astype("<i4", copy=False).tobytes()
        disk.append(self.vectors_file, vector_bytes, offset=committed * self._dim * 2)
        disk.append(self.keys_file, key_bytes, offset=committed * 8)
        return Batch(committed, committed + len(vectors), zlib.crc32(vector_bytes), zlib.crc32(key_bytes))

    def damaged(self, batches: Iterable[Batch]) -> list[Path]:
        """The files that no longer hold what was appended to them, by length or by checksum."""
        bad: list[Path] = []
        held = list(batches)
        for file, width, crcs in (
            (self.vectors_file, self._dim * 2, [batch.vectors_crc for batch in held]),
            (self.keys_file, 8, [batch.keys_crc for batch in held]),
        ):
            if not held:
                continue
            if not file.exists() or file.stat().st_size < held[-1].stop * width:
                bad.append(file)
                continue
            content = np.memmap(file, dtype=np.uint8, mode="r").data
            if any(
                zlib.crc32(content[batch.first * width : batch.stop * width]) != crc
                for batch, crc in zip(held, crcs, strict=True)
            ):
                bad.append(file)
        return bad

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
        return np.asarray(vectors), np.asarray(keys)  # the same pages, without a memmap's cost at every look at rows

    def clear(self) -> None:
        """Deletes both files: what an interrupted rewrite left under this epoch's names."""
        for file in (self.vectors_file, self.keys_file):
            disk.step(f"delete {file.name}")
            file.unlink(missing_ok=True)
