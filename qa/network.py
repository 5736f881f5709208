"""The small network behind the ranking: what features say together, added to what each says by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.features import NAMES

Matrix = npt.NDArray[np.float32]

FILE = Path(__file__).parent / "data" / "rank_network.json"
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Network:
    """``linear`` float32 ``[features]``, a weight each; ``inward`` ``[features, hidden]``, ``bias`` and ``outward``
    ``[hidden]``: one layer of hidden units.
    """

    linear: Matrix
    inward: Matrix
    bias: Matrix
    outward: Matrix

    def scores(self, features: Matrix) -> Matrix:
        """A score for each row of ``[candidates, features]``, higher is better; comparable within one question."""
        hidden = np.maximum(features @ self.inward + self.bias, 0.0)
        scores: Matrix = features @ self.linear + hidden @ self.outward
        return scores

    def scaled(self, factor: float) -> Network:
        """The same order with every score ``factor`` times as large."""
        return Network(self.linear * np.float32(factor), self.inward, self.bias, self.outward * np.float32(factor))

    @classmethod
    def beside(cls, networks: Sequence[Network]) -> Network:
        """The mean of several as one, their hidden units side by side."""
        share = np.float32(1 / len(networks))
        return cls(
            sum((one.linear for one in networks), np.zeros_like(networks[0].linear)) * share,
            np.concatenate([one.inward for one in networks], axis=1),
            np.concatenate([one.bias for one in networks]),
            np.concatenate([one.outward for one in networks]) * share,
        )

    @classmethod
    def of_weights(cls, linear: npt.NDArray[np.float64]) -> Network:
        """A weight for each feature, and no hidden unit."""
        empty = np.zeros(0, dtype=np.float32)
        return cls(linear.astype(np.float32), np.zeros((len(linear), 0), dtype=np.float32), empty, empty)

    def table(self) -> dict[str, Any]:
        """As JSON has it: ``linear`` and ``inward`` by feature."""
        return {
            "linear": dict(zip(NAMES, _rounded(self.linear), strict=True)),
            "inward": dict(zip(NAMES, map(_rounded, self.inward), strict=True)),
            "bias": _rounded(self.bias),
            "outward": _rounded(self.outward),
        }

    @classmethod
    def of(cls, table: dict[str, Any]) -> Network:
        """The reverse of `table`; a feature that it lacks raises KeyError."""
        parts = [
            [table["linear"][name] for name in NAMES],
            [table["inward"][name] for name in NAMES],
            table["bias"],
            table["outward"],
        ]
        return cls(*(np.asarray(part, dtype=np.float32) for part in parts))


def _rounded(numbers: Matrix) -> list[float]:
    return [round(float(number), _DIGITS) for number in numbers]


@cache
def network() -> Network:
    """The one that ranks; docs/answers.md says what it was learned from."""
    table = json.loads((resources.files("qa") / "data" / FILE.name).read_text(encoding="utf-8"))
    return Network.of(table["network"])
