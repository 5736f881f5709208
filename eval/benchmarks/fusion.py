"""How far the encoder is trusted beside words: the constants of `index.fusion` tried on held-out questions.

``python -m eval.benchmarks.fusion --data ../shared/training --documents samples --questions FILE`` prints recall@10 of
the fused searches for each power and factor, on held-out pieces of the training data, and hit@5 and hit@10 of the
store's search on the question set. Neither STARD's dev questions nor those on the compilation are among them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eval.baselines import measure_retriever
from eval.benchmarks.held_out import held_out_set
from eval.benchmarks.retrieval import TwoSearches, measure_set
from eval.corpus import CachedCorpus
from eval.question import QuestionSet
from eval.question_set import load_questions
from eval.retrievers import SearchRetriever
from eval.runner import resolve_all
from index import fusion
from index.build import ingest_paths
from index.encoder import Encoder, load_encoder
from index.store import Store

POWERS = {0: (0.1, 0.25, 0.5, 1.0, 2.0), 1: (0.5, 1.0), 2: (1.0, 1.5), 3: (1.5, 2.0, 3.0), 4: (2.0, 4.0)}
SETS = ("policy", "consultations", "citizen_mail", "web", "law_heading")
Setting = tuple[int, float]


@contextmanager
def trusting(power: int, factor: float) -> Iterator[None]:
    """`index.fusion` with other constants for a while."""
    before = fusion.TRUST_POWER, fusion.TRUST
    fusion.TRUST_POWER, fusion.TRUST = power, factor
    try:
        yield
    finally:
        fusion.TRUST_POWER, fusion.TRUST = before


def compare_trust(
    data: Path, documents: Path, questions: QuestionSet, encoder: Encoder, settings: Sequence[Setting]
) -> dict[Setting, list[float]]:
    """For each setting the recall@10 of every set in `SETS`, then hit@5 and hit@10 of the question set."""
    figures: dict[Setting, list[float]] = {setting: [] for setting in settings}
    for name in SETS:
        chosen = held_out_set(name, data)
        with tempfile.TemporaryDirectory(prefix="policyqa-words-") as folder:
            searches = TwoSearches(chosen.texts, Path(folder) / "words")
            for setting in settings:
                with trusting(*setting):
                    figures[setting].append(measure_set(chosen, encoder, searches).fused)
    with (
        tempfile.TemporaryDirectory(prefix="policyqa-fusion-") as folder,
        Store.open(Path(folder) / "store", encoder, create=True) as store,
    ):
        ingest_paths(store, [documents])
        gold = resolve_all(CachedCorpus(store), questions, folder, allow_missing=True)
        asked = tuple(
            replace(question, question=" ".join((*question.history[-1:], question.question)))
            for question in questions.questions
            if question.answerable
        )
        for setting in settings:
            with trusting(*setting):
                row = measure_retriever("", SearchRetriever(store), replace(questions, questions=asked), gold)
            figures[setting] += [row.measures["hit5"].mean, row.measures["hit10"].mean]
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.fusion", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument("--documents", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True, help="questions about the documents")
    parser.add_argument("--encoder", help="name or folder; default: the bundled one")
    given = parser.parse_args(arguments)
    settings = [(power, factor) for power, factors in POWERS.items() for factor in factors]
    encoder, questions = load_encoder(given.encoder), load_questions(given.questions)
    figures = compare_trust(given.data, given.documents, questions, encoder, settings)
    lines = [f"{'weight':14}" + "".join(f"{name:>15}" for name in (*SETS, "hit@5", "hit@10"))]
    for (power, factor), values in figures.items():
        lines.append(f"{factor:4} c^{power:<8}" + "".join(f"{value:15.3f}" for value in values))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
