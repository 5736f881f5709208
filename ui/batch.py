"""Many questions from a file of JSON lines, one reply a line, in the order of the input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.console import fail, print_json, progress_bar

if TYPE_CHECKING:
    from index.types import Filters
    from qa.assistant import Assistant


def read_batch(file: Path) -> list[dict[str, Any]]:
    """The questions of a batch file; a malformed line is named."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file}: can't be read as UTF-8 text ({error}). Name a JSON-lines file.")
    questions = []
    for position, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except json.JSONDecodeError as error:
            fail(f"{file}, line {position}: not JSON ({error.msg}). Write one object a line.")
        if not isinstance(one, dict) or not isinstance(one.get("question"), str):
            fail(f'{file}, line {position}: field "question" is missing or not text.')
        history = one.get("history", [])
        if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
            fail(f'{file}, line {position}: field "history" must be a list of texts.')
        questions.append(one)
    return questions


def ask_batch(assistant: Assistant, file: Path, filters: Filters) -> None:
    """Asks each question of the file and prints its reply as one line of JSON, with the question's own id."""
    from qa.request import FilterError, filters_from_json
    from qa.wire import reply_json

    questions = read_batch(file)
    with progress_bar() as progress:
        for done, one in enumerate(questions):
            progress(done, len(questions), str(one.get("id", done + 1)))
            try:
                own = filters_from_json(one["filters"]) if one.get("filters") else filters
            except FilterError as error:
                fail(f"{file}, question {one.get('id', done + 1)}: {error}")
            reply = assistant.ask(one["question"], tuple(one.get("history", [])), own)
            print_json(({"id": one["id"]} if "id" in one else {}) | reply_json(reply))
