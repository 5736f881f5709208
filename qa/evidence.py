"""The words that answer: which sentences of a clause are shown, and as which spans of the source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.model import Span, quote
from qa.features import token_weights
from qa.fixed import announces_below
from qa.intent import Want, shape_found
from qa.itemised import Part, as_printed, unrolled
from qa.language import plain
from qa.late import TokenTexts, best_cosines
from qa.library import Shelf, View
from qa.lists import wants_list
from qa.question import Asked
from qa.sentences import Sentence, merge_spans, shown
from qa.wordmatch import Group, coverage

SHORT_CLAUSE = 360
"""A clause up to this many characters is shown whole: less would lose its conditions."""
_ROOM = 420
_LONGEST_LIST = 700
LONG_LIST = 1600
"""A list up to this many characters is shown in full."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words to be shown: a clause, the spans shown of it, the words on one line, and how well they answer (0 to 1)."""

    view: View
    spans: tuple[Span, ...]
    quote: str
    text: str
    fit: float = 0.0


def whole(view: View, shelf: Shelf) -> Piece:
    """The clause's whole text, with the items that its source prints in the middle of it where there is room."""
    if len(as_printed(view, shelf)) > 1 and _size(rows := unrolled(view, shelf)) <= LONG_LIST:
        return piece_of(view, rows, shelf)
    return piece_of(view, view.sentences, shelf, 1.0)


def pick(view: View, asked: Asked, groups: Sequence[Group], shelf: Shelf, room: int = _ROOM) -> Piece:
    """The sentences of a clause that answer, in reading order: all of a short clause, else the best of a long one.

    A list asked for is never cut: sentences that begin 一是, 二是… or (1), (2)… come all together. Of items that the
    source prints in the middle of the clause those come that a shown sentence announces.
    """
    sentences = view.sentences
    parts = as_printed(view, shelf)
    if len(parts) > 1:
        rows = unrolled(view, shelf)
        if _size(rows) <= (LONG_LIST if wants_list(asked) else _LONGEST_LIST):
            return piece_of(view, rows, shelf)
    elif _size(sentences) <= SHORT_CLAUSE or len(sentences) <= 1:
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
    picked = [sentences[i] for i in sorted(chosen)]
    if len(parts) > 1:
        picked = _with_announced(picked, parts, view, groups, shelf)
    return piece_of(view, picked, shelf, float(scores[best]))


def _with_announced(
    picked: Sequence[Sentence], parts: Sequence[Part], view: View, groups: Sequence[Group], shelf: Shelf
) -> list[Sentence]:
    """The picked sentences, each that announces items with these: all where there is room, else those that fit best."""
    rows: list[Sentence] = []
    for part in parts:
        own = [sentence for sentence in part.sentences if sentence in picked]
        rows += own
        if not own or own[-1] is not part.sentences[-1] or not announces_below(plain(own[-1].text)):
            continue
        items = [unrolled(item, shelf) for item in shelf.views([(clause, view.document) for clause in part.items])]
        if sum(map(_size, items)) > _LONGEST_LIST:
            fits = [coverage(groups, plain(" ".join(row.text for row in item))) for item in items]
            items = [item for item, fit in zip(items, fits, strict=True) if fit >= max(0.8 * max(fits), _FITS)]
        rows += [row for item in items for row in item]
    return rows


def _size(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text) for sentence in sentences)


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


_FITS = 0.2
CELL = " | "
"""What stands between the cells of a table's row."""
_LONGEST_TABLE = 1200


def _is_table(view: View) -> bool:
    return sum(CELL in sentence.text for sentence in view.sentences) >= 3


def _rows(view: View, scores: np.ndarray, asked: Asked) -> list[int]:
    """The header and the rows that fit, or the whole of a short table where a list is asked for."""
    rows = [i for i, sentence in enumerate(view.sentences) if CELL in sentence.text]
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
    """Those sentences, of the clause or of clauses below it, as one piece in their order, its quotation literal."""
    source = shelf.source_text(view.document.source)
    spans = merge_spans([span for sentence in sentences for span in sentence.spans], source)
    literal = quote(source, spans)
    rows = unrolled(view, shelf) if len(as_printed(view, shelf)) > 1 else view.sentences
    places = {(row.clause_id, row.position): place for place, row in enumerate(rows)}
    return Piece(view, spans, literal, _joined(sentences, places, source), fit)


def _joined(sentences: Sequence[Sentence], places: Mapping[tuple[str, int], int], source: str) -> str:
    """The sentences on one line, with … where some between are left out.

    Rows of a table, items below the clause and the paragraphs around these stand on lines of their own. ``places``
    holds where each sentence of the clause stands among all.
    """
    latin = all(sentence.text.isascii() for sentence in sentences)
    gap = " … " if latin else "……"
    text = ""
    before: Sentence | None = None
    for sentence in sentences:
        if before is not None:
            left_out = places[sentence.clause_id, sentence.position] != places[before.clause_id, before.position] + 1
            text += gap if left_out else ""
            if CELL in sentence.text or (not left_out and _new_line(before, sentence, source)):
                text += "\n"
            elif not left_out and (latin or text[-1] not in "。;;!?!?::…\n"):
                text += " "
        text += sentence.text
        before = sentence
    return "\n".join(shown(line) for line in text.split("\n"))


def _new_line(before: Sentence, sentence: Sentence, source: str) -> bool:
    """Whether an item begins, or a paragraph behind items: on one line these would read as one sentence."""
    if before.clause_id == sentence.clause_id:
        return False
    return "\n" in source[before.spans[-1][1] : sentence.spans[0][0]]
