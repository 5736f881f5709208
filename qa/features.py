"""What speaks for a clause as the answer to a question, as numbers between 0 and 1 (a few reach below 0)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.types import Hit
from qa.fits import (
    body_fit,
    count_fit,
    definition_fit,
    document_fit,
    kind_fit,
    liability_fit,
    list_fit,
    no_matter,
    quoted_fit,
    region_fit,
    script_fit,
    shape_fits,
    year_fit,
)
from qa.intent import Want, shape_found
from qa.language import Language
from qa.late import TokenTexts, best_cosines
from qa.library import Shelf, View
from qa.lines import joined, lines_of
from qa.question import Asked
from qa.windows import Layout, lay_out
from qa.wordmatch import Matrix, group_weights, groups_of, presence_in

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
    "late_step",
    "beside_figure",
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
    "no_matter",
    "label",
    "defines",
    "count",
    "list_shape",
    "kind_named",
    "earlier",
    "liability",
    "script",
    "unasked_region",
)
"""The columns of a feature matrix, in order. ``words_*`` are shares of the question's words by rarity, ``late_*`` the
same over token vectors (best cosine, by learned weight); ``*_union`` counts path, title and the clauses above too."""


_LATE = 6
_TITLE = 0.9
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
    """One row per candidate, one column per name in `NAMES`, float32. Every candidate must have a sentence."""
    views = [candidate.view for candidate in candidates]
    if not views:
        return np.zeros((0, len(NAMES)), dtype=np.float32)
    layout = lay_out(asked, shelf, views)
    words, best_sentences = _words(asked, shelf, views, layout)
    late = _late(asked, shelf, views, layout)
    fits = _fits(asked, shelf, candidates, best_sentences)
    searched = _searched(candidates)
    return np.concatenate([words, late, searched, fits], axis=1)


def _searched(candidates: Sequence[Candidate]) -> Matrix:
    """What the search said: cosine, words relative to the best, and rank; the least where it did not find a clause."""
    hits = [candidate.hit for candidate in candidates]
    best_lexical = max((hit.score_bm25 or 0.0 for hit in hits if hit), default=0.0) or 1.0
    least = min((hit.similarity_cosine for hit in hits if hit and hit.similarity_cosine is not None), default=0.0)
    absent = (least, 0.0, 0.0)
    return np.asarray(
        [
            (
                least if hit.similarity_cosine is None else hit.similarity_cosine,
                (hit.score_bm25 or 0.0) / best_lexical,
                1 / (1 + hit.rank / 5),
            )
            if hit
            else absent
            for hit in hits
        ],
        dtype=np.float32,
    )


def _fits(asked: Asked, shelf: Shelf, candidates: Sequence[Candidate], best_sentences: Sequence[int]) -> Matrix:
    """The columns after the search's: what the question names, one column at a time, since it names few things."""
    views = [candidate.view for candidate in candidates]
    zeros = [0.0] * len(views)

    def column(asked_for: object, fit: Callable[[View], float]) -> Sequence[float]:
        return [fit(view) for view in views] if asked_for else zeros

    ids = [view.document.doc_id for view in views]
    different = set(ids)
    affinity = {doc_id: asked.affinity.get(doc_id, 0.0) for doc_id in different} if asked.affinity else {}
    named = {doc_id: document_fit(asked, doc_id) for doc_id in different} if asked.mentions else {}
    listed = asked.intent.has(Want.LIST, Want.PROCEDURE)
    fixed = [view.fixed for view in views]
    columns = (
        [affinity[doc_id] for doc_id in ids] if affinity else zeros,
        [named[doc_id][0] for doc_id in ids] if named else zeros,
        [named[doc_id][1] for doc_id in ids] if named else zeros,
        column(asked.places, lambda view: region_fit(asked, view)),
        column(asked.years, lambda view: year_fit(asked, view)),
        column(asked.bodies, lambda view: body_fit(asked, view)),
        column(asked.quoted, lambda view: quoted_fit(asked, view)),
        shape_fits(asked, [view.text for view in views]),
        shape_fits(asked, [view.sentence_texts[i] for view, i in zip(views, best_sentences, strict=True)]),
        [one.official for one in fixed],
        [one.length for one in fixed],
        [one.bare for one in fixed],
        [no_matter(asked, one) for one in fixed],
        [1.0 if candidate.exact else 0.0 for candidate in candidates],
        column(asked.intent.has(Want.DEFINITION), lambda view: definition_fit(asked, view)),
        column(asked.intent.count, lambda view: count_fit(asked, view, shelf)),
        column(listed, lambda view: list_fit(asked, view, shelf)),
        column(asked.kinds, lambda view: kind_fit(asked, view)),
        column(asked.earlier, lambda view: 1.0 if view.document.doc_id in asked.earlier else 0.0),
        [liability_fit(asked, one) for one in fixed],
        [script_fit(asked, one) for one in fixed],
        column(not asked.places, lambda view: 1.0 if view.document.region else 0.0),
    )
    return np.asarray(columns, dtype=np.float32).T


