"""Word statistics of an engine's files, kept at the reader, and BM25 with them: the same on every server of a store.

An engine's own BM25 counts within one server, or one segment of it, and does not tell how rare it found a word. So each
file carries how many of its passages hold each term; a reader adds these up, over all servers, and scores with the sums
whatever passages the engines found.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

from index.engines.shard import View

K1 = 1.2
B = 0.75
"""As in `index.lexical`, so that scores mean the same."""
_MOST_FILES = 2_000
"""Beyond these a sample of the files is counted: rarity is a logarithm, which a sample of this size tells well."""
_KEY_BITS = 62


def file_key(name: str) -> int:
    """A file's key, from its name: spread evenly from 0 to 2**62."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> (64 - _KEY_BITS)


def sample_bound(share: float) -> int:
    """Keys below this make up that share of all files."""
    return int(share * (1 << _KEY_BITS))


def pack(passages: Iterable[str]) -> bytes:
    """In how many of the passages, given as terms with spaces between them, each term stands."""
    counts = Counter(term for terms in passages for term in set(terms.split()))
    return zlib.compress(json.dumps(counts, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(packed: bytes) -> dict[str, int]:
    """What `pack` wrote."""
    counts: dict[str, int] = json.loads(zlib.decompress(packed))
    return counts


def rough_length(terms: int) -> int:
    """A passage's length as tantivy keeps it, in one byte: exact to 40, then in steps of 2, 4, 8, … eight of each.

    So that a passage has the same score on a server as in a folder.
    """
    edge, step = 40, 2
    if terms <= edge:
        return terms
    while terms >= edge + 8 * step:
        edge, step = edge + 8 * step, 2 * step
    return edge + (terms - edge) // step * step


class WordTable:
    """Passages, their length, and the document frequency of every term on one server."""

    def __init__(self) -> None:
        self.generation: int | None = None
        self.passages = 0
        self.terms = 0
        self._share = 1.0
        self._held: dict[int, tuple[int, bytes]] = {}
        self._counts: Counter[str] = Counter()

    def refresh(self, view: View, generation: int) -> None:
        """Takes in what has changed since the last time."""
        totals = view.totals()
        share = 1.0
        while totals.files * share > _MOST_FILES:
            share /= 2
        wanted = view.sampled(share)
        self._share = share
        for key in [key for key, (edition, _) in self._held.items() if wanted.get(key) != edition]:
            self._counts.subtract(unpack(self._held.pop(key)[1]))
        fresh = [key for key in wanted if key not in self._held]
        for key, packed in view.word_counts(fresh).items():
            self._held[key] = (wanted[key], packed)
            self._counts.update(unpack(packed))
        self.passages, self.terms = totals.passages, totals.terms
        self.generation = generation

    def frequency(self, term: str) -> float:
        """About how many passages hold the term; exact up to 2,000 files."""
        return min(self._counts[term] / self._share, self.passages)


class Scorer:
    """BM25 of passages for one question, with the sums over all servers."""

    def __init__(self, words: Iterable[str], tables: Iterable[WordTable]) -> None:
        tables = list(tables)
        self._passages = sum(table.passages for table in tables)
        self._average = sum(table.terms for table in tables) / max(1, self._passages)
        self.weights: Mapping[str, float] = {
            word: self._rarity(sum(table.frequency(word) for table in tables)) for word in words
        }

    def _rarity(self, held: float) -> float:
        return math.log(1 + (self._passages - held + 0.5) / (held + 0.5))

    @property
    def best_possible(self) -> float:
        """The score that a passage full of every one of the words would come close to."""
        return sum(self.weights.values()) * (K1 + 1)

    def score(self, terms: str) -> float:
        """The BM25 score of a passage, given as terms with spaces between them; 0 where it holds none of the words."""
        held, weights = terms.split(), self.weights
        counts: dict[str, int] = {}
        for term in held:  # a plain loop: hundreds of passages a question, hundreds of terms each
            if term in weights:
                counts[term] = counts.get(term, 0) + 1
        base = K1 * (1 - B + B * rough_length(len(held)) / max(1.0, self._average))
        return sum(weights[term] * count * (K1 + 1) / (count + base) for term, count in counts.items())
