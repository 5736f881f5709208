"""Candidates from every server → a ranking of clauses, by the same fusion as in a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.engines.bm25 import Scorer
from index.engines.shard import Candidate, Found
from index.fusion import Evidence, fuse

CANDIDATES_PER_HIT = 10
LEAST_CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Ranked:
    """A clause's best passage with its scores, and the records to show it from."""

    candidate: Candidate
    score: float
    bm25: float | None
    clause: str
    document: str


def rank(found: Sequence[Found], scorer: Scorer, same_language: float, count: int, k: int) -> list[Ranked]:
    """The ``k`` best clauses, best first; a clause stands where its best passage stands. ``same_language`` is the share
    of all passages that are in the question's language.

    Scores are comparable between servers: cosines are, and BM25 is counted here with the sums over all of them.
    """
    pool: dict[tuple[int, str], Candidate] = {}
    meant: set[tuple[int, str]] = set()
    for server, part in enumerate(found):
        for candidate in part.candidates:
            pool[server, candidate.passage] = candidate
            if candidate.by_meaning:
                meant.add((server, candidate.passage))
    worded = {key: score for key, candidate in pool.items() if (score := scorer.score(candidate.terms)) > 0}
    bm25 = _top(worded, count, pool)
    nearest = _top({key: pool[key].cosine for key in meant}, count, pool)
    rows = {key: number for number, key in enumerate(sorted({*bm25, *nearest}))}
    evidence = Evidence(
        {row: pool[key].cosine for key, row in rows.items()},
        {rows[key]: score for key, score in bm25.items()},
        scorer.best_possible,
        complete=len(worded) < count,
    )
    scores = fuse(evidence, same_language)
    best: dict[str, tuple[int, str]] = {}
    for key in sorted(rows, key=lambda key: (-scores[rows[key]], key[0], pool[key].order)):
        best.setdefault(pool[key].clause_id, key)
        if len(best) == k:
            break
    return [
        Ranked(
            pool[key],
            scores[rows[key]],
            bm25.get(key),
            found[key[0]].clauses[pool[key].clause_id],
            found[key[0]].documents[pool[key].doc_id],
        )
        for key in best.values()
    ]


def _top(
    scores: Mapping[tuple[int, str], float], count: int, pool: Mapping[tuple[int, str], Candidate]
) -> dict[tuple[int, str], float]:
    """The ``count`` highest scores."""
    kept = sorted(scores, key=lambda key: (-scores[key], key[0], pool[key].order))[:count]
    return {key: scores[key] for key in kept}
