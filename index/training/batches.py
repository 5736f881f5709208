"""Batches: pairs of one view at a time, shuffled in blocks, and words withheld that a pair has in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.training.pairs import Ids, PairSet, Texts

Lengths = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids of queries and of their passages end to end, with how many each text has.

    Further passages after the first ``len(query_lengths)`` are negatives for every query.
    """

    view: str
    query_ids: Ids
    query_lengths: Lengths
    passage_ids: Ids
    passage_lengths: Lengths
    query_keys: npt.NDArray[np.uint64]  # equal for equal questions, each of whose passages suits them all
    passage_keys: npt.NDArray[np.uint64]  # equal for equal passages, which are no negatives of each other


def schedule(
    sets: list[PairSet], repeats: dict[str, float], size: int, rng: np.random.Generator, *, held_out: bool
) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """One pass: ``(index of the set, rows)`` per batch, every set as often as ``repeats`` says, in random order.

    With ``held_out`` the rows that recipes are compared on stay out. A view of fewer rows than a batch makes smaller
    batches rather than repeating a pair inside one.
    """
    batches: list[tuple[int, npt.NDArray[np.int64]]] = []
    for index, pairs in enumerate(sets):
        rows = np.flatnonzero(~pairs.held_out) if held_out else np.arange(len(pairs))
        wanted = repeats.get(pairs.name, 1.0) * len(rows)
        while wanted >= 1:
            shuffled = _shuffle_blocks(rows, pairs.block, rng)[: int(min(wanted, len(rows)))]
            wanted -= len(rows)
            pieces = max(1, round(len(shuffled) / size))
            batches += [(index, piece) for piece in np.array_split(shuffled, pieces) if len(piece) > 1]
    order = rng.permutation(len(batches))
    return [batches[position] for position in order]


def _shuffle_blocks(rows: npt.NDArray[np.int64], block: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    if block == 1:
        return rng.permutation(rows)
    start = rng.integers(block)
    blocks = np.split(rows, range(int(start), len(rows), block))
    return np.concatenate([blocks[index] for index in rng.permutation(len(blocks))])


def assemble(
    pairs: PairSet,
    rows: npt.NDArray[np.int64],
    rng: np.random.Generator,
    *,
    overlap_dropout: float,
    token_dropout: float = 0.0,
    negatives: tuple[Texts, npt.NDArray[np.int64]] | None = None,
) -> Batch:
    """The batch of ``rows``: shared words leave the passage with probability ``overlap_dropout``.

    A model that can't lean on the words that both sides share learns what other words have to do with each other;
    word matching finds the shared ones anyway. ``token_dropout`` drops any token of either side.
    """
    query_ids, query_lengths = pairs.queries.take(rows)
    passage_ids, passage_lengths = pairs.passages.take(rows)
    query_keys, keys = keys_of(query_ids, query_lengths), keys_of(passage_ids, passage_lengths)
    if overlap_dropout:
        shared = _shared(query_ids, query_lengths, passage_ids, passage_lengths)
        keep = ~(shared & (rng.random(len(shared)) < overlap_dropout))
        passage_ids, passage_lengths = _filter(passage_ids, passage_lengths, keep)
    if negatives is not None:
        more_ids, more_lengths = negatives[0].take(negatives[1])
        keys = np.concatenate([keys, keys_of(more_ids, more_lengths)])
        passage_ids = np.concatenate([passage_ids, more_ids])
        passage_lengths = np.concatenate([passage_lengths, more_lengths])
    if token_dropout:
        query_ids, query_lengths = _filter(query_ids, query_lengths, rng.random(len(query_ids)) >= token_dropout)
        passage_ids, passage_lengths = _filter(
            passage_ids, passage_lengths, rng.random(len(passage_ids)) >= token_dropout
        )
    return Batch(pairs.name, query_ids, query_lengths, passage_ids, passage_lengths, query_keys, keys)


def _shared(left: Ids, left_lengths: Lengths, right: Ids, right_lengths: Lengths) -> npt.NDArray[np.bool_]:
    """For each right token: whether the left text of the same row has it."""
    left_rows = np.repeat(np.arange(len(left_lengths)), left_lengths).astype(np.int64)
    right_rows = np.repeat(np.arange(len(right_lengths)), right_lengths).astype(np.int64)
    return np.isin((right_rows << 32) | right, np.unique((left_rows << 32) | left))


def _filter(ids: Ids, lengths: Lengths, keep: npt.NDArray[np.bool_]) -> tuple[Ids, Lengths]:
    rows = np.repeat(np.arange(len(lengths)), lengths)
    return ids[keep], np.bincount(rows[keep], minlength=len(lengths)).astype(np.int64)


def keys_of(ids: Ids, lengths: Lengths) -> npt.NDArray[np.uint64]:
    """A number per text that equal texts share (an order-free sum, which is all that a mean of vectors can see)."""
    mixed = (ids.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    ends = np.concatenate([[0], np.cumsum(mixed, dtype=np.uint64)])
    stops = np.cumsum(lengths)
    result: npt.NDArray[np.uint64] = ends[stops] - ends[stops - lengths]
    return result
