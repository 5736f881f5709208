"""Small measures on Chinese text: shared bigrams, how telling each is, and the first words of a sentence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable

_PIECE = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z]+|\d+")
_FIRST = re.compile(r"[^，,。；;：:！？!?\n]{2,}")


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, with words of other scripts and numbers taken whole."""
    found: set[str] = set()
    for piece in _PIECE.findall(text):
        if piece[0] >= "\u4e00":
            found.update(piece[i : i + 2] for i in range(len(piece) - 1))
        else:
            found.add(piece.lower())
    return frozenset(found)


class Telling:
    """How telling each bigram is among a set of texts: log(texts / texts that hold it), 0 for one that all hold."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        counts: Counter[str] = Counter()
        self._size = 0
        for grams in texts:
            counts.update(grams)
            self._size += 1
        self._weights = {gram: math.log((self._size + 1) / count) for gram, count in counts.items()}
        self._rare = math.log(self._size + 1) if self._size else 0.0

    def weight(self, gram: str) -> float:
        """0 and up."""
        return self._weights.get(gram, self._rare)

    def shared(self, left: frozenset[str], right: frozenset[str]) -> float:
        """The share, 0 to 1, of what the left text tells that the right one says too."""
        total = sum(self.weight(gram) for gram in left)
        return sum(self.weight(gram) for gram in left & right) / total if total else 0.0


def first_words(text: str, longest: int) -> str:
    """The words before the first punctuation mark, or nothing where they are longer than ``longest`` characters."""
    match = _FIRST.match(text)
    return match[0].strip() if match is not None and len(match[0]) <= longest else ""
