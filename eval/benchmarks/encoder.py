"""One encoder's figures: statute retrieval alone and fused with BM25, in Traditional characters, and its speed.

``python -m eval.benchmarks.encoder --benchmark ../shared/benchmarks/stard`` prints them for the bundled encoder;
``--encoder`` takes any name or folder that `index.encoder.load_encoder` does.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

from eval.beir import Benchmark, load_benchmark
from eval.benchmarks.pooling import with_count_power
from eval.benchmarks.retrieval import TwoSearches, nearest
from eval.metrics.latency import percentile
from index.encoder import Encoder, load_encoder

DEPTHS = (1, 5, 10, 100)
Ranking = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Speed:
    """On this machine: passages encoded in a second, by the clock and by the processor time of all threads, and the
    middle and 95th percentile of one query in ms.
    """

    passages_per_s: float
    passages_per_cpu_s: float
    mean_passage_chars: float
    query_p50_ms: float
    query_p95_ms: float
    load_cpu_s: float


@dataclass(frozen=True, slots=True)
class EncoderFigures:
    """Recall by setting (``dense``, ``bm25``, ``fused``, ``traditional``) and depth, each 0 to 1, and the speed.

    ``fused`` is the product's own fusion of the two (`index.fusion`), over a hundred candidates from either side.
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


def measure(folder: Path, encoder: Encoder, *, split: str, load_cpu_s: float = 0.0) -> EncoderFigures:
    """All figures of one encoder on the benchmark in ``folder``."""
    benchmark = load_benchmark(folder, split)
    texts, questions = [f"{e.title}\n{e.text}" for e in benchmark.corpus], list(benchmark.queries.values())
    started, started_cpu = time.perf_counter(), time.process_time()
    vectors = encoder.encode(texts, "passage")
    wall_s, cpu_s = time.perf_counter() - started, time.process_time() - started_cpu
    cosines = encoder.encode(questions, "query") @ vectors.T
    in_other_script = encoder.encode(in_traditional(questions), "query") @ vectors.T
    with tempfile.TemporaryDirectory(prefix="policyqa-words-") as words:
        searches = TwoSearches(texts, Path(words) / "words")
        rankings = {
            "dense": [nearest(row, DEPTHS[-1]) for row in cosines],
            "bm25": [list(searches.by_words(question)) for question in questions],
            "fused": [searches.fused(question, row) for question, row in zip(questions, cosines, strict=True)],
            "traditional": [nearest(row, DEPTHS[-1]) for row in in_other_script],
        }
    figures = {
        name: {
            f"recall@{depth}": round(recall(dict(zip(benchmark.queries, ranked, strict=True)), benchmark, depth), 4)
            for depth in DEPTHS
        }
        for name, ranked in rankings.items()
    }
    waits_ms = _waits_ms(encoder, questions)
    speed = Speed(
        passages_per_s=round(len(texts) / wall_s, 1),
        passages_per_cpu_s=round(len(texts) / cpu_s, 1),
        mean_passage_chars=round(fmean(map(len, texts)), 1),
        query_p50_ms=round(percentile(waits_ms, 50) or 0.0, 3),
        query_p95_ms=round(percentile(waits_ms, 95) or 0.0, 3),
        load_cpu_s=round(load_cpu_s, 3),
    )
    return EncoderFigures(encoder.name, encoder.revision, encoder.dim, split, len(questions), figures, speed)


def in_traditional(texts: Sequence[str]) -> list[str]:
    """The texts as a reader in Taiwan would type them (OpenCC, characters and phrases)."""
    from opencc import OpenCC

    converter = OpenCC("s2tw")
    return [converter.convert(text) for text in texts]


def _waits_ms(encoder: Encoder, questions: Sequence[str]) -> list[float]:
    waits = []
    for question in questions:
        started = time.perf_counter()
        encoder.encode([question], "query")
        waits.append((time.perf_counter() - started) * 1000)
    return waits


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures as JSON and returns 0."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.encoder", description=__doc__)
    parser.add_argument("--benchmark", type=Path, required=True, help="folder with corpus, queries and qrels.SPLIT.tsv")
    parser.add_argument("--encoder", help="name or folder; default: the bundled one")
    parser.add_argument("--count-power", type=float, help="count a token that occurs n times as n to this power")
    parser.add_argument("--split", default="dev")
    given = parser.parse_args(arguments)
    started = time.process_time()
    power = given.count_power
    encoder = load_encoder(given.encoder) if power is None else with_count_power(given.encoder, power)
    encoder.encode(["预热"], "query")
    load_cpu_s = time.process_time() - started
    figures = measure(given.benchmark, encoder, split=given.split, load_cpu_s=load_cpu_s)
    sys.stdout.write(json.dumps(asdict(figures), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