def _words(asked: Asked, shelf: Shelf, views: Sequence[View], layout: Layout) -> tuple[Matrix, list[int]]:
    """The ``words_*`` columns and ``list_heading``, and each view's best sentence."""
    groups = groups_of(asked, shelf)
    weights = group_weights(groups)
    own = joined([block.lines for block in layout.blocks])
    shared, places = _shared(shelf, views)
    held = presence_in(groups, joined([own, lines_of(shared)]))
    path, step, sentences, items = layout.parted(held[: len(own.ends)])
    windows, owners = layout.windows(sentences, items)
    context, title, profile = held[len(own.ends) + places]
    around = np.maximum.reduce((path, step, title, context, _PROFILE * profile))
    # words that the document's own name holds say which document is meant; the others say which clause
    rest = weights * (1.0 - title)
    rest /= np.maximum(rest.sum(axis=1, keepdims=True), 0.15)
    heads = np.zeros(len(views), dtype=np.float32)
    if asked.intent.has(Want.LIST):
        heads[:] = [_has_items(shelf, view) for view in views]
    by_sentence = sentences @ weights
    columns = (
        layout.best(windows @ weights, owners),
        layout.best(by_sentence, layout.sentence_owner),
        layout.best(np.maximum(windows, around[owners]) @ weights, owners),
        path @ weights,
        step @ weights,
        layout.best((np.maximum(windows, path[owners]) * rest[owners]).sum(axis=1), owners),
        profile @ weights,
        (step * rest).sum(axis=1) * heads,
    )
    return np.stack(columns, axis=1).astype(np.float32), layout.best_sentences(by_sentence)


def _shared(shelf: Shelf, views: Sequence[View]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """The texts that neighbours have in common, each once; and which of them are the clauses above each view, its
    document's names and its document's profile: int64 ``[3, views]``.
    """
    numbers: dict[str, int] = {}
    of_documents: dict[str, tuple[int, int]] = {}
    places: list[tuple[int, int, int]] = []
    for view in views:
        document = of_documents.get(view.document.doc_id)
        if document is None:
            texts = (view.title, shelf.profile(view.document))
            name, profile = (numbers.setdefault(text, len(numbers)) for text in texts)
            document = of_documents[view.document.doc_id] = name, profile
        places.append((numbers.setdefault(view.context, len(numbers)), *document))
    return list(numbers), np.asarray(places, dtype=np.int64).T


def _has_items(shelf: Shelf, view: View) -> bool:
    return len(shelf.below(view.document.doc_id, view.clause.clause_id)) >= 2


def _late(asked: Asked, shelf: Shelf, views: Sequence[View], layout: Layout) -> Matrix:
    """The ``late_*`` columns: late interaction with the text, its best sentence, the text with its path and title; the
    last for the whole question, function words and all, as the encoder weighs them.
    """
    table = shelf.tokens
    weights = token_weights(asked, shelf)
    if table is None or not weights:
        return np.zeros((len(views), _LATE), dtype=np.float32)
    whole = {token: table.weight(token) for token in map(int, table.ids(asked.search_text))}
    tokens = list(dict.fromkeys((*weights, *whole)))
    worth = np.asarray([[weights.get(t, 0.0), whole.get(t, 0.0)] for t in tokens], dtype=np.float32)
    worth /= np.maximum(worth.sum(axis=0), 1e-6)
    titles = {view.document.title: view.title_ids for view in views}
    numbers = {title: number for number, title in enumerate(titles)}
    texts = TokenTexts.joined([*(block.tokens for block in layout.blocks), TokenTexts.of(tuple(titles.values()))])
    best = best_cosines(table.rows(np.asarray(tokens, dtype=np.int32)), texts, table)
    around, step, sentences, items = layout.parted(best[: -len(titles)])
    title = best[-len(titles) :][[numbers[view.document.title] for view in views]]
    above = np.maximum(around, _TITLE * title)
    windows, owners = layout.windows(sentences, items)
    together = np.maximum(windows, above[owners]) @ worth
    columns = (
        layout.best(windows @ worth[:, 0], owners),
        layout.best(sentences @ worth[:, 0], layout.sentence_owner),
        layout.best(together[:, 0], owners),
        layout.best(together[:, 1], owners),
        step @ worth[:, 0],
        np.maximum(
            layout.best(
                _beside_figure(asked, views, np.maximum(sentences, above[layout.sentence_owner]) @ worth[:, 0]),
                layout.sentence_owner,
            ),
            0.0,
        ),
    )
    return np.stack(columns, axis=1)


def _beside_figure(asked: Asked, views: Sequence[View], scores: Matrix) -> Matrix:
    """``scores`` of the sentences that hold a figure of the asked kind, 0 for the others and where none is asked."""
    texts = [text for view in views for text in view.sentence_texts] if asked.intent.figures else []
    found = np.zeros(len(scores), dtype=np.bool_)
    for want in asked.intent.figures:
        found |= [shape_found(want, text) for text in texts]
    return scores * found


def token_weights(asked: Asked, shelf: Shelf) -> dict[int, float]:
    """The question's tokens, by number in the shelf's table, with their learned weights; empty without a table."""
    table = shelf.tokens
    weights: dict[int, float] = {}
    if table is None:
        return weights
    for text, weight in _token_texts(asked, shelf):
        for token in map(int, table.ids(text)):
            weights[token] = max(weights.get(token, 0.0), weight * table.weight(token))
    return weights


def _token_texts(asked: Asked, shelf: Shelf) -> list[tuple[str, float]]:
    """The question's own words: late interaction finds the official ones by itself, except across languages.

    An English question is met through its Chinese counterparts, and by its own words where there are English texts.
    """
    if asked.language is Language.EN:
        english = shelf.titles.english
        return [
            (t.word, t.weight) for t in asked.terms if t.stands_for is not None or (english and shelf.count(t.word))
        ]
    return [(term.word, term.weight) for term in asked.terms if term.stands_for is None]
