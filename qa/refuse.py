"""When not to answer: a near miss is named for what it is, and what falls under the operating point is not covered."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from index.types import Filters
from ingest.model import Kind, PolicyDocument
from qa.address import title_of
from qa.evidence import Piece
from qa.fits import annual_years
from qa.focus import figures_asked, gives
from qa.gather import label_documents, matches_label
from qa.intent import FIGURES, Want, shape_found, shape_places
from qa.language import plain
from qa.library import Shelf, View
from qa.lists import announces
from qa.places import Label, labels_in, regions_in, years_in
from qa.plan import Plan
from qa.pointing import defers
from qa.question import Asked
from qa.rank import Ranked
from qa.reader import Reader
from qa.support import reading, support


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a question is refused: a code of `qa.reply.Refusal` and the values that its wording names."""

    reason: str
    values: dict[str, str]


def missing_label(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf, filters: Filters) -> Doubt | None:
    """第三十四条 asked of a document that lacks it: lost from the source, or never there."""
    if not asked.labels or any(r.candidate.exact for r in ranked):
        return None
    label = asked.labels[0]
    if label.kind in ("款", "项", "表"):
        return None
    places = label_documents(asked, shelf, filters)
    if not places:
        return None
    document = next((d for d in map(shelf.document, places) if is_missing(d, label)), shelf.document(places[0]))
    values = {"title": title_of(document), "label": label.printed}
    return Doubt("missing_clause" if is_missing(document, label) else "no_such_clause", values)


def is_missing(document: PolicyDocument, label: Label) -> bool:
    """Whether the numbering implies that clause but the file does not hold it."""
    named = [own for printed in document.missing for own in labels_in(printed)]
    if any((own.kind, own.value) == (label.kind, label.value) for own in named):
        return True
    same_kind = [own.value for c in document.clauses for own in labels_in(c.label) if own.kind == label.kind]
    return label.kind == "条" and bool(same_kind) and min(same_kind) < label.value < max(same_kind)


def near_miss(asked: Asked, plan: Plan, shelf: Shelf) -> Doubt | None:
    """Right topic, but another year, another province, or no figure: None where what is planned passes all three."""
    if plan.about and not plan.pieces:
        return _figure(plan.lacking or Want.DOCUMENT_NUMBER)
    if plan.absent or plan.about:
        return None
    if any(piece.view.clause.label and labelled(asked, piece.view) for piece in plan.pieces):
        return None
    if all(_empty(piece.view, shelf) for piece in plan.pieces) and not plan.referred:
        return Doubt("not_covered", {})
    if _only_listed(asked, plan):
        return Doubt("not_covered", {})
    return _other_region(asked, plan) or _other_year(asked, plan) or _no_figure(asked, plan)


def _only_listed(asked: Asked, plan: Plan) -> bool:
    """Whether what is to be defined, or the list asked for, is no more than a name in a row of names (A、B、C、D).

    规定了整体智治、V字模型、多跨协同、城市大脑等术语 says of none of them what it means.
    """
    if not asked.intent.has(Want.DEFINITION, Want.LIST) or asked.intent.has(Want.COMPARISON):
        return False
    text = " ".join(f"{view.text} {view.path} {view.context}" for view in plan.views)
    question = plain(asked.standalone)
    inside = asked.intent.has(Want.DEFINITION)
    return any(
        in_rows_only(name, text)
        for name in asked.quoted
        if len(name) > 1 and (inside or _CONSISTS.match(question, question.find(name) + len(name)))
    )


def in_rows_only(name: str, text: str) -> bool:
    """Whether ``name`` stands in ``text`` (`plain`), and nowhere but among four names or more parted by 、."""
    places = [match.start() for match in re.finditer(re.escape(name), text)]
    return bool(places) and all(_marks_around(text, at, at + len(name)) >= _ROW_MARKS for at in places)


def _marks_around(text: str, start: int, end: int) -> int:
    """How many 、 stand around that stretch before the next stop on either side."""
    left = _STOP.split(text[max(0, start - _ROW_LENGTH) : start])[-1]
    right = _STOP.split(text[end : end + _ROW_LENGTH], maxsplit=1)[0]
    return left.count("、") + right.count("、")


_CONSISTS = re.compile(r"[”\"」』’']?[都里中具体主要一共总下面]*(?:列|包[括含]|含|有|涉及|分|由)")
_STOP = re.compile(r"[,。;:]")
_ROW_LENGTH, _ROW_MARKS = 80, 3


def _empty(view: View, shelf: Shelf) -> bool:
    """Whether a clause heads or announces something that the file does not hold (an image, a lost page)."""
    if shelf.children(view.document.doc_id, view.clause.clause_id) or view.step in _STATING:
        return False
    if announces(view):
        return len(view.text) < _SHORT_LEAD
    return view.clause.heading != "" and len(view.text) <= len(view.step) + 2 and _bare(view)


_STATING = ("题名", "落款", "主送", "正文")


def _bare(view: View) -> bool:
    """Whether a heading states nothing by itself: it has no verb's punctuation and no figure."""
    return (
        not re.search(r"[,。;\d]", view.text.removeprefix(plain(view.clause.label))) and len(view.text) < _SHORT_HEADING
    )


