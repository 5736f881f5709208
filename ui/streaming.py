"""A reply as server-sent events: ``status`` at once, ``delta`` as text becomes certain, then the whole ``reply``."""

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

_log = logging.getLogger("policyqa.api")


def reply_events(
    workspace: Workspace, question: str, history: Sequence[str], filters: Filters, question_id: str | None = None
) -> Iterator[str]:
    """The events of one question, each as it goes over the wire.

    What a language model writes is checked before it is shown, so text comes in checked sentences, not in tokens. The
    ``reply`` event holds everything and its text is what counts; a client may ignore the others.
    """
    yield event("status", {"stage": "searching"})
    try:
        for news in workspace.stream(question, history, filters):
            if isinstance(news, str):
                yield event("delta", {"text": news})
            else:
                yield event("reply", reply_json(news, question_id))
    except QuestionError as error:
        yield event("error", error_body(error.code, str(error)))
    except StoreError as error:
        _log.error("the library could not be read: %s", error)  # the stream is a 200 in the log of requests
        yield event("error", error_body("store_unavailable", str(error)))


def event(name: str, data: dict[str, Any]) -> str:
    """One server-sent event; JSON has no line break, so one data line holds it."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
