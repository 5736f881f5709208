"""Hard negatives: passages that the model so far takes for answers, though nobody says they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from index.training.evaluation import Table, encode
from index.training.pairs import PairSet, Texts

Rows = npt.NDArray[np.int64]

_SKIPPED = 3  # the very best of the mined are too often answers that the data does not name
_SEEN = 60
_SAME = 0.95


def mine(table: Table, pairs: PairSet, pool: Texts, *, at_once: int = 256) -> Rows:
    """For each pair up to 57 rows of ``pool`` nearest to its question, int64, best first.

    Rows that are nearly some pair's passage (cosine above 0.95) are barred for all: a batch shares its negatives, and
    what answers one of its questions must not count against it as found for another.
    """
    passages, questions = encode(table, pool), encode(table, pairs.queries)
    barred = torch.zeros(len(pool), dtype=torch.bool)
    own = torch.unique(encode(table, pairs.passages), dim=0)
    for start in range(0, len(own), at_once):
        barred |= ((own[start : start + at_once] @ passages.T) > _SAME).any(dim=0)
    found: list[Rows] = []
    for start in range(0, len(questions), at_once):
        scores = (questions[start : start + at_once] @ passages.T).masked_fill(barred, -2.0)
        found.append(scores.topk(min(_SEEN, len(pool)), dim=1).indices[:, _SKIPPED:].numpy())
    return np.concatenate(found)


def draw(mined: Rows, rows: Rows, count: int, rng: np.random.Generator) -> Rows:
    """``count`` different rows of the pool out of what was mined for the pairs of a batch."""
    candidates = np.unique(mined[rows])
    return rng.choice(candidates, size=min(count, len(candidates)), replace=False)
