"""Encoders side by side on held-out pieces of many sources, and on English questions about the Chinese samples.

``python -m eval.benchmarks.retrieval --data ../shared/training [--encoder FOLDER]...`` prints, for each kind of
question, recall@10 by meaning alone, by words alone, and fused as the product fuses. It tells whether a new
encoder or other weights of the fusion are better everywhere, or only where they were tuned.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np

from eval.baselines import measure_retriever
from eval.benchmarks.held_out import KINDS, HeldOutSet, held_out_set
from eval.corpus import CachedCorpus
from eval.perturb import load_variants, perturbed, variants_of
from eval.question_set import load_questions
from eval.retrievers import Bm25Retriever, DenseRetriever, SearchRetriever, clause_passages
from eval.runner import resolve_all
from index.build import ingest_paths
from index.encoder import Encoder, Vectors, load_encoder
from index.fusion import ENGLISH_MARKS, Evidence, fuse, same_language
from index.lexical import LexicalEntry, LexicalIndex, LexicalSearcher
from index.store import Store
from index.tokens import query_terms, terms

DEPTH = 10
CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Row:
    """Recall@10 of one encoder on one set, 0 to 1; ``words`` is the same for every encoder."""

    set: str
    encoder: str
    questions: int
    meaning: float
    words: float
    fused: float


class TwoSearches:
    """The product's two searches over some texts, and their fusion, without a store around them."""

    def __init__(self, texts: Sequence[str], folder: Path) -> None:
        index = LexicalIndex.create(folder)
        index.add(LexicalEntry(row, 0, " ".join(terms(text))) for row, text in enumerate(texts))
        self._words: LexicalSearcher = index.searcher()

    def by_words(self, question: str) -> dict[int, float]:
        """BM25 scores of the best hundred rows, best first."""
        rows, scores = self._words.search(query_terms(question), CANDIDATES)
        return dict(zip(rows.tolist(), scores.tolist(), strict=True))

    def fused(self, question: str, cosines: Vectors) -> list[int]:
        """Rows as `index.searching` ranks them: a hundred candidates from either side, best first.

        ``cosines`` has the question's cosine with every text.
        """
        bm25 = self.by_words(question)
        rows = sorted({*nearest(cosines, CANDIDATES), *bm25})
        found = Evidence(
            dict(zip(rows, cosines[rows].tolist(), strict=True)),
            bm25,
            self._words.best_possible(query_terms(question)),
            complete=len(bm25) < CANDIDATES,
        )
        scores = fuse(found, same_language(question, self._words.share_with_any(ENGLISH_MARKS)))
        return sorted(scores, key=lambda row: (-scores[row], row))


def nearest(cosines: Vectors, count: int) -> list[int]:
    """The rows of the highest cosines, best first."""
    return [int(row) for row in np.argsort(-cosines, kind="stable")[:count]]


def measure_set(chosen: HeldOutSet, encoder: Encoder, searches: TwoSearches) -> Row:
    """One encoder's recall on one set."""
    texts, questions = encoder.encode(chosen.texts, "passage"), encoder.encode(chosen.questions, "query")
    shares: list[tuple[float, ...]] = []
    for question, vector, relevant in zip(chosen.questions, questions, chosen.relevant, strict=True):
        cosines = texts @ vector
        rankings = (nearest(cosines, DEPTH), list(searches.by_words(question)), searches.fused(question, cosines))
        most = min(DEPTH, len(relevant))
        shares.append(tuple(len(relevant & set(ranked[:DEPTH])) / most for ranked in rankings))
    meaning, words, fused = (round(fmean(column), 4) for column in zip(*shares, strict=True))
    return Row(chosen.name, encoder.name, len(chosen.questions), meaning, words, fused)


def measure_english(documents: Path, questions: Path, encoder: Encoder) -> Row:
    """hit@10 of the English wordings of a question set about Chinese documents, which get a store of their own."""
    asked, written = load_questions(questions), load_variants(variants_of(questions))
    worded = (perturbed(question, "english", written) for question in asked.questions if question.answerable)
    chosen = replace(asked, questions=tuple(question for question in worded if question is not None))
    with (
        tempfile.TemporaryDirectory(prefix="policyqa-english-") as folder,
        Store.open(Path(folder) / "store", encoder, create=True) as store,
    ):
        ingest_paths(store, [documents])
        corpus = CachedCorpus(store)
        gold = resolve_all(corpus, chosen, folder, allow_missing=True)
        clauses = clause_passages(corpus)
        ways = (DenseRetriever(clauses, encoder), Bm25Retriever(clauses), SearchRetriever(store))
        hits = [round(measure_retriever("", way, chosen, gold).measures["hit10"].mean, 4) for way in ways]
    return Row(f"english, {documents.name}", encoder.name, len(chosen.questions), *hits)


def table(rows: Sequence[Row]) -> list[str]:
    """Lines to read: a set each, every encoder's three figures beside each other."""
    encoders = list(dict.fromkeys(row.encoder for row in rows))
    lines = [f"{'recall@10':22} {'questions':>9}  " + "  ".join(f"{name[-24:]:>26}" for name in encoders)]
    lines.append(f"{'':22} {'':>9}  " + "  ".join(f"{'meaning':>8} {'words':>8} {'fused':>8}" for _ in encoders))
    for name in dict.fromkeys(row.set for row in rows):
        here = [row for row in rows if row.set == name]
        figures = "  ".join(f"{row.meaning:8.3f} {row.words:8.3f} {row.fused:8.3f}" for row in here)
        lines.append(f"{name:22} {here[0].questions:9}  {figures}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table, or with ``--json`` its rows; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.retrieval", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training data")
    parser.add_argument(
        "--encoder", action="append", help="name or folder, more than once to compare; default: bundled"
    )
    parser.add_argument("--sets", nargs="*", choices=sorted(KINDS), default=list(KINDS), help="default: all")
    parser.add_argument("--documents", type=Path, help="documents that English questions are asked about")
    parser.add_argument("--questions", type=Path, help="their questions, with English wordings beside them")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    encoders = [load_encoder(name) for name in given.encoder or [None]]
    rows: list[Row] = []
    for name in given.sets:
        chosen = held_out_set(name, given.data)
        with tempfile.TemporaryDirectory(prefix="policyqa-words-") as folder:
            searches = TwoSearches(chosen.texts, Path(folder) / "words")
            rows += [measure_set(chosen, encoder, searches) for encoder in encoders]
    if given.documents and given.questions:
        rows += [measure_english(given.documents, given.questions, encoder) for encoder in encoders]
    lines = [json.dumps([asdict(row) for row in rows], ensure_ascii=False)] if given.json else table(rows)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
