"""Late interaction: each word of a question against each word of a text, over the static encoder's token vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
TokenIds = npt.NDArray[np.int32]
_GROWTH = 8192
_MOST_READ = 20_000
_BLOCK = 256
"""Tokens that are compared at a time: their vectors stay in the processor's cache."""
NO_TOKENS: TokenIds = np.zeros(0, dtype=np.int32)
NOTHING: TokenIds = np.zeros(1, dtype=np.int32)
"""A token that means nothing: number 0 in every table, its vector zeros. A text that begins with it is never empty."""


@runtime_checkable
class TokenEncoder(Protocol):
    """An encoder that can say what each word means, as a static one can."""

    @property
    def vocabulary(self) -> int:
        """How many different tokens there are."""
        ...

    def token_ids(self, texts: Sequence[str]) -> list[TokenIds]:
        """For each text the vocabulary numbers of the pieces that it is read as."""
        ...

    def token_rows(self, ids: TokenIds) -> Vectors:
        """A row for each number; its length says how much the token matters."""
        ...


class TokenTable:
    """Token vectors by number, each kept once: a text is a short array of numbers, however many texts share its words.

    Grows with the words met, about 2 kB each.
    """

    def __init__(self, encoder: TokenEncoder, dim: int) -> None:
        self._encoder = encoder
        self._places: TokenIds = np.full(encoder.vocabulary, -1, dtype=np.int32)
        """Where each vocabulary number's vector stands here, -1 before it is first met."""
        self._count = 1
        self._read: dict[str, TokenIds] = {}
        self._weights: Vectors = np.zeros(_GROWTH, dtype=np.float32)
        self._rows: Vectors = np.zeros((_GROWTH, dim), dtype=np.float32)
        self._growing = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def ids(self, text: str) -> TokenIds:
        """The numbers of the different tokens in ``text``, in order of first appearance."""
        known = self._read.get(text)
        if known is None:
            (found,) = self.ids_of([text])
            known = np.fromiter(dict.fromkeys(found.tolist()), dtype=np.int32)
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            self._read[text] = known
        return known

    def ids_of(self, texts: Sequence[str]) -> list[TokenIds]:
        """The numbers of the tokens of each text, in order, repeats included: one call for many texts is quicker."""
        known = self._encoder.token_ids(texts)
        if known:
            joined = np.concatenate(known)
            places = self._places[joined]
            if len(places) and places.min() < 0:
                self._add(np.unique(joined[places < 0]))
        return [self._places[ids] for ids in known]

    def weight(self, token: int) -> float:
        """How much that token matters, 0 and up."""
        return float(self._weights[token])

    def rows(self, ids: TokenIds) -> Vectors:
        """The vectors of those tokens, float32 ``[len(ids), dim]``, of length 1 (0 for one that means nothing)."""
        rows: Vectors = self._rows[ids]
        return rows

    def _add(self, met: TokenIds) -> None:
        with self._growing:
            fresh = met[self._places[met] < 0]
            if not len(fresh):
                return
            rows = self._encoder.token_rows(fresh)
            lengths = np.linalg.norm(rows, axis=1)
            stop = self._count + len(fresh)
            while stop > len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
                self._weights = np.concatenate([self._weights, np.zeros_like(self._weights)])
            np.divide(rows, lengths[:, None], out=self._rows[self._count : stop], where=lengths[:, None] > 0)
            self._weights[self._count : stop] = lengths
            places = np.arange(self._count, stop, dtype=np.int32)
            self._count = stop
            self._places[fresh] = places


@dataclass(frozen=True, slots=True)
class TokenTexts:
    """Texts one after another: ``ids`` of all of them, ``starts`` of each. Each begins with `NOTHING`."""

    ids: TokenIds
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[TokenIds]) -> TokenTexts:
        """The texts of those tokens."""
        if not texts:
            return cls(NO_TOKENS, np.zeros(0, dtype=np.int64))
        lengths = np.fromiter((len(ids) + 1 for ids in texts), dtype=np.int64, count=len(texts))
        ids = np.concatenate([part for ids in texts for part in (NOTHING, ids)])
        return cls(ids, np.cumsum(lengths) - lengths)

    @property
    def each(self) -> tuple[TokenIds, ...]:
        """The tokens of each text, without `NOTHING`."""
        stops = [*self.starts[1:].tolist(), len(self.ids)]
        return tuple(self.ids[start + 1 : stop] for start, stop in zip(self.starts.tolist(), stops, strict=True))

    @classmethod
    def joined(cls, parts: Sequence[TokenTexts]) -> TokenTexts:
        """The texts of all parts, in order; there must be a part."""
        ids, starts = [part.ids for part in parts], [part.starts for part in parts]
        lengths = np.asarray(list(map(len, ids)), dtype=np.int64)
        before = np.repeat(np.cumsum(lengths) - lengths, list(map(len, starts)))
        return cls(np.concatenate(ids), np.concatenate(starts) + before)


def best_cosines(question: Vectors, texts: TokenTexts, table: TokenTable) -> Vectors:
    """Per text and question token the best cosine among the text's tokens, float32 ``[texts, len(question)]``.

    0 where a text has no tokens; negative cosines count as 0.
    """
    if not len(texts.starts) or not len(question):
        return np.zeros((len(texts.starts), len(question)), dtype=np.float32)
    # the numbers are small: marking those that occur beats sorting them
    met = np.zeros(len(table), dtype=np.bool_)
    met[texts.ids] = True
    where = (np.cumsum(met) - 1)[texts.ids]
    ids = np.flatnonzero(met).astype(np.int32)
    cosines = np.empty((len(ids), len(question)), dtype=np.float32)
    for start in range(0, len(ids), _BLOCK):
        np.matmul(table.rows(ids[start : start + _BLOCK]), question.T, out=cosines[start : start + _BLOCK])
    best: Vectors = np.maximum.reduceat(cosines.take(where, axis=0), texts.starts, axis=0)
    return best
