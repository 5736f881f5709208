"""One score out of two: how near a passage is in meaning, and how much of the question's words it holds."""

from __future__ import annotations

from collections.abc import Mapping

COSINE_WEIGHT = 0.25
"""What a cosine of 1 is worth beside holding every word of the question, rare ones weighing more.

Chosen on the questions of odd position in ``../shared/questions``, reported on those of even position, with the bundled
``static-zh-en-512`` (``python -m eval.benchmarks.fusion --store DIR --questions FILE``; hit@1/5/10, odd · even):

    weight 0 (words alone)   .52/.71/.79 · .48/.78/.84
    weight 0.1               .50/.79/.84 · .49/.78/.87
    weight 0.25              .53/.81/.84 · .49/.78/.87
    weight 0.5               .53/.77/.84 · .49/.75/.89
    weight 1                 .55/.74/.82 · .48/.70/.84
    meaning alone            .47/.69/.73 · .37/.64/.76

An encoder that knows more deserves more: choose again when the bundled one changes. Other fusions, measured on an
earlier parse with the same halves: reciprocal ranks, k=60, 1:1 .56/.78/.83 · .42/.68/.81 and words 2:1
.56/.79/.87 · .47/.69/.79; BM25 over the highest found, not the best possible, + .5 cosine .59/.84/.91 · .44/.71/.81;
this one .60/.84/.87 · .47/.76/.84.

Dividing by the best possible score lets the balance fit the question: one in English over Chinese texts, or in
everyday words, explains little of itself by words, and then meaning decides.
"""
UNSEEN_SHARE = 0.7
"""A passage that only the search by meaning found is taken to hold this share of the words of the last passage that the
search by words gave. Measured on 400 statute questions (training part of STARD) over 42,200 articles, 100 candidates
from each side, hit@1/5/10: .31/.58/.69 with this, .31/.58/.68 with its true score (a second query, which costs more
than the first), .30/.53/.63 with none."""


def fuse(
    cosines: Mapping[int, float], bm25: Mapping[int, float], best_possible: float, *, complete: bool
) -> dict[int, float]:
    """A score for every row of ``cosines``: its share of the best possible BM25 score plus its weighted cosine.

    About -0.25 to 1.25, higher is better. ``best_possible`` is the BM25 score of a passage that holds every word;
    ``complete`` says that ``bm25`` has every row that holds any word.
    """
    share = 1 / best_possible if best_possible > 0 else 0.0
    unseen = 0.0 if complete or not bm25 else UNSEEN_SHARE * min(bm25.values())
    return {row: bm25.get(row, unseen) * share + COSINE_WEIGHT * cosine for row, cosine in cosines.items()}


def relevance(score: float) -> float:
    """A fused score as a share of the highest possible, 0 to 1."""
    return min(1.0, max(0.0, score / (1 + COSINE_WEIGHT)))
