"""Many short texts as one long one, which can be looked through for a word at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Lines:
    """``text`` holds the lines with a zero character between them; line i ends before ``ends[i]``, ascending."""

    text: str
    ends: npt.NDArray[np.int64]


def lines_of(texts: Sequence[str]) -> Lines:
    """The texts, a line each."""
    return Lines(_BETWEEN.join(texts), np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1))


def joined(parts: Sequence[Lines]) -> Lines:
    """The lines of all parts, in order. Every part must have a line."""
    texts, ends = [part.text for part in parts], [part.ends for part in parts]
    lengths = np.asarray(list(map(len, texts)), dtype=np.int64) + 1
    before = np.repeat(np.cumsum(lengths) - lengths, list(map(len, ends)))
    return Lines(_BETWEEN.join(texts), np.concatenate(ends) + before)
