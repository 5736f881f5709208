"""What speaks for a clause as the answer to a question, as numbers between 0 and 1 (a few reach below 0)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.types import Hit
from qa.intent import Want, shape_found
from qa.language import plain
from qa.late import TokenIds, best_cosines
from qa.library import Shelf, View
from qa.places import regions_in, years_in
from qa.question import Asked
from qa.titles import official_rank

Matrix = npt.NDArray[np.float32]

NAMES: tuple[str, ...] = (
    "words_text",
    "words_sentence",
    "words_union",
    "words_path",
    "late_text",
    "late_sentence",
    "late_union",
    "dense",
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
    "path_end",
)
"""The columns of a feature matrix, in order. ``words_*`` are shares of the question's words by rarity, ``late_*`` the
same over token vectors (squared best cosine); ``*_union`` counts the path, the title and the clauses above as well."""


@dataclass(frozen=True, slots=True)
class Group:
    """A question word with its official counterparts; a text that has any of them has the group."""

    words: tuple[tuple[str, float], ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A clause under consideration, with its search hit where the search found it."""

    view: View
    hit: Hit | None = None
    exact: bool = False
    """Found by its number: 第四十五条 of a named document."""


def groups_of(asked: Asked, shelf: Shelf) -> tuple[Group, ...]:
    """The question's words with their counterparts, weighted by rarity in the store.

    A word that no text of the store prints says little about which clause is meant, so it counts half of a rare one.
    """
    rows: dict[str, list[tuple[str, float]]] = {}
    weights: dict[str, float] = {}
    for term in asked.terms:
        key = term.stands_for or term.word
        rows.setdefault(key, []).append((term.word, 1.0 if term.stands_for is None else 0.85))
        weights[key] = max(weights.get(key, 0.0), min(term.weight, 1.0))
    groups = []
    for key, words in rows.items():
        present = [shelf.rarity(word) for word, _ in words if shelf.count(word)]
        rarity = min(present) if present else 2.5
        single = 0.4 if len(key) == 1 and not key.isdigit() else 1.0
        groups.append(Group(tuple(words), rarity * weights[key] * single))
    return tuple(groups)


@lru_cache(maxsize=200_000)
def _presence(word: str, text: str) -> float:
    """1 where ``word`` stands in ``text``, else half the share of its character pairs that do."""
    if word in text:
        return 1.0
    if len(word) < 3 or not "\u3400" <= word[0] <= "\u9fff":
        return 0.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 0.6 * sum(pair in text for pair in pairs) / len(pairs)


def coverage(groups: Sequence[Group], *texts: str) -> float:
    """The share of the question's words, by weight, that stand in any of ``texts``; 0 where the question has none."""
    total = sum(group.weight for group in groups)
    if total <= 0:
        return 0.0
    held = sum(
        group.weight * max(worth * max(_presence(word, text) for text in texts) for word, worth in group.words)
        for group in groups
    )
    return held / total


def feature_matrix(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate]) -> Matrix:
    """One row per candidate, one column per name in `NAMES`, float32."""
    groups = groups_of(asked, shelf)
    late = _late(asked, shelf, candidates)
    best_lexical = max((c.hit.score_bm25 or 0.0 for c in candidates if c.hit), default=0.0) or 1.0
    cosines = [c.hit.similarity_cosine for c in candidates if c.hit and c.hit.similarity_cosine is not None]
    least = min(cosines, default=0.0)
    rows = []
    for position, candidate in enumerate(candidates):
        view, hit = candidate.view, candidate.hit
        title = plain(view.document.title)
        sentences = [coverage(groups, text) for text in view.sentence_texts] or [0.0]
        best = max(range(len(sentences)), key=sentences.__getitem__)
        best_text = view.sentence_texts[best] if view.sentence_texts else ""
        rows.append(
            (
                coverage(groups, view.text),
                sentences[best],
                coverage(groups, view.text, view.path, view.context, title),
                coverage(groups, view.path),
                *late[position],
                hit.similarity_cosine if hit and hit.similarity_cosine is not None else least,
                (hit.score_bm25 or 0.0) / best_lexical if hit else 0.0,
                1 / (1 + hit.rank / 5) if hit else 0.0,
                asked.affinity.get(view.document.doc_id, 0.0),
                *_document_fit(asked, view),
                _region_fit(asked, view),
                _year_fit(asked, view),
                _body_fit(asked, view, title),
                _quoted_fit(asked, view),
                _shape_fit(asked, view.text),
                _shape_fit(asked, best_text),
                1.0 - official_rank(view.document) / 2,
                min(1.0, math.log1p(len(view.text)) / 6.5),
                1.0 if len(view.text) <= len(view.clause.label) + len(view.clause.heading) + 4 else 0.0,
                1.0 if candidate.exact else 0.0,
                coverage(groups, plain(view.clause.path[-1])) if view.clause.path else 0.0,
            )
        )
    return np.asarray(rows, dtype=np.float32).reshape(len(candidates), len(NAMES))


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
        texts.extend((candidate.view.path_ids, candidate.view.title_ids, *candidate.view.sentence_ids))
    best = np.square(best_cosines(question, texts, table))
    total = float(worth.sum())
    results = []
    for start, stop in zip(starts, [*starts[1:], len(texts)], strict=True):
        sentences = best[start + 2 : stop]
        if not len(sentences):
            sentences = np.zeros((1, len(worth)), dtype=np.float32)
        whole = sentences.max(axis=0)
        above = np.maximum(best[start], 0.9 * best[start + 1])
        results.append(
            (
                float(whole @ worth) / total,
                float((sentences @ worth).max()) / total,
                float(np.maximum(whole, above) @ worth) / total,
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
    """The question's own words, which late interaction takes as they are: it finds the official words by itself."""
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


def _body_fit(asked: Asked, view: View, title: str) -> float:
    if not asked.bodies:
        return 0.0
    issuers = plain(" ".join(view.document.issuers))
    return 1.0 if any(plain(body) in issuers or plain(body) in title for body in asked.bodies) else 0.0


def _quoted_fit(asked: Asked, view: View) -> float:
    if not asked.quoted:
        return 0.0
    held = [1.0 if q in view.text else 0.8 if q in view.path else 0.0 for q in asked.quoted]
    return sum(held) / len(held)


def _shape_fit(asked: Asked, text: str) -> float:
    wants = [want for want in asked.intent.wants if want not in (Want.YES_NO, Want.COMPARISON, Want.FACT)]
    return sum(shape_found(want, text) for want in wants) / len(wants) if wants else 0.5
