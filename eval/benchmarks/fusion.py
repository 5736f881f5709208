"""How far the encoder is trusted beside words: the constants of `index.fusion` tried on questions of many kinds.

``python -m eval.benchmarks.fusion --data ../shared/training --set samples FILE [--set …] [--benchmark STARD]`` prints
for each setting recall@10 on held-out pieces of the training data, hit@5 and hit@10 of ``policyqa search`` for every
question set over its documents, and recall@10 and @100 of a benchmark's dev questions, to be looked at only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from statistics import fmean

from eval.baselines import measure_retriever
from eval.beir import Benchmark, load_benchmark
from eval.benchmarks.held_out import held_out_set
from eval.benchmarks.pooling import with_count_power
from eval.benchmarks.retrieval import TwoSearches
from eval.corpus import CachedCorpus
from eval.question import QuestionSet
from eval.question_set import load_questions
from eval.retrievers import SearchRetriever
from eval.runner import resolve_all
from index import fusion
from index.build import ingest_paths
from index.encoder import Encoder, load_encoder
from index.store import Store

POWERS = {0: (0.25, 0.6, 1.0), 1: (0.5,), 2: (1.0, 1.5), 3: (2.0, 3.0), 4: (4.0,)}
SETS = ("policy", "consultations", "citizen_mail", "web", "law_heading")
Setting = tuple[int, float]
Measure = Callable[[], list[float]]


@contextmanager
def trusting(power: int, factor: float) -> Iterator[None]:
    """`index.fusion` with other constants for a while."""
    before = fusion.TRUST_POWER, fusion.TRUST
    fusion.TRUST_POWER, fusion.TRUST = power, factor
    try:
        yield
    finally:
        fusion.TRUST_POWER, fusion.TRUST = before


@contextmanager
def asked_of(documents: Path, questions: QuestionSet, encoder: Encoder) -> Iterator[Measure]:
    """hit@5 and hit@10 of ``policyqa search`` over a store of the documents."""
    with (
        tempfile.TemporaryDirectory(prefix="policyqa-fusion-") as folder,
        Store.open(Path(folder) / "store", encoder, create=True) as store,
    ):
        ingest_paths(store, [documents])
        gold = resolve_all(CachedCorpus(store), questions, folder, allow_missing=True)

        def measure() -> list[float]:
            row = measure_retriever("", SearchRetriever(store), questions, gold)
            return [row.measures["hit5"].mean, row.measures["hit10"].mean]

        yield measure


def compare_trust(measures: Iterable[Measure], settings: Sequence[Setting]) -> dict[Setting, list[float]]:
    """For each setting what every measure gives, one after the other."""
    held = list(measures)
    figures: dict[Setting, list[float]] = {}
    for setting in settings:
        with trusting(*setting):
            figures[setting] = [value for measure in held for value in measure()]
    return figures


def pieces(name: str, data: Path, encoder: Encoder, words: Path) -> Measure:
    """Recall@10 of the fused searches on the held-out set of that name; ``words`` is a folder for its word index."""
    chosen = held_out_set(name, data)
    return _recalls(chosen.texts, chosen.questions, chosen.relevant, encoder, words, (10,))


def statutes(benchmark: Benchmark, encoder: Encoder, words: Path) -> Measure:
    """Recall@10 and recall@100 of the fused searches on a benchmark; ``words`` is a folder for its word index."""
    texts = [f"{entry.title}\n{entry.text}" for entry in benchmark.corpus]
    row_of = {entry.id: row for row, entry in enumerate(benchmark.corpus)}
    relevant = [frozenset(row_of[text] for text in benchmark.qrels[query]) for query in benchmark.queries]
    return _recalls(texts, list(benchmark.queries.values()), relevant, encoder, words, (10, 100))


def _recalls(
    texts: Sequence[str],
    questions: Sequence[str],
    relevant: Sequence[frozenset[int]],
    encoder: Encoder,
    words: Path,
    depths: Sequence[int],
) -> Measure:
    searches = TwoSearches(texts, words)
    cosines = encoder.encode(questions, "query") @ encoder.encode(texts, "passage").T

    def measure() -> list[float]:
        ranked = [searches.fused(question, row) for question, row in zip(questions, cosines, strict=True)]
        pairs = list(zip(relevant, ranked, strict=True))
        return [fmean(len(own & set(r[:depth])) / min(depth, len(own)) for own, r in pairs) for depth in depths]

    return measure


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.fusion", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder of the training data, for its held-out pieces")
    parser.add_argument(
        "--set", nargs=2, action="append", default=[], type=Path, metavar=("DOCUMENTS", "QUESTIONS"), dest="sets"
    )
    parser.add_argument("--benchmark", type=Path, help="folder with corpus, queries and qrels.dev.tsv")
    parser.add_argument("--encoder", help="name or folder; default: the bundled one")
    parser.add_argument("--count-power", type=float, help="count a token that occurs n times as n to this power")
    given = parser.parse_args(arguments)
    power = given.count_power
    encoder = load_encoder(given.encoder) if power is None else with_count_power(given.encoder, power)
    with ExitStack() as open_ones:
        work = Path(open_ones.enter_context(tempfile.TemporaryDirectory(prefix="policyqa-words-")))
        measures: dict[str, Measure] = {}
        if given.data:
            measures |= {name: pieces(name, given.data, encoder, work / name) for name in SETS}
        for documents, questions in given.sets:
            asked = asked_of(documents, load_questions(questions), encoder)
            measures[questions.stem[-12:]] = open_ones.enter_context(asked)
        if given.benchmark:
            measures["dev R@10/100"] = statutes(load_benchmark(given.benchmark, "dev"), encoder, work / "benchmark")
        settings = [(exponent, factor) for exponent, factors in POWERS.items() for factor in factors]
        figures = compare_trust(measures.values(), settings)
    lines = [f"{'weight of meaning':20}" + "".join(f"{name:>16}" for name in measures)]
    for (exponent, factor), values in figures.items():
        left = iter(values)
        cells = ["/".join(f"{value:.3f}" for value in islice(left, 1 if c in SETS else 2)) for c in measures]
        lines.append(f"{factor:g} c^{exponent}".ljust(20) + "".join(f"{cell:>16}" for cell in cells))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
