"""A static encoder that counts a repeated word otherwise than its own mean does, for comparing.

The bundled encoder adds a token's vector as often as the token occurs, as sentence-transformers does. Here a token that
occurs n times counts n to some power: 0.5 is its root, 0 takes each different token once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoder import EncoderError, Role, Vectors, load_encoder
from index.encoder_static import StaticEncoder


class CountPower:
    """The static encoder ``base`` with repeated tokens counted by ``power``."""

    def __init__(self, base: StaticEncoder, power: float) -> None:
        self._base, self._power = base, power

    @property
    def name(self) -> str:
        """The encoder's name and the power."""
        return f"{self._base.name}, counts^{self._power:g}"

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return self._base.dim

    @property
    def revision(self) -> str:
        """Another for each power, so that no two meet in one store."""
        return f"{self._base.revision}^{self._power:g}"

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """One row per text, float32 ``[len(texts), dim]``, of length 1 (zeros where a text has no known token)."""
        del role
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for place, ids in enumerate(self._base.token_ids(texts)):
            different, counts = np.unique(ids, return_counts=True)
            rows[place] = (counts**self._power).astype(np.float32) @ self._base.token_rows(different)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit


def with_count_power(name: str | None, power: float) -> CountPower:
    """The static encoder of that name or folder (None: the bundled one) with that power.

    Raises EncoderError for another kind of encoder, whose words can't be counted.
    """
    base = load_encoder(name)
    if not isinstance(base, StaticEncoder):
        raise EncoderError(f"{base.name} has no token vectors to count: give --count-power with a static encoder only")
    return CountPower(base, power)
