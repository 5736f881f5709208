"""More English words for a finished model: those of the parallel data that its tokenizer spells out in pieces."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.training.sources import read_rows
from index.training.vocabulary import british_forms, parts_of, words_spelt_apart

Table = npt.NDArray[np.float32]
_PARALLEL = ("parallel_law_zh_en", "parallel_cedict", "parallel_tatoeba")
_WORD = re.compile(r"\b[a-z]{3,16}\b")
_FREQUENT = 6_000
_AS_FREQUENT = 12


def missing_words(data: Path, tokenizer: Tokenizer, most: int) -> list[tuple[str, int]]:
    """Up to ``most`` English words that are no token yet, each with how often it occurs, the most frequent first.

    Forms of known words, and British spellings of frequent ones, count as words seen a dozen times.
    """
    counts: Counter[str] = Counter()
    for name in _PARALLEL:
        for row in read_rows(data, name):
            counts.update(_WORD.findall(row["en"].lower()))
    vocabulary = tokenizer.get_vocab()
    wanted = counts.copy()
    frequent = [word for word, _ in counts.most_common() if len(word) > 3][:_FREQUENT]
    forms = (word for word in counts if any(True for _ in parts_of(word, vocabulary)))
    spelt = (form for word in frequent for form in british_forms(word))
    for form in (*forms, *words_spelt_apart(), *spelt):
        wanted[form] = max(wanted[form], _AS_FREQUENT)
    new = [(word, count) for word, count in wanted.items() if word not in vocabulary]
    return sorted(new, key=lambda item: (-item[1], item[0]))[:most]


def extended(tokenizer: Tokenizer, table: Table, words: list[tuple[str, int]]) -> tuple[Tokenizer, Table]:
    """The tokenizer with ``words`` as tokens at its end, and the table with a row for each.

    A new word starts out as the word that it is a form of, else as the pieces that it was read in until now.
    """
    state = json.loads(tokenizer.to_str())
    total = math.log(sum(count for _, count in words) * 100)
    state["model"]["vocab"] += [[word, math.log(count) - total] for word, count in words]
    larger = Tokenizer.from_str(json.dumps(state, ensure_ascii=False))
    vocabulary = larger.get_vocab()
    rows = np.vstack([table, np.zeros((len(words), table.shape[1]), dtype=np.float32)])
    for number, (word, _) in sorted(enumerate(words, start=len(table)), key=lambda item: len(item[1][0])):
        base = next(parts_of(word, vocabulary), None)
        pieces = [base] if base is not None else tokenizer.encode(word, add_special_tokens=False).ids
        rows[number] = rows[pieces].sum(axis=0)
    return larger, rows
