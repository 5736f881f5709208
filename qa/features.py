"""What speaks for a clause as the answer to a question, as numbers between 0 and 1 (a few reach below 0)."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.types import Hit
from qa.intent import Want, shape_found
from qa.language import Language, plain
from qa.late import TokenIds, best_cosines
from qa.library import Shelf, View
from qa.places import regions_in, years_in
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
    "label",
    "defines",
)
"""The columns of a feature matrix, in order. ``words_*`` are shares of the question's words by rarity, ``late_*`` the
same over token vectors (squared best cosine); ``*_union`` counts the path, the title and the clauses above as well."""


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
                *_document_fit(asked, view),
                _region_fit(asked, view),
                _year_fit(asked, view),
                _body_fit(asked, view),
                _quoted_fit(asked, view),
                _shape_fit(asked, view.text),
                _shape_fit(asked, view.sentence_texts[shared.best_sentence]),
                1.0 - official_rank(view.document) / 2,
                min(1.0, math.log1p(len(view.text)) / 6.5),
                1.0 if len(view.text) <= len(view.clause.label) + len(view.clause.heading) + 4 else 0.0,
                1.0 if candidate.exact else 0.0,
                _definition_fit(asked, view),
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
        around = held[start : start + 4].max(axis=0)
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


def _late(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate]) -> list[tuple[float, float, float]]:
    """Late interaction with the text, its best sentence, and the text with its path and title."""
    table = shelf.tokens
    if table is None or not candidates:
        return [(0.0, 0.0, 0.0)] * len(candidates)
    weights = token_weights(asked, shelf)
    if not weights:
        return [(0.0, 0.0, 0.0)] * len(candidates)
    question = table.rows(np.fromiter(weights, dtype=np.int32))
    worth = np.fromiter(weights.values(), dtype=np.float32)
    texts: list[TokenIds] = []
    starts: list[int] = []
    for candidate in candidates:
        starts.append(len(texts))
        texts.extend((candidate.view.around_ids, candidate.view.title_ids, *candidate.view.sentence_ids))
    best = np.square(best_cosines(question, texts, table))
    total = float(worth.sum())
    results = []
    for start, stop in zip(starts, [*starts[1:], len(texts)], strict=True):
        sentences = best[start + 2 : stop]
        windows = windowed(sentences)
        above = np.maximum(best[start], 0.9 * best[start + 1])
        results.append(
            (
                float((windows @ worth).max()) / total,
                float((sentences @ worth).max()) / total,
                float((np.maximum(windows, above) @ worth).max()) / total,
            )
        )
    return results


def token_weights(asked: Asked, shelf: Shelf) -> dict[int, float]:
    """The question's tokens, by number in the shelf's table, with their weights by rarity; empty without a table."""
    table = shelf.tokens
    weights: dict[int, float] = {}
    if table is None:
        return weights
    for text, weight in _token_texts(asked):
        for token in map(int, table.ids(text)):
            word = table.word(token)
            rarity = shelf.rarity(word) if shelf.count(word) else 2.5
            weights[token] = max(weights.get(token, 0.0), weight * rarity)
    return weights


def _token_texts(asked: Asked) -> list[tuple[str, float]]:
    """The question's own words: late interaction finds the official ones by itself, except across languages."""
    if asked.language is Language.EN:
        return [(term.word, term.weight) for term in asked.terms if term.stands_for is not None]
    return [(term.word, term.weight) for term in asked.terms if term.stands_for is None]


def _document_fit(asked: Asked, view: View) -> tuple[float, float]:
    certainty = next((m.certainty for m in asked.mentions if m.doc_id == view.document.doc_id), 0.0)
    return certainty, 1.0 if asked.mentions and not certainty else 0.0


@lru_cache(maxsize=50_000)
def _regions_of(text: str) -> frozenset[str]:
    return frozenset(regions_in(text))


@lru_cache(maxsize=50_000)
def _years_of(text: str) -> frozenset[int]:
    return frozenset(years_in(text))


def _region_fit(asked: Asked, view: View) -> float:
    """1 where the clause's place in the outline or its document is about an asked region, -1 where about another."""
    if not asked.regions:
        return 0.0
    wanted = set(asked.regions)
    place = _regions_of(" ".join((view.path, view.document.title, view.document.region or "")))
    if wanted & place:
        return 1.0
    if wanted & _regions_of(view.text):
        return 0.6
    return -1.0 if place else -0.3


def _year_fit(asked: Asked, view: View) -> float:
    if not asked.years:
        return 0.0
    years = _years_of(view.text)
    if years & set(asked.years):
        return 1.0
    around = _years_of(" ".join((view.path, view.document.title)))
    return 0.5 if around & set(asked.years) else -0.3 if years else 0.0


def _body_fit(asked: Asked, view: View) -> float:
    if not asked.bodies:
        return 0.0
    issuers = plain(" ".join(view.document.issuers))
    return 1.0 if any(plain(body) in issuers or plain(body) in view.title for body in asked.bodies) else 0.0


def _quoted_fit(asked: Asked, view: View) -> float:
    if not asked.quoted:
        return 0.0
    held = [1.0 if q in view.text else 0.8 if q in view.path else 0.0 for q in asked.quoted]
    return sum(held) / len(held)


def _shape_fit(asked: Asked, text: str) -> float:
    wants = [want for want in asked.intent.wants if want not in (Want.YES_NO, Want.COMPARISON, Want.FACT)]
    return sum(shape_found(want, text) for want in wants) / len(wants) if wants else 0.5


def _definition_fit(asked: Asked, view: View) -> float:
    """1 where a sentence says what an asked word is (统计标准是…, 本办法所称家用电器,是指…)."""
    if not asked.intent.has(Want.DEFINITION):
        return 0.0
    subjects = asked.quoted or tuple(t.word for t in asked.terms if t.stands_for is None and len(t.word) >= 2)
    return 1.0 if any(_defines(subject, text) for subject in subjects for text in view.sentence_texts) else 0.0


def _defines(subject: str, text: str) -> bool:
    at = text.find(subject)
    return at >= 0 and bool(_IS.match(text, at + len(subject)))


_IS = re.compile(r"[^,。;]{0,6}[,:”\"」]?\s*(?:是指|系指|指的是|是(?!否|不是)|即|,指)")
