"""One score out of two: how near a passage is in meaning, and how much of the question's words it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

TRUST = 2.0
TRUST_POWER = 3
"""Meaning counts `TRUST` times the third power of the highest cosine found, beside a share of the question's words.

How far an encoder is to be believed depends on the text, and the encoder says so itself: about statutes, whose
vocabulary it knows, its best cosines are about .7, about long clauses under long headings .5. A fixed weight fits one
and spoils the other; `docs/encoders.md` has the table and the command.
"""
FOREIGN_TRUST = 1.5
"""What meaning counts at least where no passage is in the question's language: there words say next to nothing, and
those of the few passages in its own language would say too much."""
ENGLISH_MARKS = ("the", "of", "and")
"""Words of which an English passage has at least one, and a Chinese one none."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What both searches found: cosines and BM25 scores by row, and the BM25 score of a passage with every word.

    ``complete`` says that ``bm25`` has every row that holds any word.
    """

    cosines: Mapping[int, float]
    bm25: Mapping[int, float]
    best_possible: float
    complete: bool


def meaning_weight(highest_cosine: float, same_language: float) -> float:
    """What a cosine of 1 is worth beside holding every word of the question; 0 and up.

    ``same_language`` is the share of the passages that are in the question's language, 0 to 1.
    """
    own: float = TRUST * max(0.0, highest_cosine) ** TRUST_POWER
    return max(own, FOREIGN_TRUST * (1 - same_language))


def fuse(found: Evidence, same_language: float = 1.0) -> dict[int, float]:
    """A score for every row of ``found.cosines``, as `blend` gives them."""
    cosines = np.fromiter(found.cosines.values(), dtype=np.float64, count=len(found.cosines))
    bm25 = np.asarray([found.bm25.get(row, np.nan) for row in found.cosines], dtype=np.float64)
    scores = blend(cosines, bm25, found.best_possible, complete=found.complete, same_language=same_language)
    return dict(zip(found.cosines, scores.tolist(), strict=True))


def blend(
    cosines: Numbers, bm25: Numbers, best_possible: float, *, complete: bool, same_language: float = 1.0
) -> Numbers:
    """A score for each passage: the weighted mean of its cosine and of its share of the best possible BM25 score. About
    -1 to 1, higher is better. ``bm25`` is NaN where the search by words did not give the passage.

    A passage that only the search by meaning found is taken to hold as much as the last that the search by words gave:
    less would punish it for a limit of ours (recall@10 of held-out policy questions .487 at seven tenths, .537 at all).
    """
    weight = meaning_weight(float(cosines.max(initial=0.0)), same_language)
    share = 1 / best_possible if best_possible > 0 else 0.0
    unseen = np.isnan(bm25)
    least = 0.0 if complete or unseen.all() else float(np.nanmin(bm25))
    scores: Numbers = (np.where(unseen, least, bm25) * share + weight * cosines) / (1 + weight)
    return scores


def same_language(question: str, english_share: float) -> float:
    """The share of passages in the question's language, 0 to 1, where ``english_share`` of them are English.

    A question with one Chinese character is Chinese, however many Latin names it has; one without letters is at home
    anywhere.
    """
    if _HAN.search(question):
        return 1 - english_share
    return english_share if _LATIN.search(question) else 1.0


def relevance(score: float) -> float:
    """A fused score as a share of the highest possible, 0 to 1."""
    return min(1.0, max(0.0, score))
