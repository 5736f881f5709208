"""Retrieval sets out of the pieces of the training data that no training has seen, one for each kind of question."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from index.training.pairs import held_out_share, is_held_out
from index.training.views import VIEW_BY_NAME

KINDS = {
    "policy": "policy questions, answer spans (zh)",
    "consultations": "lay legal questions, replies (zh)",
    "citizen_mail": "what a letter is about, the letter (zh)",
    "cmrc": "encyclopedia questions, paragraphs (zh)",
    "drcd": "the same in Traditional characters",
    "squad": "translated questions, paragraphs (zh)",
    "web": "web queries, page titles (zh)",
    "abstracts": "titles, abstracts of papers (zh)",
    "law_heading": "names of laws and sections, articles (zh)",
    "law_en_sentence": "English sentence of an article, the Chinese article",
    "law_en_words": "a few English words or a question of them, the Chinese article",
    "tatoeba": "everyday English sentence, its Chinese translation",
    "cedict_senses": "English word, Chinese word",
}
_ASKED = 300
_CORPUS = 10_000
_SEED = 1


@dataclass(frozen=True, slots=True)
class HeldOutSet:
    """Questions over texts: ``relevant[i]`` are the rows of ``texts`` that answer ``questions[i]``."""

    name: str
    questions: tuple[str, ...]
    relevant: tuple[frozenset[int], ...]
    texts: tuple[str, ...]


def held_out_set(name: str, data: Path) -> HeldOutSet:
    """Up to 300 held-out questions of the view ``name``, over 10,000 texts: theirs, and those that others answer.

    The rule that holds them out is the one training keeps to (`index.training.pairs.is_held_out`).
    """
    view, share = VIEW_BY_NAME[name], held_out_share(name)
    answers: dict[str, list[str]] = {}
    others: list[str] = []
    for pair in view.pairs(data, random.Random(f"{_SEED} {name}")):
        if not is_held_out(pair.key or pair.query, share):
            others.append(pair.passage)
        elif pair.query in answers or len(answers) < _ASKED:
            answers.setdefault(pair.query, []).append(pair.passage)
    random.Random(_SEED).shuffle(others)
    rows: dict[str, int] = {}
    for text in (*(text for texts in answers.values() for text in texts), *others):
        if len(rows) == _CORPUS:
            break
        rows.setdefault(text, len(rows))
    relevant = tuple(frozenset(rows[text] for text in texts) for texts in answers.values())
    return HeldOutSet(name, tuple(answers), relevant, tuple(rows))
