"""Sentence by sentence: does the cited clause bear out what a language model wrote?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.address import title_of
from qa.evidence import Piece
from qa.language import plain
from qa.late import TokenTexts, best_cosines
from qa.library import Shelf
from qa.literals import unborne_figures, unborne_names
from qa.prompt import Handles
from qa.terms import question_words, words

LEAST_MEANING = 0.7
"""The least share of a sentence's words, by meaning, that the cited clauses must hold; docs/answers.md says how it was
chosen."""
_NEGATIONS = (
    "不得",
    "禁止",
    "不予",
    "不能",
    "不可",
    "无需",
    "不需要",
    "不必",
    "不再",
    "不超过",
    "不低于",
    "不少于",
    "免予",
    "未",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One sentence of the model's, without its handles; ``problem`` is empty where the cited pieces bear it out."""

    text: str
    handles: tuple[str, ...]
    problem: str = ""


def sentences_of(stream: Iterable[str], longest: int = 8000) -> Iterator[str]:
    """Whole sentences as they become complete in a stream of text pieces; handles after the full stop stay with it.

    Stops after ``longest`` characters, whatever the model does.
    """
    buffer = ""
    total = 0
    for piece in stream:
        buffer += piece
        total += len(piece)
        while True:
            cut = _complete(buffer)
            if cut is None:
                break
            yield buffer[:cut]
            buffer = buffer[cut:]
        if total > longest:
            return
    if buffer.strip():
        yield buffer


_HANDLE_AFTER = re.compile(r"\s*(?:[\[【〔⟦(（]{1,2}\s*[A-Z0-9]{4}\s*[\]】〕⟧)）]{1,2}\s*[。.]?)*")


def _complete(buffer: str) -> int | None:
    """Where the first sentence of ``buffer`` surely ends, its handles included, or None."""
    end = re.search(r"[。！？!?]+[”」』\"]*|\n|(?<=[a-z)\]])\.(?=\s)", buffer)
    if end is None:
        return None
    after = _HANDLE_AFTER.match(buffer, end.end())
    stop = after.end() if after else end.end()
    return stop if stop < len(buffer) and buffer[stop] not in "[【〔⟦(（" else None


def check(sentence: str, handles: Handles, shelf: Shelf) -> Checked:
    """``sentence`` checked against the pieces that it cites: figures, names, negations and meaning."""
    cited = handles.cited(sentence)
    text = re.sub(r"^[\s*#>·-]+(?:\d+[.、]\s*)?", "", handles.without(sentence)).strip()
    if not cited:
        return Checked(text, (), "no clause cited")
    pieces = [handles.pieces[handle] for handle in cited]
    sources = [piece.text for piece in pieces]
    around = [_around(piece) for piece in pieces]
    if wrong := unborne_figures(text, *sources, *around):
        return Checked(text, cited, f"figure not in the clause: {', '.join(sorted(wrong))}")
    if wrong := unborne_names(text, *sources, *around):
        return Checked(text, cited, f"name not in the clause: {', '.join(sorted(wrong))}")
    if negation := _turned(text, sources):
        return Checked(text, cited, f"negation differs: {negation}")
    if (share := meaning_held(text, pieces, shelf)) < LEAST_MEANING:
        return Checked(text, cited, f"the clause does not say this ({share:.2f})")
    return Checked(text, cited, "only the title or a heading says this" if _only_named(text, pieces) else "")


_OWN_WORDS = 0.34


def _only_named(text: str, pieces: Sequence[Piece]) -> bool:
    """Whether a sentence is made of words of titles and headings, which name a text and say nothing of its matter.

    Whoever uploads a file writes its title: 某某办法(本办法已经废止) must not bear out that it was repealed.
    """
    own = {word for word in words(plain(text)) if word not in question_words()}
    around = plain(" ".join(_around(piece) for piece in pieces))
    said = plain(" ".join(piece.text for piece in pieces))
    named = {word for word in own if word in around}
    return len(named) > len(own) / 2 and sum(word in said for word in own) < _OWN_WORDS * len(own)


def _around(piece: Piece) -> str:
    document = piece.view.document
    return " ".join(
        (title_of(document), document.title, document.number or "", *document.issuers, *piece.view.clause.path)
    )


def _turned(text: str, sources: Sequence[str]) -> str:
    """A prohibition or limit that only one side states, or an empty text."""
    source = plain(" ".join(sources))
    said = plain(text)
    for negation in _NEGATIONS:
        if negation in said and negation not in source and not (negation == "不得" and "禁止" in source):
            return negation
    best = max((plain(s) for s in sources), key=lambda s: _shared(said, s), default="")
    nearest = max(re.split(r"[。;;,,]", best), key=lambda part: _shared(said, part), default="")
    for negation in ("不得", "禁止", "不予"):
        if negation in nearest and _shared(said, nearest) > 0.5 and not re.search(r"不|禁|未|无|免|否", said):
            return negation
    return ""


def _shared(text: str, other: str) -> float:
    pairs = {text[i : i + 2] for i in range(len(text) - 1)}
    return sum(pair in other for pair in pairs) / max(1, len(pairs))


def meaning_held(text: str, pieces: Sequence[Piece], shelf: Shelf) -> float:
    """The share of the words of ``text``, by rarity, that the pieces hold by meaning, 0 to 1."""
    own = [word for word in words(plain(text)) if word not in question_words()]
    if not own:
        return 0.0
    worth = np.asarray([shelf.rarity(word) if shelf.count(word) else 2.5 for word in own])
    source = plain(" ".join((*(p.text for p in pieces), *(_around(p) for p in pieces))))
    held = np.asarray([1.0 if word in source else 0.0 for word in own])
    table = shelf.tokens
    if table is not None:
        ids = [piece_ids for p in pieces for piece_ids in (*p.view.sentence_ids, p.view.around_ids)]
        for i, word in enumerate(own):
            if not held[i]:
                vectors = table.rows(table.ids(word))
                if len(vectors):
                    held[i] = float(np.square(best_cosines(vectors, TokenTexts.of(ids), table).max(axis=0)).mean())
    return float(held @ worth / worth.sum())
