"""How far what is to be shown covers what was asked: the numbers behind answering or refusing."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nlargest

import numpy as np

from qa.focus import asks_total, attribute, figures_asked, gives, shows_total
from qa.language import plain
from qa.late import NO_TOKENS, TokenTexts, best_cosines
from qa.lexicon import everyday
from qa.library import Shelf
from qa.plan import Plan
from qa.question import Asked
from qa.rank import Ranked
from qa.reader import Reader
from qa.second_look import MOST
from qa.wordmatch import Group, Matrix, group_weights, groups_of, presence

_SOFT_FROM, _SOFT_TO = 0.35, 0.8


def support(asked: Asked, ranked: Sequence[Ranked], plan: Plan, shelf: Shelf) -> dict[str, float]:
    """The evidence for answering, each between 0 and 1 but for ``score`` and ``margin``.

    ``held``: the share of the question's words that the shown clauses and their places hold, by word or by meaning;
    ``sentence``: the largest share that one sentence of theirs holds by word; ``figure``: the share of the asked kinds
    of figure that is shown; ``numeric``: whether one is asked; ``attribute``: how far the asked attribute is there (the
    注册资本 of 注册资本是多少), 1 where none is named; ``no_total``: whether what came together so far is asked and no
    sum is shown; ``listing``: whether a whole list is shown; ``dense`` and ``lexical`` of the first clause; the best
    ``score`` and its ``margin`` over the tenth.
    """
    groups = groups_of(asked, shelf)
    weights = group_weights(groups)
    wants = figures_asked(asked)
    words = plain(" ".join(piece.text for piece in plan.pieces))
    sentences = presence(groups, [text for view in plan.views for text in view.sentence_texts])
    scores = nlargest(10, (one.score for one in ranked))  # what order they are read in is not the scores' alone
    features = ranked[0].features
    return {
        "held": float(_held(groups, plan, shelf) @ weights) if len(groups) else 0.0,
        "sentence": float((sentences @ weights).max(initial=0.0)) if len(groups) else 0.0,
        "figure": sum(gives(want, asked, words) for want in wants) / len(wants) if wants else 1.0,
        "numeric": 1.0 if wants else 0.0,
        "attribute": _attribute(asked, plan, shelf),
        "no_total": 1.0 if asks_total(asked) and not shows_total(words) else 0.0,
        "listing": 0.0 if plan.listing is None else 1.0,
        "dense": features.get("dense", 0.0),
        "lexical": features.get("words_union", 0.0),
        "score": scores[0] / 10,
        "margin": (scores[0] - scores[-1]) / 10,
    }


_LEAST, _MOST = -4.0, 2.0
"""Log odds beyond which the reader is only more certain, not more often right: everyday words put it off."""


def reading(ranked: Sequence[Ranked], reader: Reader) -> dict[str, float]:
    """More evidence, ``read``: the log odds that the first clause answers, or another that was read and does better."""
    views = [one.candidate.view for one in ranked[:MOST]]
    before = [odds for view in views[1:] if (odds := reader.known(view)) is not None]
    return {"read": min(_MOST, max(_LEAST, *reader.odds(views[:1]), *before))}


def _attribute(asked: Asked, plan: Plan, shelf: Shelf) -> float:
    """How far the shown words and their places hold the asked attribute, by word, by an official word or by meaning."""
    word = attribute(asked)
    if not word:
        return 1.0
    views = plan.views if plan.listing is None else (plan.listing.head, *plan.views)
    names = [word, *everyday().get(word, ())]
    names += [t.word for t in asked.terms if t.stands_for and (word in t.stands_for or t.stands_for in word)]
    texts = [plain(piece.text) for piece in (*plan.pieces, *(one.piece for one in plan.referred))]
    texts += [text for view in views for text in (view.path, view.title, view.context)]
    if any(name in text for name in names for text in texts):
        return 1.0
    table = shelf.tokens
    if table is None:
        return 0.0
    ids = [ids for view in views for ids in (*view.sentence_ids, view.around_ids, view.title_ids)]
    near = best_cosines(table.rows(table.ids(word)), TokenTexts.of(ids), table).max(axis=0, initial=0.0)
    return _soft(float(near.mean())) if len(near) else 0.0


def _held(groups: Sequence[Group], plan: Plan, shelf: Shelf) -> Matrix:
    """How far each group is held by the shown words with their places."""
    pieces = [*plan.pieces, *(one.piece for one in plan.referred)]
    views = plan.views if plan.listing is None else (plan.listing.head, *plan.views)
    places = [plain(text) for view in views for text in (view.path, view.context, view.title)]
    texts = [plain(piece.text) for piece in pieces]
    if not texts:
        return np.zeros(len(groups), dtype=np.float32)
    held: Matrix = presence(groups, [*texts, *places]).max(axis=0)
    table = shelf.tokens
    if table is not None:
        ids = [ids for view in views for ids in (*view.sentence_ids, view.around_ids, view.title_ids)]
        tokens = [table.ids(group.words[0][0]) for group in groups]
        near = best_cosines(table.rows(np.concatenate([*tokens, NO_TOKENS])), TokenTexts.of(ids), table).max(
            axis=0, initial=0.0
        )
        first = 0
        for i, group_tokens in enumerate(tokens):
            last = first + len(group_tokens)
            if last > first:
                held[i] = max(held[i], _soft(float(near[first:last].mean())))
            first = last
    return held


def _soft(cosine: float) -> float:
    return min(1.0, max(0.0, (cosine - _SOFT_FROM) / (_SOFT_TO - _SOFT_FROM)))
