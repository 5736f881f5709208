"""What speaks for a clause as the answer to a question, as numbers between 0 and 1 (a few reach below 0)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.types import Hit
from qa.fits import body_fit, definition_fit, document_fit, no_matter, quoted_fit, region_fit, shape_fit, year_fit
from qa.intent import Want
from qa.language import Language
from qa.late import TokenIds, best_cosines
from qa.library import Shelf, View
from qa.question import Asked
from qa.titles import official_rank
from qa.wordmatch import Group, Matrix, group_weights, groups_of, presence

NAMES: tuple[str, ...] = (
    "words_text",
    "words_sentence",
    "words_union",
    "words_path",
    "words_step",
    "words_rest",
    "words_profile",
    "list_heading",
    "late_text",
    "late_sentence",
    "late_union",
    "late_question",
    "dense",
    "dense_sentence",
    "dense_placed",
    "lexical",
    "search_rank",
    "title_affinity",
    "named_document",
    "other_document",
    "region",
    "year",
    "body",
    "quoted",
    "shape",
    "shape_sentence",
    "official",
    "length",
    "bare_heading",
    "no_matter",
    "label",
    "defines",
)
"""The columns of a feature matrix, in order. ``words_*`` are shares of the question's words by rarity, ``late_*`` the
same over token vectors (best cosine, by learned weight); ``*_union`` counts path, title and the clauses above too."""


_PROFILE = 0.8
"""What a word is worth that only the document's opening holds (the speaker, the occasion)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause under consideration, with its search hit where the search found it."""

    view: View
    hit: Hit | None = None
    exact: bool = False
    """Found by its number: 第四十五条 of a named document."""


def feature_matrix(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate]) -> Matrix:
    """One row per candidate, one column per name in `NAMES`, float32."""
    groups = groups_of(asked, shelf)
    words = _words(asked, shelf, groups, candidates)
    late = _late(asked, shelf, candidates)
    best_lexical = max((c.hit.score_bm25 or 0.0 for c in candidates if c.hit), default=0.0) or 1.0
    cosines = [c.hit.similarity_cosine for c in candidates if c.hit and c.hit.similarity_cosine is not None]
    least = min(cosines, default=0.0)
    question = shelf.encode_question(asked.search_text)
    rows = []
    for candidate, shared, meant in zip(candidates, words, late, strict=True):
        view, hit = candidate.view, candidate.hit
        rows.append(
            (
                *shared.shares,
                *meant,
                hit.similarity_cosine if hit and hit.similarity_cosine is not None else least,
                float((view.sentence_vectors @ question).max()),
                float((view.placed_vectors @ question).max()),
                (hit.score_bm25 or 0.0) / best_lexical if hit else 0.0,
                1 / (1 + hit.rank / 5) if hit else 0.0,
                asked.affinity.get(view.document.doc_id, 0.0),
                *document_fit(asked, view),
                region_fit(asked, view),
                year_fit(asked, view),
                body_fit(asked, view),
                quoted_fit(asked, view),
                shape_fit(asked, view.text),
                shape_fit(asked, view.sentence_texts[shared.best_sentence]),
                1.0 - official_rank(view.document) / 2,
                min(1.0, math.log1p(len(view.text)) / 6.5),
                1.0 if len(view.text) <= len(view.clause.label) + len(view.clause.heading) + 4 else 0.0,
                no_matter(asked, view, shelf),
                1.0 if candidate.exact else 0.0,
                definition_fit(asked, view),
            )
        )
    return np.asarray(rows, dtype=np.float32).reshape(len(candidates), len(NAMES))


@dataclass(frozen=True, slots=True)
class _Shared:
    """A candidate's shares of the question's words, in the order of the ``words_*`` columns and ``list_heading``."""

    shares: tuple[float, ...]
    best_sentence: int


