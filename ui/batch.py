"""Many questions from a file of JSON lines, one reply a line, in the order of the input."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.request import FilterError, filters_from_json
from ui.console import fail, print_json, progress_bar

if TYPE_CHECKING:
    from index.types import Filters
    from qa.assistant import Assistant


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """One line of a batch file. ``filters`` is None where the line gives none and the command's own apply."""

    question: str
    history: tuple[str, ...]
    filters: Filters | None
    given: dict[str, Any]
    """``{"id": ...}`` where the line has an id, else empty: what its reply begins with."""


def read_batch(file: Path) -> tuple[BatchQuestion, ...]:
    """The questions of a batch file, all of them checked; a malformed line ends the program with exit code 2."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: can't be read as UTF-8 text ({error}). Name a JSON-lines file.")
    return tuple(_read_line(f"{file}, line {at}", line) for at, line in enumerate(lines, 1) if line.strip())


def _read_line(place: str, line: str) -> BatchQuestion:
    try:
        one = json.loads(line)
    except json.JSONDecodeError as error:
        fail(f"{place}: not JSON ({error.msg}). Write one object a line.")
    if not isinstance(one, dict) or not isinstance(one.get("question"), str):
        fail(f'{place}: field "question" is missing or not text.')
    history = one.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        fail(f'{place}: field "history" must be a list of texts.')
    filters = one.get("filters")
    if filters is not None and not isinstance(filters, dict):
        fail(f'{place}: field "filters" must be an object.')
    try:
        chosen = filters_from_json(filters) if filters else None
    except FilterError as error:
        fail(f"{place}: {error}")
    return BatchQuestion(one["question"], tuple(history), chosen, {"id": one["id"]} if "id" in one else {})


def ask_batch(assistant: Assistant, questions: Sequence[BatchQuestion], filters: Filters) -> None:
    """Asks each question and prints its reply as one line of JSON, with the question's own id."""
    from qa.wire import reply_json

    with progress_bar() as progress:
        for done, one in enumerate(questions):
            progress(done, len(questions), one.question)
            print_json(one.given | reply_json(assistant.ask(one.question, one.history, one.filters or filters)))
