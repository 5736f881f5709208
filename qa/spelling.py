"""Typing slips: a word that the store never prints, sounding like one that it does (区快链 → 区块链)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, cached_property

from qa.lexicon import everyday
from qa.terms import known_word, question_words, words
from qa.wordcounts import WordCounts

_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 4
_FUNCTION = frozenset("的了么吗呢吧啊是有在和与要把被给那这什哪几个啥咋谁着过得地也都就还不没")


@cache
def _sounds_of(character: str) -> frozenset[str]:
    """The common toneless reading of a character; retroflexes and nasal endings that many speakers merge are merged."""
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.NORMAL, errors="ignore")
    return frozenset(_merged(one) for group in readings for one in group if one)


def _merged(reading: str) -> str:
    for said, written in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if reading.startswith(said):
            reading = written + reading[2:]
    return reading[:-1] if reading.endswith(("ang", "eng", "ing")) else reading


class Speller:
    """Mends questions against what the store's texts and names print, and against everyday words."""

    def __init__(self, counts: WordCounts, names: Iterable[str] = ()) -> None:
        self._counts = counts
        self._names = " ".join(names)
        self._everyday = frozenset(word for word in everyday() if len(word) <= _LONGEST)

    def prints(self, word: str) -> bool:
        """Whether the texts print ``word`` (in `plain` form)."""
        return self._counts.occurrences(word) > 0

    def mend(self, folded: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The question with its slips mended, and the (typed, meant) pairs."""
        corrections: dict[str, str] = {}
        for typed in self._suspects(folded):
            if typed in folded and (meant := self._meant(typed)):
                corrections[typed] = meant
                folded = folded.replace(typed, meant)
        return folded, tuple(corrections.items())

    def _suspects(self, folded: str) -> list[str]:
        """Stretches of two to four characters that no text prints and that make no word of everyday Chinese."""
        cut = words(folded)
        skipped = question_words()
        suspects: list[str] = []
        for i in range(len(cut)):
            for n in (1, 2, 3):
                piece = "".join(cut[i : i + n])
                if (
                    2 <= len(piece) <= _LONGEST
                    and _CHINESE_RUN.fullmatch(piece)
                    and piece in folded
                    and piece not in skipped
                    and not _FUNCTION & set(piece)
                    and (n == 1 or all(len(word) == 1 for word in cut[i : i + n]) or len(piece) > 2)
                    and not self._counts.occurrences(piece)
                    and piece not in self._names
                    and piece not in self._everyday
                ):
                    suspects.append(piece)
        return sorted(dict.fromkeys(suspects), key=len, reverse=True)

    def _meant(self, typed: str) -> str | None:
        """What the store prints that differs from ``typed`` in one character of the same sound, or None."""
        candidates: Counter[str] = Counter()
        for place, wrong in enumerate(typed):
            for sound in _sounds_of(wrong):
                for right in self._alike.get(sound, ()):
                    word = typed[:place] + right + typed[place + 1 :]
                    if right != wrong and known_word(word):
                        count = max(self._counts.occurrences(word), 2 if word in self._everyday else 0)
                        if count >= 2:
                            candidates[word] = count
        return candidates.most_common(1)[0][0] if candidates else None

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """The Chinese characters that the texts and everyday words have, by how they sound."""
        alike: dict[str, list[str]] = defaultdict(list)
        for letter in dict.fromkeys((*self._counts.letters(), *"".join(self._everyday))):
            if _CHINESE_RUN.match(letter):
                for sound in _sounds_of(letter):
                    alike[sound].append(letter)
        return alike
