"""Reports from the page's feedback export become questions, as drafts for review."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.errors import QuestionFileError
from eval.labels import plain
from eval.question import GoldEntry, Question, QuestionType

if TYPE_CHECKING:
    from index.protocol import PolicyStore

_HELPFUL = "读者认为回答有用;依据是所引条款 / a reader found the answer helpful; gold is what it cited"
_SUGGESTED = "读者认为回答不对;依据是检索建议,务必核对 / a reader found the answer wrong; gold is a suggestion to check"


def questions_from_feedback(path: Path, store: PolicyStore) -> tuple[Question, ...]:
    """One draft for each question in a feedback export (JSON lines as the page's ``导出为评测题`` gives them).

    A helpful answer's cited clauses are the gold. Where a reader called the answer wrong, the clause that search finds
    first is suggested as gold, and the note says so. A question that comes again is kept once, the newest word about
    it counting. Raises QuestionFileError, naming line and field, for a malformed export.
    """
    newest: dict[str, Question] = {}
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        question = _question(line, path, number, store)
        if question is not None:
            newest[plain(question.question)] = question
    return tuple(newest.values())


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(path, None, None, f"cannot be read ({error})") from error


def _question(line: str, path: Path, number: int, store: PolicyStore) -> Question | None:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionFileError(path, number, None, f"is not valid JSON ({error.msg})") from error
    if not isinstance(raw, dict):
        raise QuestionFileError(path, number, None, "is not a JSON object")
    for name in ("id", "question"):
        if not isinstance(raw.get(name), str) or not raw[name].strip():
            raise QuestionFileError(path, number, name, "is missing or empty")
    gold = tuple(_gold(entry, path, number, i) for i, entry in enumerate(raw.get("gold") or []))
    comment = str(raw.get("note") or "")
    note = _HELPFUL if gold else _SUGGESTED
    if not gold:
        hits = store.search(raw["question"], 1).hits
        if not hits:
            return None
        gold = tuple(
            GoldEntry(h.document.title, h.clause.path, spans=h.clause.spans, file=h.document.source) for h in hits
        )
    return Question(
        id=raw["id"],
        question=raw["question"],
        type=QuestionType.FOLLOWUP if raw.get("history") else QuestionType.FACT,
        history=tuple(str(turn) for turn in raw.get("history") or []),
        gold=gold,
        draft=True,
        note=f"{note}: {comment}" if comment else note,
    )


def _gold(entry: Any, path: Path, number: int, position: int) -> GoldEntry:
    if not isinstance(entry, dict) or not isinstance(entry.get("doc"), str):
        raise QuestionFileError(path, number, f"gold[{position}].doc", "is missing")
    return GoldEntry(entry["doc"], tuple(str(label) for label in entry.get("path") or []))
