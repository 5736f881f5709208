"""One turn of a conversation as the browser keeps it: the question, and the reply cut down to what is shown again.

The browser's copy comes back with every question, so it is checked as any other input is.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from ingest.model import Span

Json = dict[str, Any]

MOST_TURNS: Final = 40
"""Older turns are dropped from the browser's copy: its storage is about 5 MB, a turn about 4 KB."""
_KEPT: Final = ("question", "standalone_question", "kind", "answer", "notices", "reason", "confidence")
_CITATION: Final = ("marker", "clause_id", "doc_id", "document", "number", "path", "quote", "spans", "status")
_NEAREST: Final = ("clause_id", "doc_id", "document", "number", "path", "status")
_NEAREST_SHOWN: Final = 3
_FOUND: Final = ("rank", "similarity_cosine", "score_bm25")


def new_turn(reply: Mapping[str, Any], *, took_ms: float) -> Json:
    """A turn from a reply in the contract's JSON; ``id`` is fresh, ``took_ms`` is what the reader waited."""
    turn: Json = {name: reply[name] for name in _KEPT}
    found = {hit["clause_id"]: {name: hit.get(name) for name in _FOUND} for hit in reply["retrieved"]}
    turn["citations"] = [_kept(one, _CITATION, found) for one in reply["citations"]]
    turn["nearest"] = [_kept(one, _NEAREST, found) for one in reply["nearest"][:_NEAREST_SHOWN]]
    return turn | {"id": secrets.token_hex(6), "took_ms": round(took_ms, 1), "verdict": None}


def _kept(one: Mapping[str, Any], names: tuple[str, ...], found: Mapping[str, Json]) -> Json:
    """What is kept of a citation or near clause; ``found`` says how the search came upon it, where it did."""
    return {name: one.get(name) for name in names} | {"found": found.get(one["clause_id"])}


def stopped_turn(question: str) -> Json:
    """The turn of a question whose answer was stopped or failed, so that it can be asked again."""
    return {
        "id": secrets.token_hex(6),
        "question": question,
        "standalone_question": question,
        "kind": "stopped",
        "answer": "",
        "notices": [],
        "reason": None,
        "confidence": None,
        "citations": [],
        "nearest": [],
        "took_ms": 0.0,
        "verdict": None,
    }


def kept_turns(value: object) -> list[Json]:
    """The turns in what the browser sent, oldest first; anything that is not a whole turn is left out."""
    if not isinstance(value, list):
        return []
    return [one for one in value if _is_turn(one)][-MOST_TURNS:]


def _is_turn(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    texts = all(isinstance(value.get(name), str) for name in ("id", "question", "standalone_question", "answer"))
    return (
        texts
        and value.get("kind") in ("answer", "refusal", "stopped")
        and isinstance(value.get("notices"), list)
        and all(_is_citation(one, marked=True) for one in _items(value, "citations"))
        and all(_is_citation(one, marked=False) for one in _items(value, "nearest"))
    )


def _items(value: Mapping[str, object], name: str) -> list[object]:
    found = value.get(name)
    return found if isinstance(found, list) else [None]


def _is_citation(value: object, *, marked: bool) -> bool:
    if not isinstance(value, dict) or not all(
        isinstance(value.get(n), str) for n in ("clause_id", "doc_id", "document")
    ):
        return False
    path = value.get("path")
    if not isinstance(path, list) or not all(isinstance(part, str) for part in path):
        return False
    if not marked:
        return True
    return (
        isinstance(value.get("marker"), int) and isinstance(value.get("quote"), str) and _are_spans(value.get("spans"))
    )


def _are_spans(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(span, list) and len(span) == 2 and all(isinstance(end, int) for end in span) for span in value
    )


def history_of(turns: list[Json]) -> tuple[str, ...]:
    """The questions of the turns, oldest first, as a follow-up question needs them."""
    return tuple(str(turn["question"]) for turn in turns)


def spans_of(citation: Json) -> tuple[Span, ...]:
    """The characters of the source that a citation quotes."""
    return tuple((start, end) for start, end in citation["spans"])
