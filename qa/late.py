"""Late interaction: each word of a question against each word of a text, over the static encoder's token vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
TokenIds = npt.NDArray[np.int32]
_GROWTH = 8192
NO_TOKENS: TokenIds = np.zeros(0, dtype=np.int32)


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that can say what each word means, as a static one can."""

    def tokens(self, text: str) -> tuple[str, ...]:
        """The pieces that ``text`` is read as."""
        ...

    def token_vectors(self, text: str) -> Vectors:
        """One unit row per piece."""
        ...

    def token_weights(self, text: str) -> Vectors:
        """How much each piece matters, 0 and up: what training found out about words that decide nothing."""
        ...


class TokenTable:
    """Token vectors by number, each kept once: a text is a short array of numbers, however many texts share its words.

    Grows with the words met, about 1 kB each.
    """

    def __init__(self, encoder: TokenEncoder, dim: int) -> None:
        self._encoder = encoder
        self._ids: dict[str, int] = {}
        self._weights: list[float] = []
        self._rows: Vectors = np.zeros((_GROWTH, dim), dtype=np.float32)
        self._growing = threading.Lock()

    def ids(self, text: str) -> TokenIds:
        """The numbers of the different tokens in ``text``, in order of first appearance."""
        tokens = self._encoder.tokens(text)
        if not tokens:
            return NO_TOKENS
        if any(token not in self._ids for token in tokens):
            self._add(tokens, self._encoder.token_vectors(text), self._encoder.token_weights(text))
        return np.fromiter(dict.fromkeys(self._ids[token] for token in tokens), dtype=np.int32)

    def weight(self, token: int) -> float:
        """How much that token matters, 0 and up."""
        return self._weights[token]

    def rows(self, ids: TokenIds) -> Vectors:
        """The vectors of those tokens, float32 ``[len(ids), dim]``."""
        rows: Vectors = self._rows[ids]
        return rows

    def _add(self, tokens: Sequence[str], vectors: Vectors, weights: Vectors) -> None:
        with self._growing:
            for token, vector, weight in zip(tokens, vectors, weights, strict=True):
                if token in self._ids:
                    continue
                number = len(self._weights)
                if number == len(self._rows):
                    self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._rows[number] = vector
                self._weights.append(float(weight))
                self._ids[token] = number


def best_cosines(question: Vectors, texts: Sequence[TokenIds], table: TokenTable) -> Vectors:
    """Per text and question token the best cosine among the text's tokens, float32 ``[len(texts), len(question)]``.

    0 where a text has no tokens; negative cosines count as 0.
    """
    best = np.zeros((len(texts), len(question)), dtype=np.float32)
    filled = [i for i, ids in enumerate(texts) if len(ids)]
    if not filled or not len(question):
        return best
    joined = np.concatenate([texts[i] for i in filled])
    different, where = np.unique(joined, return_inverse=True)
    cosines = np.maximum(table.rows(different) @ question.T, 0.0)
    starts = np.cumsum([0, *(len(texts[i]) for i in filled[:-1])])
    best[filled] = np.maximum.reduceat(cosines[where], starts, axis=0)
    return best
