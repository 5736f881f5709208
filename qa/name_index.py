"""Names of documents laid out for looking up: which ones stand in a text, which hold given words, which share pairs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

_BETWEEN = "\0"
_HEAD = 4
_WORD = re.compile(r"[0-9a-z]+")
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF


class NameList:
    """Texts by number, found by what they begin with and by what they hold, without looking at each."""

    def __init__(self, names: Sequence[str], head: int = _HEAD) -> None:
        self.names = names
        self._head = head
        self._joined = _BETWEEN.join(names)
        self._starts: list[int] = []
        self._by_head: dict[str, list[int]] = defaultdict(list)
        start = 0
        for number, name in enumerate(names):
            self._starts.append(start)
            start += len(name) + 1
            if len(name) >= head:
                self._by_head[name[:head]].append(number)

    def standing_in(self, text: str) -> list[int]:
        """The numbers of the names that stand in ``text``, ascending; those shorter than the head are left out."""
        found: set[int] = set()
        for start in range(len(text) - self._head + 1):
            for number in self._by_head.get(text[start : start + self._head], ()):
                if text.startswith(self.names[number], start):
                    found.add(number)
        return sorted(found)

    def beginning_with(self, head: str) -> Sequence[int]:
        """The numbers of the names that begin with ``head``, which has the length of the list's heads."""
        return self._by_head.get(head, ())

    def holding(self, words: str) -> Iterator[int]:
        """The numbers of the names that hold ``words``, ascending, each once."""
        place = self._joined.find(words)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield number
            following = self._starts[number] + len(self.names[number]) + 1
            place = self._joined.find(words, following)


class PairIndex:
    """In which texts two neighbouring Chinese characters stand, or a whole Latin word or number."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.count = len(texts)
        self._words: dict[str, int] = {}
        joined = _BETWEEN.join(texts)
        points = _points(joined)
        owners = np.repeat(np.arange(len(texts)), [len(text) + 1 for text in texts])[: len(points)]
        places = _pair_places(points)
        codes = [_pair_codes(points, places)]
        held = [owners[places]]
        words = [(match[0], match.start()) for match in _WORD.finditer(joined)]
        codes.append(np.asarray([self._word_code(word) for word, _ in words], dtype=np.int64))
        held.append(owners[[start for _, start in words]])
        # one number for a pair and its text, so that sorting groups the texts of a pair and drops repeats
        both = np.unique(np.concatenate(codes) * max(1, len(texts)) + np.concatenate(held))
        self._texts = (both % max(1, len(texts))).astype(np.int32)
        self._codes, self._starts = np.unique(both // max(1, len(texts)), return_index=True)
        self._stops = np.append(self._starts[1:], len(both))

    def texts_by_pair(self, text: str) -> list[npt.NDArray[np.int32]]:
        """For each different pair of ``text`` that stands anywhere, the numbers of the texts that hold it."""
        wanted = self._codes_of(text)
        if not len(wanted) or not len(self._codes):
            return []
        at = np.minimum(np.searchsorted(self._codes, wanted), len(self._codes) - 1)
        known = at[self._codes[at] == wanted]
        return [self._texts[self._starts[i] : self._stops[i]] for i in known]

    def pairs_in(self, text: str) -> int:
        """How many different pairs ``text`` has."""
        points = _points(text)
        words = {match[0] for match in _WORD.finditer(text)}
        return len(np.unique(_pair_codes(points, _pair_places(points)))) + len(words)

    def _codes_of(self, text: str) -> Numbers:
        points = _points(text)
        words = [self._words[m[0]] for m in _WORD.finditer(text) if m[0] in self._words]
        return np.unique(np.concatenate([_pair_codes(points, _pair_places(points)), np.asarray(words, dtype=np.int64)]))

    def _word_code(self, word: str) -> int:
        return self._words.setdefault(word, -1 - len(self._words))


def _points(text: str) -> Numbers:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)


def _pair_places(points: Numbers) -> Numbers:
    han = (points >= _FIRST_HAN) & (points <= _LAST_HAN)
    return np.flatnonzero(han[:-1] & han[1:])


def _pair_codes(points: Numbers, places: Numbers) -> Numbers:
    codes: Numbers = points[places] * 0x10000 + points[places + 1] if len(places) else np.empty(0, dtype=np.int64)
    return codes
