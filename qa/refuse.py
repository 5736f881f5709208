"""When not to answer: a near miss is named for what it is, and what falls under the operating point is not covered."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from index.types import Filters
from ingest.model import PolicyDocument
from qa.address import title_of
from qa.gather import label_documents
from qa.intent import Want, shape_found
from qa.language import plain
from qa.library import Shelf
from qa.places import Label, labels_in, regions_in, years_in
from qa.question import Asked
from qa.rank import Ranked

_NUMERIC = (Want.AMOUNT, Want.PERCENT, Want.DATE, Want.DURATION, Want.DOCUMENT_NUMBER, Want.COUNT)
_DEPTH = 12


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
    return any((own.kind, own.value) == (label.kind, label.value) for own in named)


def near_miss(asked: Asked, ranked: Sequence[Ranked], shelf: Shelf) -> Doubt | None:
    """Right topic, but another year, another province, or no figure: None where the best clauses pass all three."""
    top = ranked[0]
    for check in (_other_region, _other_year, _no_figure):
        doubt = check(asked, top, ranked)
        if doubt is not None:
            return doubt
    return None


def _around(ranked: Ranked) -> str:
    view = ranked.candidate.view
    return " ".join((view.text, view.path, view.context, plain(view.document.title)))


def _other_region(asked: Asked, top: Ranked, ranked: Sequence[Ranked]) -> Doubt | None:
    if not asked.regions:
        return None
    wanted = set(asked.regions)
    if any(wanted & set(regions_in(_around(r))) for r in ranked[:3]):
        return None
    return Doubt("other_region", {"regions": "、".join(asked.regions)})


def _other_year(asked: Asked, top: Ranked, ranked: Sequence[Ranked]) -> Doubt | None:
    if not asked.years or not asked.intent.has(*_NUMERIC):
        return None
    wanted = set(asked.years)
    held = set(years_in(_around(top)))
    if wanted & held:
        return None
    document = top.candidate.view.document
    dated = {day.year for day in (document.issued_on, document.effective_on) if day}
    if not held and wanted & dated:
        return None
    if any(wanted & set(years_in(_around(r))) for r in ranked[1:3]) and not held:
        return None
    return Doubt("other_year", {"years": "、".join(map(str, asked.years))})


def _no_figure(asked: Asked, top: Ranked, ranked: Sequence[Ranked]) -> Doubt | None:
    wants = [w for w in asked.intent.wants if w in (*_NUMERIC, Want.PENALTY)]
    if not wants:
        return None
    if Want.DOCUMENT_NUMBER in wants:
        held = top.candidate.view.document.number is not None or any(
            shape_found(Want.DOCUMENT_NUMBER, r.candidate.view.text) for r in ranked[:3]
        )
        return None if held else Doubt("figure_not_given", {"wanted": "document_number"})
    if any(shape_found(w, r.candidate.view.text) for w in wants for r in ranked[:3]):
        return None
    return Doubt("figure_not_given", {"wanted": wants[0].value})


@cache
def _calibration() -> dict[str, float]:
    table = json.loads((resources.files("qa") / "data" / "refusal.json").read_text(encoding="utf-8"))
    return dict(table["weights"]) | {"bias": table["bias"], "threshold": table["threshold"]}


def confidence(ranked: Sequence[Ranked]) -> float:
    """How likely the best clause answers, 0 to 1: a logistic curve over its features, see docs/answers.md."""
    table = _calibration()
    total = table["bias"] + sum(table.get(name, 0.0) * value for name, value in ranked[0].features.items())
    return 1 / (1 + math.exp(-total))


def threshold() -> float:
    """The operating point: confidence below it refuses."""
    return _calibration()["threshold"]
