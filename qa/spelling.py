"""Typing slips: a word that the store never prints, sounding like one that it does (区快链 → 区块链)."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from qa.lexicon import everyday
from qa.terms import known_word, log_frequency, question_words, words
from qa.wordcounts import WordCounts

_CHINESE_RUN = re.compile(r"[\u3400-\u9fff]+")
_LONGEST = 4
_FUNCTION = frozenset("的了么吗呢吧啊是有在和与要把被给那这什哪几个啥咋谁着过得地也都就还不没多少")
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两")
_FREE = frozenset("里能往全会可去来又再上下")
"""Characters that are words of their own more often than not: 条里 and 能收 are two words, 管里规定 is a slip."""
_IN_NO_SLIP = _FUNCTION | _NUMERALS
_ACROSS_NO_SLIP = _IN_NO_SLIP | _FREE
_LEAST_ODDS = 2.2
_LEAST_ODDS_UNPRINTED = 6.0
"""How much likelier what is meant must be than what is typed, as logarithms of everyday frequencies: on the questions
of the samples and of the compilation's training set slips have 2.3 to 12.7, and words that were meant as typed up to
2.0, or up to 4.9 where the store does not print what they were taken for."""


@cache
def _sounds_of(character: str) -> frozenset[str]:
    """The common toneless reading of a character; retroflexes and nasal endings that many speakers merge are merged."""
    # single characters are all that is asked of it: its 47,000 phrases take 0.2 s to load
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.NORMAL, errors="ignore")
    return frozenset(_merged(one) for group in readings for one in group if one)


def _merged(reading: str) -> str:
    for said, written in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if reading.startswith(said):
            reading = written + reading[2:]
    return reading[:-1] if reading.endswith(("ang", "eng", "ing")) else reading


@dataclass(frozen=True, slots=True)
class _Typed:
    """A stretch that may be a slip, the words that it is cut into, and the words on either side."""

    text: str
    parts: tuple[str, ...]
    before: str
    after: str


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
            if typed.text in folded and (meant := self._meant(typed)):
                corrections[typed.text] = meant
                folded = folded.replace(typed.text, meant)
        return folded, tuple(corrections.items())

    def _suspects(self, folded: str) -> list[_Typed]:
        """Stretches of two to four characters that no text prints and that make no word of everyday Chinese."""
        cut = words(folded)
        skipped = question_words()
        suspects: dict[str, _Typed] = {}
        for i in range(len(cut)):
            for n in (1, 2, 3):
                piece = "".join(cut[i : i + n])
                if (
                    2 <= len(piece) <= _LONGEST
                    and _CHINESE_RUN.fullmatch(piece)
                    and piece in folded
                    and piece not in skipped
                    and _IN_NO_SLIP.isdisjoint(piece)
                    and (n == 1 or all(len(word) == 1 for word in cut[i : i + n]) or len(piece) > 2)
                    and not self._counts.occurrences(piece)
                    and piece not in self._names
                    and piece not in self._everyday
                ):
                    before, after = "".join(cut[i - 1 : i]), "".join(cut[i + n : i + n + 1])
                    suspects.setdefault(piece, _Typed(piece, tuple(cut[i : i + n]), before, after))
        for typed in self._across(folded):
            suspects.setdefault(typed.text, typed)
        return sorted(suspects.values(), key=lambda typed: -len(typed.text))

    def _across(self, folded: str) -> Iterator[_Typed]:
        """Three characters across the words that a slip makes the segmenter see (停电 平车 for 停 电瓶车)."""
        for run in _CHINESE_RUN.findall(folded):
            for i in range(len(run) - 2):
                piece = run[i : i + 3]
                if (
                    _ACROSS_NO_SLIP.isdisjoint(piece)
                    and not self._counts.occurrences(piece)
                    and not known_word(piece)
                    and piece not in self._names
                    and piece not in self._everyday
                ):
                    yield _Typed(piece, (), "", "")

    def _meant(self, typed: _Typed) -> str | None:
        """What the store prints that differs from what is typed in one character of the same sound, or None."""
        candidates: Counter[str] = Counter()
        for place, wrong in enumerate(typed.text):
            for sound in _sounds_of(wrong):
                for right in self._alike.get(sound, ()):
                    word = typed.text[:place] + right + typed.text[place + 1 :]
                    if right != wrong and (known_word(word) if typed.parts else word in self._everyday):
                        count = max(self._counts.occurrences(word), 2 if word in self._everyday else 0)
                        if count >= 2:
                            candidates[word] = count
        meant = candidates.most_common(1)[0][0] if candidates else None
        return meant if meant is not None and self._is_slip(typed, meant) else None

    def _is_slip(self, typed: _Typed, meant: str) -> bool:
        """Whether the evidence is strong: the texts print what is meant beside the same word, or it is far likelier.

        Across words, an everyday word is evidence enough.
        """
        if not typed.parts:
            return True
        if self._counts.occurrences(typed.before + meant) and typed.before:
            return True
        if self._counts.occurrences(meant + typed.after) and typed.after:
            return True
        if len(typed.parts) > 1 and _FREE & set(typed.text):
            return False
        least = _LEAST_ODDS if self._counts.occurrences(meant) else _LEAST_ODDS_UNPRINTED
        return log_frequency(meant) - sum(map(log_frequency, typed.parts)) >= least

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """The Chinese characters that the texts and everyday words have, by how they sound."""
        alike: dict[str, list[str]] = defaultdict(list)
        for letter in dict.fromkeys((*self._counts.letters(), *"".join(self._everyday))):
            if _CHINESE_RUN.match(letter):
                for sound in _sounds_of(letter):
                    alike[sound].append(letter)
        return alike
