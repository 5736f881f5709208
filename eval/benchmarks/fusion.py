"""How much weight meaning should have beside words, measured on a question set in two halves.

``python -m eval.benchmarks.fusion --store DIR --questions FILE`` prints hit@1, hit@5 and hit@10 of the store's search
for each weight, once over the questions of odd position (to choose on) and once over the others (to report). The last
turn of a conversation is put before a follow-up.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.baselines import measure_retriever
from eval.corpus import CachedCorpus
from eval.question import QuestionSet
from eval.question_set import load_questions
from eval.retrievers import SearchRetriever
from eval.runner import resolve_all
from index import fusion
from index.store import Store

WEIGHTS = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0, 2.0, 100.0)
_SHOWN = ("hit1", "hit5", "hit10")


def compare_weights(store: Store, questions: QuestionSet, weights: Sequence[float] = WEIGHTS) -> list[str]:
    """A line for each weight: the weight, then the three figures of either half."""
    gold = resolve_all(CachedCorpus(store), questions, str(store.folder), allow_missing=True)
    asked = [
        replace(question, question=" ".join((*question.history[-1:], question.question)))
        for question in questions.questions
        if question.answerable
    ]
    halves = [replace(questions, questions=tuple(asked[start::2])) for start in (1, 0)]
    lines = [f"{'weight':>8}  odd: {' '.join(_SHOWN)}   even: {' '.join(_SHOWN)}"]
    before = fusion.COSINE_WEIGHT
    try:
        for weight in weights:
            fusion.COSINE_WEIGHT = weight
            rows = [measure_retriever(str(weight), SearchRetriever(store), half, gold) for half in halves]
            figures = ["  ".join(f"{row.measures[name].mean:.3f}" for name in _SHOWN) for row in rows]
            lines.append(f"{weight:8.2f}       {'         '.join(figures)}")
    finally:
        fusion.COSINE_WEIGHT = before
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    given = parser.parse_args(arguments)
    with Store.open(given.store) as store:
        sys.stdout.write("\n".join(compare_weights(store, load_questions(given.questions))) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
