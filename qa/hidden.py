"""A small hidden layer beside the linear ranking weights: what two features say together and neither says alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hidden:
    """``into`` is ``[2 * features, units]``, ``bias`` and ``out`` are ``[units]``."""

    into: Matrix
    bias: Matrix
    out: Matrix

    def correct(self, features: Matrix) -> Matrix:
        """What to add to the linear score of each candidate of one question, float32 ``[candidates]``."""
        corrections: Matrix = np.tanh(relative(features) @ self.into + self.bias) @ self.out
        return corrections

    def save(self, path: Path) -> None:
        """Writes the layer as arrays, without pickle."""
        np.savez(path, into=np.float32(self.into), bias=np.float32(self.bias), out=np.float32(self.out))


def load(path: Path, features: int) -> Hidden:
    """The layer that `Hidden.save` wrote for that many features; one that corrects nothing where there is no file."""
    if not path.is_file():
        nothing = np.zeros(0, dtype=np.float32)
        return Hidden(np.zeros((2 * features, 0), dtype=np.float32), nothing, nothing)
    with np.load(path, allow_pickle=False) as arrays:
        return Hidden(arrays["into"], arrays["bias"], arrays["out"])


def relative(features: Matrix) -> Matrix:
    """The features, and how far each is below the best candidate's: ``[candidates, 2 * features]``."""
    if not len(features):
        return np.concatenate([features, features], axis=1)
    return np.concatenate([features, features - features.max(axis=0, keepdims=True)], axis=1).astype(np.float32)
