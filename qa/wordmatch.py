"""Which of a question's words stand in which texts, with rare words counting more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.language import Language
from qa.library import Shelf
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
    held = np.zeros((len(texts), len(groups)), dtype=np.float32)
    for column, group in enumerate(groups):
        for word, worth in group.words:
            pairs = [word[i : i + 2] for i in range(len(word) - 1)] if _divisible(word) else []
            for row, text in enumerate(texts):
                if held[row, column] >= worth:
                    continue
                if word in text:
                    held[row, column] = worth
                elif pairs:
                    share = sum(pair in text for pair in pairs) / len(pairs)
                    held[row, column] = max(held[row, column], worth * _PARTLY * share)
    return held


def coverage(groups: Sequence[Group], *texts: str) -> float:
    """The share of the question's words, by weight, that stand in any of ``texts``, 0 to 1."""
    if not groups:
        return 0.0
    return float(presence(groups, texts).max(axis=0) @ group_weights(groups))


def _divisible(word: str) -> bool:
    return len(word) >= 3 and "\u3400" <= word[0] <= "\u9fff"