def _words(asked: Asked, shelf: Shelf, groups: Sequence[Group], candidates: Sequence[Candidate]) -> list[_Shared]:
    texts: list[str] = []
    starts: list[int] = []
    for candidate in candidates:
        view = candidate.view
        starts.append(len(texts))
        profile = shelf.profile(view.document.doc_id)
        texts.extend((view.path, view.step, view.title, view.context, profile, *view.sentence_texts))
    held = presence(groups, texts)
    weights = group_weights(groups)
    listed = asked.intent.has(Want.LIST)
    shared = []
    for candidate, start, stop in zip(candidates, starts, [*starts[1:], len(texts)], strict=True):
        sentences = held[start + 5 : stop]
        windows = windowed(sentences)
        # words that the document's own name holds say which document is meant; the others say which clause
        rest = weights * (1.0 - held[start + 2])
        rest /= max(float(rest.sum()), 0.15)
        around = np.maximum(held[start : start + 4].max(axis=0), _PROFILE * held[start + 4])
        shared.append(
            _Shared(
                (
                    float((windows @ weights).max()),
                    float((sentences @ weights).max()),
                    float((np.maximum(windows, around) @ weights).max()),
                    float(held[start] @ weights),
                    float(held[start + 1] @ weights),
                    float((np.maximum(windows, held[start]) @ rest).max()),
                    float(held[start + 4] @ weights),
                    float(held[start + 1] @ rest) if listed and _has_items(shelf, candidate) else 0.0,
                ),
                int((sentences @ weights).argmax()),
            )
        )
    return shared


def _has_items(shelf: Shelf, candidate: Candidate) -> bool:
    return len(shelf.children(candidate.view.document.doc_id, candidate.view.clause.clause_id)) >= 2


def windowed(rows: Matrix) -> Matrix:
    """Each sentence's row with its two neighbours' maxima: an answer spreads over sentences, but not over a chapter."""
    windows = rows.copy()
    windows[:-1] = np.maximum(windows[:-1], rows[1:])
    windows[1:] = np.maximum(windows[1:], rows[:-1])
    return windows


def _late(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate]) -> list[tuple[float, ...]]:
    """Late interaction with the text, its best sentence, the text with its path and title; the last for the whole
    question, function words and all, as the encoder weighs them.
    """
    table = shelf.tokens
    if table is None or not candidates:
        return [(0.0,) * 4] * len(candidates)
    weights = token_weights(asked, shelf)
    if not weights:
        return [(0.0,) * 4] * len(candidates)
    whole = {token: table.weight(token) for token in map(int, table.ids(asked.search_text))}
    tokens = list(dict.fromkeys((*weights, *whole)))
    question = table.rows(np.asarray(tokens, dtype=np.int32))
    worth = np.asarray([[weights.get(t, 0.0), whole.get(t, 0.0)] for t in tokens], dtype=np.float32)
    worth /= np.maximum(worth.sum(axis=0), 1e-6)
    texts: list[TokenIds] = []
    starts: list[int] = []
    for candidate in candidates:
        starts.append(len(texts))
        texts.extend((candidate.view.around_ids, candidate.view.title_ids, *candidate.view.sentence_ids))
    best = best_cosines(question, texts, table)
    results: list[tuple[float, ...]] = []
    for start, stop in zip(starts, [*starts[1:], len(texts)], strict=True):
        sentences = best[start + 2 : stop]
        windows = windowed(sentences)
        above = np.maximum(best[start], 0.9 * best[start + 1])
        joined = np.maximum(windows, above) @ worth
        results.append(
            (
                float((windows @ worth[:, 0]).max()),
                float((sentences @ worth[:, 0]).max()),
                float(joined[:, 0].max()),
                float(joined[:, 1].max()),
            )
        )
    return results


def token_weights(asked: Asked, shelf: Shelf) -> dict[int, float]:
    """The question's tokens, by number in the shelf's table, with their learned weights; empty without a table."""
    table = shelf.tokens
    weights: dict[int, float] = {}
    if table is None:
        return weights
    for text, weight in _token_texts(asked):
        for token in map(int, table.ids(text)):
            weights[token] = max(weights.get(token, 0.0), weight * table.weight(token))
    return weights


def _token_texts(asked: Asked) -> list[tuple[str, float]]:
    """The question's own words: late interaction finds the official ones by itself, except across languages."""
    if asked.language is Language.EN:
        return [(term.word, term.weight) for term in asked.terms if term.stands_for is not None]
    return [(term.word, term.weight) for term in asked.terms if term.stands_for is None]
