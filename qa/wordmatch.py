"""Which of a question's words stand in which texts, with rare words counting more."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from qa.language import Language
from qa.library import Shelf
from qa.lines import Lines, lines_of
from qa.question import Asked

Matrix = npt.NDArray[np.float32]

_UNPRINTED = 2.5
"""The rarity of a word that no text of the store prints: it says little about which clause is meant."""
_COUNTERPART = 0.85
_PARTLY = 0.6


@dataclass(frozen=True, slots=True)
class Group:
    """A question word with its official counterparts; a text that has any of them has the group."""

    words: tuple[tuple[str, float], ...]
    weight: float


def groups_of(asked: Asked, shelf: Shelf) -> tuple[Group, ...]:
    """The question's words with their counterparts, weighted by the square root of their rarity in the store."""
    rows: dict[str, list[tuple[str, float]]] = {}
    weights: dict[str, float] = {}
    english = asked.language is Language.EN
    for term in asked.terms:
        if english and term.stands_for is None and not shelf.count(term.word):
            continue  # an English word is met through its Chinese counterparts, or not at all
        key = term.stands_for or term.word
        rows.setdefault(key, []).append((term.word, 1.0 if term.stands_for is None else _COUNTERPART))
        weights[key] = max(weights.get(key, 0.0), min(term.weight, 1.0))
    groups = []
    for key, words in rows.items():
        present = [shelf.rarity(word) for word, _ in words if shelf.count(word)]
        rarity = min(present) if present else _UNPRINTED
        single = 0.4 if len(key) == 1 and not key.isdigit() else 1.0
        groups.append(Group(tuple(words), math.sqrt(rarity) * weights[key] * single))
    return tuple(groups)


def group_weights(groups: Sequence[Group]) -> Matrix:
    """The groups' shares of the question, float32 ``[groups]``, adding up to 1 (zeros where there is nothing)."""
    weights = np.asarray([group.weight for group in groups], dtype=np.float32)
    total = float(weights.sum())
    return weights / total if total > 0 else weights


def presence(groups: Sequence[Group], texts: Sequence[str]) -> Matrix:
    """How far each text holds each group, 0 to 1, float32 ``[texts, groups]``.

    A long word that is not there as a whole counts by the share of its character pairs that are (数据安全监管 in a text
    on 数据安全).
    """
    if not texts:
        return np.zeros((0, len(groups)), dtype=np.float32)
    # Clauses of one document share its title, neighbours their path: each text is looked through once.
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in texts]
    held = presence_in(groups, lines_of(list(numbers)))
    return held if len(held) == len(texts) else held[places]


def presence_in(groups: Sequence[Group], lines: Lines) -> Matrix:
    """How far each line holds each group, as `presence` has it: float32 ``[lines, groups]``."""
    words = [word for group in groups for word, _ in group.words]
    numbers: dict[str, int] = {}
    for piece in (piece for word in words for piece in (word, *_pairs(word))):
        numbers.setdefault(piece, len(numbers))
    there = _holding(list(numbers), lines)
    held = np.zeros((len(groups), len(lines.ends)), dtype=np.float32)
    for row, group in zip(held, groups, strict=True):
        for word, worth in group.words:
            np.maximum(row, there[numbers[word]] * worth, out=row)
            pairs = _pairs(word)
            if pairs:
                share = there[[numbers[pair] for pair in pairs]].sum(axis=0)
                np.maximum(row, share * (worth * _PARTLY / len(pairs)), out=row)
    return np.ascontiguousarray(held.T)


def _holding(pieces: Sequence[str], lines: Lines) -> Matrix:
    """1 where a line has a piece, else 0: float32 ``[pieces, lines]``."""
    # One scan of all lines at once for each piece is ten times as fast as asking every line.
    places = [[match.start() for match in _finder(piece)(lines.text)] for piece in pieces]
    counts = [len(each) for each in places]
    spots = np.fromiter(chain.from_iterable(places), dtype=np.int64, count=sum(counts))
    there = np.zeros((len(pieces), len(lines.ends)), dtype=np.float32)
    there[np.repeat(np.arange(len(pieces)), counts), np.searchsorted(lines.ends, spots, side="right")] = 1.0
    return there


@lru_cache(maxsize=10_000)
def _finder(piece: str) -> Callable[[str], Iterator[re.Match[str]]]:
    return re.compile(re.escape(piece)).finditer


@lru_cache(maxsize=10_000)
def _pairs(word: str) -> tuple[str, ...]:
    """The character pairs of a long Chinese word, none of any other."""
    return tuple(map(str.__add__, word, word[1:])) if len(word) >= 3 and "\u3400" <= word[0] <= "\u9fff" else ()


def coverage(groups: Sequence[Group], *texts: str) -> float:
    """The share of the question's words, by weight, that stand in any of ``texts``, 0 to 1."""
    if not groups:
        return 0.0
    return float(presence(groups, texts).max(axis=0) @ group_weights(groups))