_SHORT_HEADING = 20
_SHORT_LEAD = 80


def labelled(asked: Asked, view: View) -> bool:
    """Whether the question asks for this very clause by its number."""
    return any(matches_label(view.clause, label) for label in asked.labels)


def _place(view: View) -> str:
    return " ".join((view.path, view.context, view.title, plain(view.document.region or "")))


def _other_region(asked: Asked, plan: Plan) -> Doubt | None:
    if not asked.places:
        return None
    around = " ".join(f"{piece.view.text} {_place(piece.view)}" for piece in plan.pieces)
    if any(place in around for place in asked.places) or set(asked.regions) & set(regions_in(around)):
        return None
    return Doubt("other_region", {"regions": "、".join(asked.places)})


def _other_year(asked: Asked, plan: Plan) -> Doubt | None:
    """The shown figures are of other years than the one asked about, and so is the place they stand at."""
    if not asked.years or not asked.intent.has(*FIGURES) or asked.intent.has(Want.COMPARISON):
        return None
    wanted = set(asked.years)
    wants = asked.intent.figures
    for piece in plan.pieces:
        view = piece.view
        if view.document.kind in _STANDING_RULES and not years_in(plain(piece.text)):
            return None
        around = set(years_in(view.path)) | set(years_in(view.context))
        if wanted & (annual_years(view.document.title) | set(years_in(view.path))):
            return None
        dated = {day.year for day in (view.document.issued_on, view.document.effective_on) if day}
        shown = set(years_in(plain(piece.text)))
        for sentence in _shown_sentences(piece):
            figures = [at for want in wants for at in shape_places(want, sentence)]
            if any(wanted & years_of_figure(sentence, at, shown or around or dated) for at in figures):
                return None
    return Doubt("other_year", {"years": "、".join(map(str, asked.years))})


_STANDING_RULES = (Kind.LAW, Kind.REGULATION, Kind.RULE)
"""What these say without a year holds in every year: 产假九十八天 answers 2024年产假多少天."""


def years_of_figure(sentence: str, at: int, otherwise: set[int]) -> set[int]:
    """The year that a figure is of: the last one named before it, else those after it, else those around the sentence.

    2021年4月发布的白皮书指出2020年规模达39.2万亿元: the figure is of 2020.
    """
    before = years_in(sentence[:at])
    if before:
        return {before[-1]}
    return set(years_in(sentence)) or otherwise


def _shown_sentences(piece: Piece) -> list[str]:
    """The sentences of the clause that the piece shows, `plain`."""
    return [
        text
        for sentence, text in zip(piece.view.sentences, piece.view.sentence_texts, strict=True)
        if any(a < d and c < b for a, b in sentence.spans for c, d in piece.spans)
    ]


def _no_figure(asked: Asked, plan: Plan) -> Doubt | None:
    wants = [*figures_asked(asked), *(w for w in asked.intent.wants if w is Want.PENALTY)]
    if not wants or asked.intent.has(Want.YES_NO, Want.COMPARISON):
        return None
    shown = plain(" ".join(piece.text for piece in (*plan.pieces, *(one.piece for one in plan.referred))))
    if Want.DOCUMENT_NUMBER in wants:
        numbered = any(piece.view.document.number for piece in plan.pieces)
        return None if numbered or shape_found(Want.DOCUMENT_NUMBER, shown) else _figure(Want.DOCUMENT_NUMBER)
    if Want.PENALTY in wants and any(defers(piece.view.text) for piece in plan.pieces):
        return None
    if Want.PENALTY in wants and "罚" in asked.standalone and not shape_found(Want.PENALTY, shown):
        return _figure(Want.PENALTY)
    if Want.PENALTY in wants and Want.AMOUNT in wants and not shape_found(Want.AMOUNT, shown):
        return _figure(Want.AMOUNT)
    return None if any(gives(w, asked, shown) for w in wants) else _figure(wants[0])


def _figure(want: Want) -> Doubt:
    return Doubt("figure_not_given", {"wanted": want.value})


@cache
def _calibrations() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((resources.files("qa") / "data" / "refusal.json").read_text(encoding="utf-8"))
    return table


_CLEAR = 0.5
"""Above it, reading changed nothing that was measured: only less sure answers are read once more."""


def sure_of(asked: Asked, ranked: Sequence[Ranked], plan: Plan, shelf: Shelf, reader: Reader | None) -> float:
    """How likely what is planned answers, 0 to 1; docs/answers.md says what it was fitted to."""
    evidence = support(asked, ranked, plan, shelf)
    sure = confidence(evidence)
    if reader is None or sure >= _CLEAR:
        return sure
    return confidence(evidence | reading(ranked, reader))


def confidence(evidence: dict[str, float]) -> float:
    """A logistic curve over `qa.support.support`, another one where `qa.support.reading` says more."""
    curve = _calibrations()["with_reader" if "read" in evidence else "alone"]
    total = curve["bias"] + sum(weight * evidence[name] for name, weight in curve["weights"].items())
    return 1 / (1 + math.exp(-total))


def threshold() -> float:
    """The operating point: confidence below it refuses."""
    return float(_calibrations()["threshold"])
