"""The contrastive loss: each question picks its own passage out of the batch's, and the other way round."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from index.training.batches import Batch
from index.training.table import TokenTable


def info_nce(queries: Tensor, passages: Tensor, same: Tensor, temperature: float) -> Tensor:
    """InfoNCE both ways (van den Oord et al. 2018); ``same`` marks the pairs that are no negatives.

    ``queries`` is ``[n, dim]``, ``passages`` ``[n + extra, dim]``, ``same`` ``[n, n + extra]``; passage i answers
    question i.
    """
    count = len(queries)
    scores = (queries @ passages.T / temperature).masked_fill(same, float("-inf"))
    target = torch.arange(count)
    forward = functional.cross_entropy(scores, target)
    backward = functional.cross_entropy(scores[:, :count].T, target)
    return (forward + backward) / 2


def train_step(
    table: TokenTable, batch: Batch, *, rate: float, temperature: float, dims: tuple[int, ...] = ()
) -> float:
    """One step of the table on one batch; returns the loss.

    ``dims`` adds the same loss on the first so many dimensions (Matryoshka, Kusupati et al. 2022), so that a user can
    cut vectors short.
    """
    everything = np.concatenate([batch.query_ids, batch.passage_ids]).astype(np.int64)
    tokens, places = np.unique(everything, return_inverse=True)
    rows = table.rows(tokens)
    split = len(batch.query_ids)
    place = torch.from_numpy(places)
    query_sums = _sums(place[:split], batch.query_lengths, rows.vectors)
    passage_sums = _sums(place[split:], batch.passage_lengths, rows.vectors)
    same = no_negatives(batch)
    loss = torch.zeros(())
    for width in (table.vectors.shape[1], *dims):
        queries = functional.normalize(query_sums[:, :width], dim=1, eps=1e-9)
        passages = functional.normalize(passage_sums[:, :width], dim=1, eps=1e-9)
        loss = loss + info_nce(queries, passages, same, temperature) / (1 + len(dims))
    loss.backward()  # type: ignore[no-untyped-call]
    table.step(rows, rate)
    return float(loss.detach())


def _sums(ids: Tensor, lengths: npt.NDArray[np.int64], rows: Tensor) -> Tensor:
    offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64))
    return functional.embedding_bag(ids, rows, offsets, mode="sum")


def no_negatives(batch: Batch) -> Tensor:
    """True where passage j must not count against question i: equal passages, or two answers to one question."""
    count = len(batch.query_lengths)
    passages = torch.from_numpy(np.unique(batch.passage_keys, return_inverse=True)[1])
    queries = torch.from_numpy(np.unique(batch.query_keys, return_inverse=True)[1])
    same = passages[:count, None] == passages[None, :]
    same[:, :count] |= queries[:, None] == queries[None, :]
    same.fill_diagonal_(False)
    return same
