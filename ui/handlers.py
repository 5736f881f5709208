"""What the page does when something is clicked: from a browser event to the HTML that replaces a part of the page."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any

from index.errors import StoreError
from qa.request import FilterError, filters_from_json
from qa.wire import reply_json
from ui.feedback import record_verdict
from ui.marks import read_marks
from ui.panels.composer import welcome
from ui.panels.reader import document_html, reader_html
from ui.panels.thread import failed_html, running_html, thread_html, turn_html
from ui.render import esc
from ui.turns import Json, history_of, kept_turns, new_turn, stopped_turn
from ui.words import Words
from ui.workspace import QuestionError, Workspace

_log = logging.getLogger(__name__)


class AskHandlers:
    """The handlers of the asking view, in one language."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        self._workspace = workspace
        self._words = words

    def restore(self, kept: object) -> tuple[str, str, str]:
        """Welcome, finished turns and last turn, as the browser kept them."""
        turns = kept_turns(kept)
        if not turns:
            return welcome(self._workspace, self._words), "", ""
        last = turn_html(self._workspace, turns[-1], self._words, last=True)
        return "", thread_html(self._workspace, turns[:-1], self._words), last

    def ask(self, payload: Mapping[str, Any], kept: object) -> Iterator[tuple[str | None, str | None, str | None, Any]]:
        """Welcome, thread, live turn and kept turns, as they change; None where a part stays as it is."""
        question = _text(payload, "question")
        turns = kept_turns(kept)
        if turns and turns[-1]["id"] == payload.get("replaces"):
            turns.pop()
        yield "", thread_html(self._workspace, turns, self._words), running_html(question, self._words), None
        started = time.perf_counter()
        try:
            filters = filters_from_json(payload.get("filters") or {})
            reply = self._workspace.ask(question, history_of(turns), filters)
        except (QuestionError, FilterError, StoreError) as error:
            yield None, None, failed_html(question, str(error), self._words), None
            return
        except Exception:  # noqa: BLE001  the page must not wait for ever; the log has what happened
            _log.exception("asking failed")
            yield None, None, failed_html(question, self._words("internal"), self._words), None
            return
        turn = new_turn(reply_json(reply), took_ms=(time.perf_counter() - started) * 1000)
        yield None, None, turn_html(self._workspace, turn, self._words, last=True), [*turns, turn]

    def stop(self, payload: Mapping[str, Any], kept: object) -> tuple[str, list[Json]]:
        """The live turn and the kept turns after an answer was stopped."""
        turn = stopped_turn(_text(payload, "question"))
        return turn_html(self._workspace, turn, self._words), [*kept_turns(kept), turn]

    def feedback(self, payload: Mapping[str, Any], kept: object) -> list[Json]:
        """Keeps what a reader said about one of the turns; the turns, with the thumb that was chosen."""
        turns = kept_turns(kept)
        for turn in turns:
            if turn["id"] == payload.get("turn"):
                record_verdict(self._workspace, turn, payload)
                if payload.get("verdict") in ("up", "down"):
                    turn["verdict"] = payload["verdict"]
        return turns

    def clear(self) -> tuple[str, str, str, list[Json]]:
        """A new conversation."""
        return welcome(self._workspace, self._words), "", "", []

    def read(self, payload: Mapping[str, Any]) -> str:
        """The reader, opened at a clause or at the top of a document."""
        try:
            if payload.get("document"):
                return document_html(self._workspace, _text(payload, "document"), self._words)
            return reader_html(self._workspace, _text(payload, "clause"), read_marks(payload.get("marks")), self._words)
        except StoreError as error:
            return f'<p class="error" role="alert">{esc(self._words("failed", why=str(error)))}</p>'


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""
