"""A reply as server-sent events: ``status`` at once, ``delta`` for each paragraph, then the whole ``reply``."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from index.errors import StoreError
from index.types import Filters
from qa.wire import reply_json
from ui.guards import error_body
from ui.workspace import QuestionError, Workspace

_log = logging.getLogger(__name__)


def reply_events(
    workspace: Workspace, question: str, history: Sequence[str], filters: Filters, question_id: str | None = None
) -> Iterator[str]:
    """The events of one question, each as it goes over the wire.

    What a language model wrote is checked before it is shown, so text comes in checked paragraphs, not in tokens. The
    ``reply`` event holds everything; a client may ignore the others.
    """
    yield event("status", {"stage": "searching"})
    try:
        reply = workspace.ask(question, history, filters)
    except QuestionError as error:
        yield event("error", error_body(error.code, str(error)))
        return
    except StoreError as error:
        yield event("error", error_body("store_unavailable", str(error)))
        return
    for paragraph in reply.text.splitlines(keepends=True):
        yield event("delta", {"text": paragraph})
    yield event("reply", reply_json(reply, question_id))


def event(name: str, data: dict[str, Any]) -> str:
    """One server-sent event; JSON has no line break, so one data line holds it."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
