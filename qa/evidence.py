"""The words that answer: which sentences of a clause are shown, and as which spans of the source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.model import Span, quote
from qa.features import token_weights
from qa.intent import Want, shape_found
from qa.language import plain
from qa.late import TokenTexts, best_cosines
from qa.library import Shelf, View
from qa.question import Asked
from qa.sentences import Sentence, merge_spans, shown
from qa.wordmatch import Group, coverage

SHORT_CLAUSE = 360
"""A clause up to this many characters is shown whole: less would lose its conditions."""
_ROOM = 420
_LONGEST_LIST = 700


@dataclass(frozen=True, slots=True)
class Piece:
    """Words to be shown: a clause, the spans shown of it, the words on one line, and how well they answer (0 to 1)."""

    view: View
    spans: tuple[Span, ...]
    quote: str
    text: str
    fit: float = 0.0


def whole(view: View, shelf: Shelf) -> Piece:
    """The clause's whole text."""
    return piece_of(view, view.sentences, shelf, 1.0)


def pick(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf, room: int = _ROOM) -> Piece:
    """The sentences of a clause that answer, in reading order: all of a short clause, else the best of a long one.

    A list asked for is never cut: sentences that begin 一是, 二是… or (1), (2)… come all together.
    """
    sentences = view.sentences
    if sum(len(s.text) for s in sentences) <= SHORT_CLAUSE or len(sentences) <= 1:
        return piece_of(view, sentences, shelf, 1.0)
    scores = sentence_scores(view, asked, groups, shelf)
    best = int(scores.argmax())
    if _is_table(view):
        return piece_of(view, [sentences[i] for i in _rows(view, scores, asked)], shelf, float(scores[best]))
    chosen = _enumeration(view, best) if asked.intent.has(Want.LIST, Want.PROCEDURE, Want.REASON) else {best}
    size = sum(len(sentences[i].text) for i in chosen)
    limit = _LONGEST_LIST if len(chosen) > 1 else room
    for i in sorted(range(len(sentences)), key=lambda i: (-scores[i], abs(i - best))):
        if i in chosen or scores[i] < 0.62 * scores[best]:
            continue
        if size + len(sentences[i].text) <= limit:
            chosen.add(i)
            size += len(sentences[i].text)
    return piece_of(view, [sentences[i] for i in sorted(chosen)], shelf, float(scores[best]))


def sentence_scores(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf) -> np.ndarray:
    """How well each sentence answers, float ``[sentences]``: shared words, shared meaning, the asked sort of figure."""
    words = np.asarray([coverage(groups, text) for text in view.sentence_texts])
    late = np.zeros(len(words))
    weights = token_weights(asked, shelf)
    if shelf.tokens is not None and weights:
        question = shelf.tokens.rows(np.fromiter(weights, dtype=np.int32))
        worth = np.fromiter(weights.values(), dtype=np.float32)
        late = best_cosines(question, TokenTexts.of(view.sentence_ids), shelf.tokens) @ worth / worth.sum()
    wants = [w for w in asked.intent.wants if w not in (Want.YES_NO, Want.COMPARISON, Want.FACT, Want.LIST)]
    shape = np.asarray(
        [sum(shape_found(w, text) for w in wants) / len(wants) if wants else 0.0 for text in view.sentence_texts]
    )
    named = np.asarray([any(q in text for q in asked.quoted) for text in view.sentence_texts], dtype=float)
    dated = np.asarray([any(str(year) in text for year in asked.years) for text in view.sentence_texts], dtype=float)
    heading = np.asarray([_is_heading(view, s) for s in view.sentences], dtype=float)
    return words + 1.4 * late + 0.3 * shape + 0.4 * named + 0.4 * dated - 0.5 * heading


_ROW = " | "
_LONGEST_TABLE = 1200


def _is_table(view: View) -> bool:
    return sum(_ROW in sentence.text for sentence in view.sentences) >= 3


def _rows(view: View, scores: np.ndarray, asked: Asked) -> list[int]:
    """The header and the rows that fit, or the whole of a short table where a list is asked for."""
    rows = [i for i, sentence in enumerate(view.sentences) if _ROW in sentence.text]
    if asked.intent.has(Want.LIST) and sum(len(sentence.text) for sentence in view.sentences) <= _LONGEST_TABLE:
        return list(range(len(view.sentences)))
    body = rows[1:]
    best = max(scores[i] for i in body)
    return [rows[0], *(i for i in body if scores[i] >= 0.8 * best)]


def _is_heading(view: View, sentence: Sentence) -> bool:
    own = plain(view.clause.path[-1]) if view.clause.path else ""
    return sentence.position == 0 and bool(own) and plain(sentence.text).strip("。. ") in own


_ITEM = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,2}是|第[一二三四五六七八九十]{1,2}[,,、]|首先|其次|再次|最后|[((]?[\d一二三四五六七八九十]{1,2}[)).、]|——|[①-⑳])"
)


def _enumeration(view: View, best: int) -> set[int]:
    """The run of numbered sentences around ``best``, with the sentence that introduces them."""
    items = [bool(_ITEM.match(sentence.text)) for sentence in view.sentences]
    if not items[best]:
        if best + 1 < len(items) and items[best + 1]:
            stop = best + 1
            while stop < len(items) and items[stop]:
                stop += 1
            return set(range(best, stop))
        return {best}
    start = stop = best
    while start > 0 and items[start - 1]:
        start -= 1
    while stop + 1 < len(items) and items[stop + 1]:
        stop += 1
    if stop > start > 0:
        start -= 1
    return set(range(start, stop + 1))


def piece_of(view: View, sentences: Sequence[Sentence], shelf: Shelf, fit: float = 1.0) -> Piece:
    """Those sentences as one piece, its quotation literal."""
    source = shelf.source_text(view.document.source)
    spans = merge_spans([span for sentence in sentences for span in sentence.spans], source)
    literal = quote(source, spans)
    return Piece(
        view, spans, literal, " ".join(s.text for s in sentences) if literal.isascii() else _joined(sentences), fit
    )


def _joined(sentences: Sequence[Sentence]) -> str:
    """The sentences on one line, rows of a table on lines of their own, with … where some between are left out."""
    text = ""
    last = -1
    for sentence in sentences:
        if text and sentence.position != last + 1:
            text += "……"
        if text and _ROW in sentence.text:
            text += "\n"
        text += sentence.text if not text or text[-1] in "。;;!?!?::…\n" else f" {sentence.text}"
        last = sentence.position
    return "\n".join(shown(line) for line in text.split("\n"))
