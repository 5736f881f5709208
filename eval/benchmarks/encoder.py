"""One encoder's figures: statute retrieval alone and fused with BM25, in Traditional characters, and its speed.

``python -m eval.benchmarks.encoder --benchmark ../shared/benchmarks/stard`` prints them for the bundled encoder;
``--encoder`` takes any name or folder that `index.encoder.load_encoder` does.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

from eval.beir import Benchmark, load_benchmark
from eval.metrics.latency import percentile
from eval.retrievers import Bm25Retriever, Passage
from index.encoder import Encoder, load_encoder

DEPTHS = (1, 5, 10, 100)
_POOL = 1_000
FUSED_WEIGHT = 8.0
"""What a cosine of 1 is worth beside the best BM25 score found, in ``fused``.

Chosen on 247 train questions with a model that had not seen them (recall@10/@100 by weight:
1 .536/.764, 2 .539/.770, 4 .557/.794, 8 .559/.798, 12 .559/.801, meaning alone .554/.777).
"""

Ranking = Mapping[str, Sequence[int]]
Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Speed:
    """On this machine: passages encoded in a second, and the middle and 95th percentile of one query in ms."""

    passages_per_s: float
    mean_passage_chars: float
    query_p50_ms: float
    query_p95_ms: float
    load_s: float


@dataclass(frozen=True, slots=True)
class EncoderFigures:
    """Recall by setting (``dense``, ``bm25``, ``fused``, ``traditional``) and depth, each 0 to 1, and the speed.

    ``fused`` is a plain sum (`FUSED_WEIGHT`), to tell what the two views are worth together; the product's own fusion
    is measured by ``policyqa eval external``.
    """

    encoder: str
    revision: str
    dim: int
    split: str
    queries: int
    recall: dict[str, dict[str, float]]
    speed: Speed


def recall(ranking: Ranking, benchmark: Benchmark, depth: int) -> float:
    """Mean over queries of the share of relevant texts among the first ``depth``, 0 to 1."""
    position = {entry.id: row for row, entry in enumerate(benchmark.corpus)}
    shares = []
    for query, grades in benchmark.qrels.items():
        wanted = {position[text] for text in grades}
        shares.append(len(wanted & set(ranking[query][:depth])) / len(wanted))
    return fmean(shares)


class Searches:
    """Both searches over one corpus, each question's scores kept."""

    def __init__(self, benchmark: Benchmark, encoder: Encoder) -> None:
        passages = [Passage(e.id, ((0, len(e.text)),), e.text, f"{e.title}\n{e.text}") for e in benchmark.corpus]
        self._encoder = encoder
        self._bm25 = Bm25Retriever(passages)
        started = time.perf_counter()
        self.vectors = encoder.encode([passage.indexed for passage in passages], "passage")
        self.encode_s = time.perf_counter() - started
        self.mean_chars = fmean(len(passage.indexed) for passage in passages)

    def cosines(self, questions: Sequence[str]) -> Scores:
        """Cosine of every question with every text, ``[questions, texts]``."""
        scores: Scores = self._encoder.encode(questions, "query") @ self.vectors.T
        return scores

    def words(self, question: str) -> dict[int, float]:
        """BM25 scores of the texts that share most with the question."""
        return dict(self._bm25.scores(question, _POOL))


def best_first(scores: Scores) -> list[int]:
    """Rows of the highest scores, best first."""
    return [int(row) for row in np.argsort(-scores, kind="stable")[: max(DEPTHS)]]


def fused(cosines: Scores, words: Mapping[int, float], weight: float = FUSED_WEIGHT) -> list[int]:
    """Texts by share of the best BM25 score found plus ``weight`` times cosine, best first."""
    total = cosines * weight
    highest = max(words.values(), default=0.0) or 1.0
    for row, score in words.items():
        total[row] += score / highest
    return best_first(total)


def measure(folder: Path, encoder: Encoder, *, split: str, load_s: float = 0.0) -> EncoderFigures:
    """All figures of one encoder on the benchmark in ``folder``."""
    benchmark = load_benchmark(folder, split)
    searches = Searches(benchmark, encoder)
    texts = list(benchmark.queries.values())
    cosines = searches.cosines(texts)
    words = [searches.words(text) for text in texts]
    rankings = {
        "dense": [best_first(row) for row in cosines],
        "bm25": [sorted(found, key=lambda row: -found[row]) for found in words],
        "fused": [fused(row, found) for row, found in zip(cosines, words, strict=True)],
        "traditional": [best_first(row) for row in searches.cosines(in_traditional(texts))],
    }
    figures = {
        name: {
            f"recall@{depth}": round(recall(dict(zip(benchmark.queries, ranked, strict=True)), benchmark, depth), 4)
            for depth in DEPTHS
        }
        for name, ranked in rankings.items()
    }
    speed = _speed(encoder, texts, searches, load_s)
    return EncoderFigures(encoder.name, encoder.revision, encoder.dim, split, len(texts), figures, speed)


def in_traditional(texts: Sequence[str]) -> list[str]:
    """The texts as a reader in Taiwan would type them (OpenCC, characters and phrases)."""
    from opencc import OpenCC

    converter = OpenCC("s2tw")
    return [converter.convert(text) for text in texts]


def _speed(encoder: Encoder, questions: Sequence[str], searches: Searches, load_s: float) -> Speed:
    waits = []
    for question in questions:
        started = time.perf_counter()
        encoder.encode([question], "query")
        waits.append((time.perf_counter() - started) * 1000)
    return Speed(
        passages_per_s=round(len(searches.vectors) / searches.encode_s, 1),
        mean_passage_chars=round(searches.mean_chars, 1),
        query_p50_ms=round(percentile(waits, 50) or 0.0, 3),
        query_p95_ms=round(percentile(waits, 95) or 0.0, 3),
        load_s=round(load_s, 3),
    )


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures as JSON and returns 0."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.encoder", description=__doc__)
    parser.add_argument("--benchmark", type=Path, required=True, help="folder with corpus, queries and qrels.SPLIT.tsv")
    parser.add_argument("--encoder", help="name or folder; default: the bundled one")
    parser.add_argument("--split", default="dev")
    given = parser.parse_args(arguments)
    started = time.perf_counter()
    encoder = load_encoder(given.encoder)
    encoder.encode(["预热"], "query")
    load_s = time.perf_counter() - started
    figures = measure(given.benchmark, encoder, split=given.split, load_s=load_s)
    sys.stdout.write(json.dumps(asdict(figures), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
