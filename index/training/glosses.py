"""English questions about Chinese text that nobody had to write: each Chinese word gives way to a dictionary sense.

A mean of token vectors sees no word order, so a question put together from dictionary senses is as good a lesson for it
as a translated one, and there are far more of them.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.training.pairs import Ids, PairSet, Texts
from index.training.sources import read_rows

Glosses = dict[int, list[list[int]]]
PREFIX = "glossed_"  # of the name of a view whose questions are put into English
_SENSES = 3
_NO_MEANING = re.compile(r"\b(variant of|surname|classifier for|see also|old variant|abbr\. for|used in)\b.*")
_LITTLE_WORDS = re.compile(r"^(to be|to|the|an?)\s+")


def load_glosses(data: Path, tokenizer: Tokenizer) -> Glosses:
    """For each Chinese token that CC-CEDICT has: the tokens of its first senses."""
    vocabulary = tokenizer.get_vocab()
    glosses: Glosses = {}
    for row in read_rows(data, "parallel_cedict"):
        token = vocabulary.get(row["zh"])
        if token is None:
            continue
        senses = [re.sub(r"\([^)]*\)|\[[^\]]*\]", "", sense).strip() for sense in re.split(r"[;/]", row["en"])]
        kept = [_LITTLE_WORDS.sub("", sense) for sense in senses if sense and not _NO_MEANING.search(sense)]
        for encoding in tokenizer.encode_batch_fast(kept[:_SENSES], add_special_tokens=False):
            ids = [token_id for token_id in encoding.ids if token_id > 0]
            if 0 < len(ids) <= 6:
                glosses.setdefault(token, []).append(ids)
    return {token: senses[:_SENSES] for token, senses in glosses.items()}


def glossed(pairs: PairSet, glosses: Glosses, tokenizer: Tokenizer, seed: int) -> PairSet:
    """``pairs`` with English questions, named ``glossed_<name>``; Chinese words without a gloss go by their parts.

    Words that are no Chinese (numbers, names in letters) stay. Questions of which less than two thirds could be said
    in English are left out.
    """
    rng = np.random.default_rng(seed)
    words = {number: token for token, number in tokenizer.get_vocab().items()}
    vocabulary = tokenizer.get_vocab()
    cuts: dict[int, list[int]] = {}

    def pieces(token: int) -> list[int]:
        if token not in cuts:
            cuts[token] = _cut(words[token], vocabulary, glosses)
        return cuts[token]

    chunks: list[Ids] = []
    kept: list[int] = []
    for row in range(len(pairs)):
        ids = pairs.queries.ids[pairs.queries.ends[row] : pairs.queries.ends[row + 1]]
        said: list[int] = []
        silent = 0
        for token in ids.tolist():
            if words[token].isascii():
                said.append(token)
                continue
            parts = pieces(token)
            silent += not parts
            for part in parts:
                senses = glosses[part]
                said += senses[int(rng.integers(len(senses)))]
        if said and silent * 3 <= len(ids):
            chunks.append(np.array(said, dtype=np.int32))
            kept.append(row)
    rows = np.array(kept, dtype=np.int64)
    passage_ids, lengths = pairs.passages.take(rows)
    return PairSet(
        f"{PREFIX}{pairs.name}",
        Texts(np.concatenate(chunks), np.concatenate([[0], np.cumsum([len(chunk) for chunk in chunks])])),
        Texts(passage_ids, np.concatenate([[0], np.cumsum(lengths)])),
        pairs.held_out[rows],
        pairs.block,
    )


def _cut(word: str, vocabulary: dict[str, int], glosses: Glosses) -> list[int]:
    """The word itself where it has a gloss, else its longest parts that have one (劳动合同法: 劳动合同, 法)."""
    found: list[int] = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            token = vocabulary.get(word[start:end])
            if token in glosses and (end - start > 1 or len(word) == 1 or not found):
                found.append(token)
                break
        else:
            end = start + 1
        start = end
    return found
