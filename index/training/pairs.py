"""Pairs as token numbers in flat arrays: what a training step reads. Built once, kept beside the run."""

from __future__ import annotations

import hashlib
import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.script_fold import fold
from index.training.views import View

Ids = npt.NDArray[np.int32]
_AT_ONCE = 20_000
_HELD_OUT = {
    "statutes": 0.2,
    "statute_answers": 0.2,
    "policy": 0.1,
    "cmrc": 0.2,
    "drcd": 0.1,
    "squad": 0.1,
    "consultations": 0.2,
    "web": 0.15,
    "citizen_mail": 0.05,
}
_HELD_OUT_ELSEWHERE = 0.02


@dataclass(frozen=True, slots=True)
class Texts:
    """Many texts' token ids end to end; text i is ``ids[ends[i]:ends[i + 1]]``, at most ``longest`` tokens."""

    ids: Ids
    ends: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ends) - 1

    def take(self, rows: npt.NDArray[np.int64]) -> tuple[Ids, npt.NDArray[np.int64]]:
        """The token ids of the chosen texts end to end, and how many each has."""
        lengths = self.ends[rows + 1] - self.ends[rows]
        begins = np.repeat(self.ends[rows] - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return self.ids[begins + np.arange(len(begins))], lengths


@dataclass(frozen=True, slots=True)
class PairSet:
    """One view's pairs. ``held_out`` tells the rows that are never trained on while recipes are compared."""

    name: str
    queries: Texts
    passages: Texts
    held_out: npt.NDArray[np.bool_]
    block: int = 1

    def __len__(self) -> int:
        return len(self.queries)


def tokenize(tokenizer: Tokenizer, texts: Iterable[str], longest: int = 224) -> Texts:
    """The known tokens of each text (unknown ones, punctuation among them, are left out), cut at ``longest``."""
    chunks: list[Ids] = []
    lengths: list[int] = []

    def flush(batch: Sequence[str]) -> None:
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            ids = np.asarray(encoding.ids, dtype=np.int32)
            kept = ids[ids > 0][:longest]
            chunks.append(kept)
            lengths.append(len(kept))

    batch: list[str] = []
    for text in texts:
        batch.append(fold(text))
        if len(batch) == _AT_ONCE:
            flush(batch)
            batch = []
    if batch:
        flush(batch)
    ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Texts(np.concatenate(chunks) if chunks else np.zeros(0, np.int32), ends)


def held_out_share(view: str) -> float:
    """How much of a view is never trained on, 0 to 1: more of a small one, so that there is enough to measure on."""
    return _HELD_OUT.get(view, _HELD_OUT_ELSEWHERE)


def is_held_out(query: str, share: float) -> bool:
    """Whether a question belongs to the part that recipes are chosen on; the same question always answers the same."""
    return zlib.crc32(f"held out {query}".encode()) % 10_000 < share * 10_000


def build_pairs(view: View, data: Path, tokenizer: Tokenizer, *, seed: int, share: float, cache: Path) -> PairSet:
    """The pairs of ``view``, read from ``cache`` where the same data, tokenizer and seed have built them before."""
    vocabulary = zlib.crc32(tokenizer.to_str().encode())
    key = hashlib.sha256(f"{view.name} {vocabulary} {seed} {share}".encode()).hexdigest()[:12]
    file = cache / f"{view.name}-{key}.npz"
    if not file.is_file():
        texts = list(view.pairs(data, random.Random(f"{seed} {view.name}")))
        queries = tokenize(tokenizer, (pair.query for pair in texts), 96)
        passages = tokenize(tokenizer, (pair.passage for pair in texts))
        held_out = np.array([is_held_out(pair.key or pair.query, share) for pair in texts], dtype=bool)
        cache.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part.npz")
        np.savez(part, qi=queries.ids, qe=queries.ends, pi=passages.ids, pe=passages.ends, held_out=held_out)
        part.replace(file)
    with np.load(file) as stored:
        return PairSet(
            view.name,
            Texts(stored["qi"], stored["qe"]),
            Texts(stored["pi"], stored["pe"]),
            stored["held_out"],
            view.block,
        )
