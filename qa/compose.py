"""Pieces of policy text → an answer with markers and citations, every quotation literal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from qa.address import address
from qa.evidence import CELL, Piece
from qa.itemised import Listing
from qa.language import Language, detect, plain
from qa.onward import Onward
from qa.reply import MARKER, Citation
from qa.wording import say


@dataclass(slots=True)
class Draft:
    """An answer in the making: its lines, and its citations numbered as they come."""

    language: Language
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The answer so far."""
        return "\n".join(self.lines).strip()

    def cite(self, piece: Piece) -> str:
        """The marker for a piece, ``[1]``; the same clause shown in the same words keeps its number."""
        for known in self.citations:
            if known.clause.clause_id == piece.view.clause.clause_id and known.spans == piece.spans:
                return f"[{known.marker}]"
        marker = len(self.citations) + 1
        self.citations.append(Citation(marker, piece.view.clause, piece.view.document, piece.quote, piece.spans))
        return f"[{marker}]"


_MOST_CITATIONS = 99


def quiet(words: str) -> str:
    """Quoted words as they stand in an answer: a source's own [1] is bracketed otherwise, so that it is no marker."""
    return MARKER.sub(lambda m: f"〔{m[1]}〕", words)


def compose_pieces(draft: Draft, pieces: Sequence[Piece]) -> None:
    """Each piece in quotation marks with its marker, its address below it."""
    if draft.language is Language.EN and pieces:
        chinese = any(detect(piece.text) is not Language.EN for piece in pieces)
        draft.lines.append(say("english_lead" if chinese else "english_lead_same", draft.language))
    for piece in pieces:
        draft.lines += _quoted(draft, piece)
        draft.lines.append(_source(draft, piece))


def _quoted(draft: Draft, piece: Piece) -> list[str]:
    """A piece's lines with its marker: behind every line of its own, behind the last row of a table."""
    marker = draft.cite(piece)
    lines = quiet(piece.text).split("\n")
    return [line if CELL in after else f"{line}{marker}" for line, after in pairwise((*lines, ""))]


def compose_listing(draft: Draft, listing: Listing, pieces: Sequence[Piece], absent: str = "") -> None:
    """The heading's address, its words before the list, every item and its words behind them, in the text's order.

    ``pieces`` are the items, what stands below an item set in, and last the heading's closing words if it has any.
    ``absent`` is an item that is not among them.
    """
    head = listing.head
    place = address(head.clause, head.document, draft.language)
    phrase = "no_such_item" if absent else "listed"
    heading = {head.clause.clause_id, *(piece.view.clause.parent_id for piece in pieces)}
    count = sum(piece.view.clause.clause_id not in heading for piece in pieces)
    draft.lines.append(quiet(say(phrase, draft.language, address=place, count=count, asked=absent)))
    lead = listing.lead[-1].text if listing.lead and not absent else ""
    if lead and plain(lead) not in head.step and lead not in draft.lines[0]:
        draft.lines.append(quiet(lead))
    for piece in pieces[: _MOST_CITATIONS - 1]:
        if piece.view is head:
            draft.lines += _quoted(draft, piece)
            continue
        first, *more = _quoted(draft, piece)
        indent = "" if piece.view.clause.parent_id == head.clause.clause_id else "  "
        draft.lines.append(f"{indent}- {first}")
        draft.lines += [line if CELL in line else f"  - {line}" for line in more]


def compose_table(draft: Draft, sides: Sequence[str], pieces: Sequence[Piece]) -> None:
    """A column for each side, each cell a quotation with its marker, its address in the row below."""
    language = draft.language
    draft.lines.append(say("compared", language))
    draft.lines.append("")
    draft.lines.append(_row([say("compared_topic", language), *sides]))
    draft.lines.append(_row(["---"] * (len(sides) + 1)))
    draft.lines.append(
        _row([say("compared_text", language), *(f"{quiet(piece.text)}{draft.cite(piece)}" for piece in pieces)])
    )
    draft.lines.append(
        _row(
            [
                say("compared_source", language),
                *(quiet(address(piece.view.clause, piece.view.document, language)) for piece in pieces),
            ]
        )
    )


def compose_onward(draft: Draft, one: Onward) -> None:
    """What is quoted below the answer, under the words that lead to it; without words, an item of that clause."""
    if one.words:
        draft.lines.append(say(one.phrase, draft.language, words=quiet(re.sub(r"\s+", "", one.words))))
        draft.lines += _quoted(draft, one.piece)
        draft.lines.append(_source(draft, one.piece))
    else:
        draft.lines.append(f"- {quiet(one.piece.text)}{draft.cite(one.piece)}")


def _source(draft: Draft, piece: Piece) -> str:
    return quiet(say("source", draft.language, address=address(piece.view.clause, piece.view.document, draft.language)))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "|").replace("\n", " ") for cell in cells) + " |"
