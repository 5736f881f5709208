"""How good a table is: statute retrieval on questions kept apart, and held-out pairs of the other sources."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from index.training.journal import Journal
from index.training.pairs import PairSet, Texts, is_held_out, tokenize
from index.training.sources import TrainingDataError

Table = npt.NDArray[np.float32]
Encode = Callable[[Texts], Tensor]
"""Texts -> one row of length 1 each."""
_DEPTHS = (1, 5, 10, 100)
COMPARED = (
    "policy",
    "law_en_sentence",
    "law_en_words",
    "glossed_policy",
    "tatoeba",
    "consultations",
    "web",
    "squad",
    "citizen_mail",
    "cmrc",
    "drcd",
    "abstracts",
    "news",
)


def encode(table: Table, texts: Texts) -> Tensor:
    """One row of length 1 per text (zeros where it has no token)."""
    ids = torch.from_numpy(texts.ids.astype(np.int64))
    with torch.no_grad():
        sums = functional.embedding_bag(ids, torch.from_numpy(table), torch.from_numpy(texts.ends[:-1]), mode="sum")
        return functional.normalize(sums, dim=1, eps=1e-9)


@dataclass(slots=True)
class StatuteBench:
    """STARD with its corpus: ``relevant[i]`` are the corpus rows that answer question i, ``split[i]`` its part.

    The part ``choose`` is taken from the train split by a fixed rule and serves to compare recipes; ``dev`` is only
    ever reported.
    """

    questions: Texts
    articles: Texts
    relevant: list[set[int]]
    split: npt.NDArray[np.str_]

    def recall(self, encoder: Encode, split: str) -> dict[str, float]:
        """Mean share of a question's articles among the first k, for k of 1, 5, 10 and 100; each 0 to 1."""
        rows = np.flatnonzero(self.split == split)
        questions, articles = encoder(_chosen(self.questions, rows)), encoder(self.articles)
        best = (questions @ articles.T).topk(max(_DEPTHS), dim=1).indices.numpy()
        return {
            f"recall@{depth}": round(
                fmean(
                    len(self.relevant[row] & set(top[:depth].tolist())) / len(self.relevant[row])
                    for row, top in zip(rows, best, strict=True)
                ),
                4,
            )
            for depth in _DEPTHS
        }


def load_statutes(folder: Path, tokenizer: Tokenizer, *, share: float) -> StatuteBench:
    """The benchmark in ``folder`` (queries, corpus, qrels); ``share`` of train becomes ``choose``."""
    try:
        with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            corpus = [json.loads(line) for line in lines]
        questions = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
        judged = (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]
    except OSError as error:
        raise TrainingDataError(f"{folder} is not the STARD benchmark: {error}") from error
    position = {article["id"]: number for number, article in enumerate(corpus)}
    relevant: dict[str, set[int]] = {}
    for line in judged:
        question, article, _ = line.split("\t")
        relevant.setdefault(question, set()).add(position[article])
    split = [
        "choose" if item["split"] == "train" and is_held_out(item["text"], share) else item["split"]
        for item in questions
    ]
    return StatuteBench(
        questions=tokenize(tokenizer, (item["text"] for item in questions), 200),
        articles=tokenize(tokenizer, (f"{item['title']}\n{item['text']}" for item in corpus), 400),
        relevant=[relevant.get(item["id"], set()) for item in questions],
        split=np.array(split),
    )


def held_out_hits(encoder: Encode, pairs: PairSet, *, questions: int = 500, others: int = 20_000) -> float:
    """Share of held-out questions with their passage in the first ten, 0 to 1, ``others`` trained passages mixed in."""
    rows = np.flatnonzero(pairs.held_out)[:questions]
    if not len(rows):
        return float("nan")
    pool = np.concatenate([rows, np.flatnonzero(~pairs.held_out)[:others]])
    queries, passages = encoder(_chosen(pairs.queries, rows)), encoder(_chosen(pairs.passages, pool))
    scores = queries @ passages.T
    own = scores[torch.arange(len(rows)), torch.arange(len(rows))][:, None]
    better = (scores > own + 1e-6).sum(dim=1)  # equal passages score alike and count as found
    return float((better < 10).float().mean())


def evaluate(
    encoder: Encode, stage: str, bench: StatuteBench | None, sets: Sequence[PairSet], journal: Journal
) -> None:
    """Notes how good the model is after a stage, on what it has not been trained on."""
    scores = bench.recall(encoder, "choose") if bench else {}
    scores |= {pairs.name: round(held_out_hits(encoder, pairs), 4) for pairs in sets if pairs.name in COMPARED}
    journal.note("evaluation", stage=stage, **scores)


def _chosen(texts: Texts, rows: npt.NDArray[np.int64]) -> Texts:
    ids, lengths = texts.take(rows)
    return Texts(ids, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
