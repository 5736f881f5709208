"""What readers say about replies: kept in the store, and given back as questions for the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from index.errors import UnknownDocumentError
from index.types import Feedback
from ui.turns import Json
from ui.workspace import Workspace

_MOST_NOTE_CHARS: Final = 1000
_WRONG: Final = "wrong citation"


def record_verdict(workspace: Workspace, turn: Json, payload: Mapping[str, Any]) -> None:
    """Keeps a thumb, or the report that one citation of a turn is wrong."""
    wrong = payload.get("verdict") == "wrong_citation"
    note = str(payload.get("note") or "")[:_MOST_NOTE_CHARS]
    cited = [str(one["clause_id"]) for one in turn["citations"]]
    if wrong:
        cited = [str(payload.get("clause"))[:200]]
        note = f"{_WRONG} [{payload.get('marker')}]" + (f": {note}" if note else "")
    workspace.audit.question("feedback", turn["question"], str(payload.get("verdict"))[:20])
    workspace.store.record_feedback(
        Feedback(
            question=turn["question"],
            helpful=payload.get("verdict") == "up",
            at=datetime.now(UTC),
            answer=turn["answer"],
            comment=note,
            cited=tuple(cited),
        )
    )


def evaluation_lines(workspace: Workspace) -> list[Json]:
    """Each entry as a line of a question set. ``gold`` holds the clauses that a reader called helpful.

    Where an answer was called wrong, ``gold`` is empty and ``note`` says what the reader wrote: someone who knows the
    documents fills it in before the line is evaluated.
    """
    lines = []
    for position, entry in enumerate(workspace.store.feedback(), 1):
        lines.append(
            {
                "id": f"feedback-{position}",
                "question": entry.question,
                "history": [],
                "gold": _gold(workspace, entry.cited) if entry.helpful else [],
                "must": [],
                "answerable": True,
                "helpful": entry.helpful,
                "note": entry.comment,
                "answer_given": entry.answer,
                "cited": list(entry.cited),
                "at": entry.at.isoformat(),
            }
        )
    return lines


def _gold(workspace: Workspace, clause_ids: tuple[str, ...]) -> list[Json]:
    gold = []
    for clause_id in clause_ids:
        try:
            document = workspace.store.document_of(clause_id)
            gold.append({"doc": document.title, "path": list(workspace.store.clause(clause_id).path)})
        except UnknownDocumentError:
            continue
    return gold
