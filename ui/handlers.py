"""What the page does when something is clicked: from a browser event to the HTML that replaces a part of the page."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

from index.errors import StoreError
from qa.request import FilterError, filters_from_json
from qa.wire import reply_json
from ui.failures import failure_html, failure_text
from ui.feedback import record_verdict
from ui.marks import read_marks
from ui.panels.composer import welcome
from ui.panels.reader import document_html, reader_html
from ui.panels.thread import failed_html, running_html, turn_html
from ui.turns import Json, history_of, kept_turns, new_turn, stopped_turn
from ui.words import Words
from ui.workspace import AtHand, QuestionError, Workspace

_log = logging.getLogger(__name__)
Step = tuple[str | None, str | None, str | None, list[Json] | None]


class AskHandlers:
    """The handlers of the asking view, in one language."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        self._workspace = workspace
        self._words = words
        self._drawn: AtHand[str] = AtHand()

    def restore(self, kept: object) -> tuple[str, str, str]:
        """Welcome, finished turns and last turn, as the browser kept them."""
        turns = kept_turns(kept)
        if not turns:
            return welcome(self._workspace, self._words), "", ""
        last = turn_html(self._workspace, turns[-1], self._words, last=True)
        return "", self._thread(turns[:-1]), last

    def ask(self, payload: Mapping[str, Any], kept: object) -> Iterator[Step]:
        """Welcome, thread, live turn and kept turns, as they change; None where a part stays as it is.

        The script shows the question by itself, so without a language model there is a single step: each costs the
        reader some 20 ms on the way.
        """
        question = _text(payload, "question")
        turns = kept_turns(kept)
        if turns and turns[-1]["id"] == payload.get("replaces"):
            turns.pop()
        started = time.perf_counter()
        before: tuple[str | None, str | None] = ("", self._thread(turns))
        try:
            filters = filters_from_json(payload.get("filters") or {})
            text = ""
            for news in self._workspace.stream(question, history_of(turns), filters):
                if not isinstance(news, str):
                    turn = new_turn(reply_json(news), took_ms=(time.perf_counter() - started) * 1000)
                    drawn = turn_html(self._workspace, turn, self._words, last=True)
                    yield *before, drawn, [*turns, turn]
                elif self._workspace.settings.language_model is not None:
                    text += news
                    yield *before, running_html(question, self._words, text), None
                    before = (None, None)
        except (QuestionError, FilterError, StoreError) as error:
            yield *before, failed_html(question, failure_text(error, self._words), self._words), None
        except Exception:  # noqa: BLE001  the page must not wait for ever; the log has what happened
            _log.exception("asking failed")
            yield *before, failed_html(question, self._words("internal"), self._words), None

    def refused(self, payload: Mapping[str, Any], kept: object, why: str) -> Step:
        """The thread with a question that was not let through, and why."""
        return "", self._thread(kept_turns(kept)), failed_html(_text(payload, "question"), why, self._words), None

    def stop(self, payload: Mapping[str, Any], kept: object) -> tuple[str, str, str, list[Json]]:
        """Welcome, thread, live turn and kept turns after an answer was stopped."""
        turns = kept_turns(kept)
        turn = stopped_turn(_text(payload, "question"))
        return "", self._thread(turns), turn_html(self._workspace, turn, self._words), [*turns, turn]

    def _thread(self, turns: list[Json]) -> str:
        """The finished turns. Each is drawn once for a state of the store, and kept at hand."""
        state = (self._workspace.store.generation, date.today().isoformat())
        drawn = [self._drawn.get(state, json.dumps(turn, sort_keys=True), partial(self._draw, turn)) for turn in turns]
        return "".join(drawn)

    def _draw(self, turn: Json, _key: str) -> str:
        return turn_html(self._workspace, turn, self._words)

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
            return failure_html(error, self._words)


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""
