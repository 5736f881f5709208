"""English words learn what the Chinese ones already mean: only their vectors move, so Chinese figures stay as they are.

Passages don't move either, so they are encoded once, and a step costs little more than its questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.training.batches import Batch, keys_of
from index.training.evaluation import Table, encode
from index.training.loss import info_nce, no_negatives
from index.training.pairs import PairSet
from index.training.table import TokenTable

_ENGLISH = re.compile(r"[a-z][a-z'-]*")


def english_tokens(tokenizer: Tokenizer) -> npt.NDArray[np.bool_]:
    """For each token whether it is an English word or a piece of one."""
    vocabulary = tokenizer.get_vocab()
    english = np.zeros(len(vocabulary), dtype=np.bool_)
    for token, number in vocabulary.items():
        english[number] = bool(_ENGLISH.fullmatch(token))
    return english


@dataclass(frozen=True, slots=True)
class FixedPassages:
    """The passages of one view as a finished table has them: float16 ``[pairs, dim]``, rows of length 1."""

    vectors: Tensor

    @classmethod
    def of(cls, pairs: PairSet, table: Table) -> FixedPassages:
        """Encoded once, for all steps."""
        return cls(encode(table, pairs.passages).half())


def align_step(
    table: TokenTable,
    pairs: PairSet,
    passages: FixedPassages,
    rows: npt.NDArray[np.int64],
    rng: np.random.Generator,
    *,
    rate: float,
    temperature: float,
    token_dropout: float,
) -> float:
    """One step on the pairs ``rows``; returns the loss. Which tokens may move, ``table.frozen`` says."""
    ids, lengths = pairs.queries.take(rows)
    passage_ids, passage_lengths = pairs.passages.take(rows)
    batch = Batch(
        pairs.name,
        ids,
        lengths,
        passage_ids,
        passage_lengths,
        keys_of(ids, lengths),
        keys_of(passage_ids, passage_lengths),
    )
    keep = rng.random(len(ids)) >= token_dropout
    owners = np.repeat(np.arange(len(rows)), lengths)[keep]
    tokens, places = np.unique(ids[keep].astype(np.int64), return_inverse=True)
    found = table.rows(tokens)
    counts = np.bincount(owners, minlength=len(rows))
    offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64))
    sums = functional.embedding_bag(torch.from_numpy(places), found.vectors, offsets, mode="sum")
    questions = functional.normalize(sums, dim=1, eps=1e-9)
    loss = info_nce(questions, passages.vectors[torch.from_numpy(rows)].float(), no_negatives(batch), temperature)
    loss.backward()  # type: ignore[no-untyped-call]
    table.step(found, rate)
    return float(loss.detach())
