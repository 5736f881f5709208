"""How far what is to be shown covers what was asked: the numbers behind answering or refusing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.intent import FIGURES, Want, shape_found
from qa.language import plain
from qa.late import NO_TOKENS, best_cosines
from qa.library import Shelf
from qa.plan import Plan
from qa.question import Asked
from qa.rank import Ranked
from qa.wordmatch import Group, group_weights, groups_of, presence

_SOFT_FROM, _SOFT_TO = 0.35, 0.8


def support(asked: Asked, ranked: Sequence[Ranked], plan: Plan, shelf: Shelf) -> dict[str, float]:
    """The evidence for answering, each between 0 and 1 but for the last two.

    ``held``: the share of the question's words that the shown clauses and their places hold, by word or by meaning;
    ``shown``: the same for the shown words alone; ``worst``: the weightiest word that is missing; ``near``: the share
    of the words beside a figure of the asked kind; ``figure``: whether the asked kind of figure is shown; ``numeric``:
    whether one is asked; ``dense``, ``lexical``, ``score`` and ``margin`` of the best clause.
    """
    groups = groups_of(asked, shelf)
    weights = group_weights(groups)
    held, shown = _held(asked, groups, plan, shelf)
    wants = [want for want in asked.intent.wants if want in (*FIGURES, Want.PENALTY)]
    words = plain(" ".join(piece.text for piece in plan.pieces))
    figure = sum(shape_found(want, words) for want in wants) / len(wants) if wants else 1.0
    tenth = ranked[min(9, len(ranked) - 1)].score
    features = ranked[0].features
    return {
        "held": float(held @ weights) if len(groups) else 0.0,
        "shown": float(shown @ weights) if len(groups) else 0.0,
        "worst": float((weights * (1 - held)).max()) if len(groups) else 1.0,
        "near": _near_figure(groups, wants, plan) if wants else 0.6,
        "figure": figure,
        "numeric": 1.0 if wants else 0.0,
        "dense": features.get("dense", 0.0),
        "lexical": features.get("words_union", 0.0),
        "score": ranked[0].score / 10,
        "margin": (ranked[0].score - tenth) / 10,
    }


def _held(asked: Asked, groups: Sequence[Group], plan: Plan, shelf: Shelf) -> tuple[np.ndarray, np.ndarray]:
    """How far each group is held by the shown words with their places, and by the shown words alone."""
    pieces = [*plan.pieces, *(piece for _, piece in plan.referred)]
    views = plan.views if plan.listing is None else (plan.listing.head, *plan.views)
    places = [plain(text) for view in views for text in (view.path, view.context, view.title)]
    texts = [plain(piece.text) for piece in pieces]
    if not texts:
        nothing = np.zeros(len(groups), dtype=np.float32)
        return nothing, nothing
    exact = presence(groups, [*texts, *places])
    shown = exact[: len(texts)].max(axis=0)
    held = exact.max(axis=0)
    table = shelf.tokens
    if table is not None:
        ids = [ids for view in views for ids in (*view.sentence_ids, view.around_ids, view.title_ids)]
        own = [piece_ids for piece in pieces for piece_ids in piece.view.sentence_ids]
        tokens = [table.ids(group.words[0][0]) for group in groups]
        asked_for = table.rows(np.concatenate([*tokens, NO_TOKENS]))
        near, near_own = (best_cosines(asked_for, texts, table).max(axis=0, initial=0.0) for texts in (ids, own))
        first = 0
        for i, group_tokens in enumerate(tokens):
            last = first + len(group_tokens)
            if last > first:
                held[i] = max(held[i], _soft(float(near[first:last].mean())))
                shown[i] = max(shown[i], _soft(float(near_own[first:last].mean())))
            first = last
    return held, shown


def _soft(cosine: float) -> float:
    return min(1.0, max(0.0, (cosine - _SOFT_FROM) / (_SOFT_TO - _SOFT_FROM)))


def _near_figure(groups: Sequence[Group], wants: Sequence[Want], plan: Plan) -> float:
    """The largest share of the question's words beside a figure of the asked kind: in its sentence, path and title."""
    texts = [
        f"{text} {piece.view.path} {piece.view.title}"
        for piece in plan.pieces
        for text in piece.view.sentence_texts
        if any(shape_found(want, text) for want in wants)
    ]
    if not texts or not len(groups):
        return 0.0
    return float((presence(groups, texts) @ group_weights(groups)).max())
