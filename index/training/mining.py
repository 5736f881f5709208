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


def mine(table: Table, pairs: PairSet, pool: Texts, *, at_once: int = 512) -> Rows:
    """For each pair 57 rows (fewer in a tiny pool) of ``pool`` nearest to its question, int64.

    Rows that are nearly the pair's own passage (cosine above 0.95) are replaced by the next row of the pool, which is
    as good as a random one.
    """
    passages, questions, own = encode(table, pool), encode(table, pairs.queries), encode(table, pairs.passages)
    found: list[Rows] = []
    for start in range(0, len(questions), at_once):
        rows = slice(start, start + at_once)
        best = (questions[rows] @ passages.T).topk(min(_SEEN, len(pool)), dim=1).indices[:, _SKIPPED:]
        alike = torch.einsum("nkd,nd->nk", passages[best], own[rows]) > 0.95
        found.append(torch.where(alike, (best + 997) % len(pool), best).numpy())
    return np.concatenate(found)


def draw(mined: Rows, rows: Rows, count: int, rng: np.random.Generator) -> Rows:
    """``count`` different rows of the pool out of what was mined for the pairs of a batch."""
    candidates = np.unique(mined[rows])
    return rng.choice(candidates, size=min(count, len(candidates)), replace=False)
