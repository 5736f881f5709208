"""The page's events behind the same door: each handler runs for somebody, and only where their role allows it.

Gradio takes every event in at one address and runs it later, away from the request that brought it, so the door alone
could not tell an event that reads from one that removes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.access.control import AccessControl
from ui.access.current import acting_as
from ui.access.door import CALLER
from ui.access.model import AccessError, Caller, ForbiddenError, SignInRequiredError
from ui.access.rules import EVENTS_COUNTED, needed_for_event
from ui.render import esc
from ui.request_id import set_request_id
from ui.words import Words

Refused = Callable[..., Any]


class Guarded:
    """A Gradio block whose events are guarded: ``block.name(handler, inputs, outputs)`` as Gradio has it."""

    def __init__(self, block: Any, control: AccessControl, words: Words) -> None:
        self._block, self._control, self._words = block, control, words

    def __getattr__(self, event: str) -> Callable[..., Any]:
        """What registers a handler for the event of that name."""
        register = getattr(self._block, event)

        def guarded(
            handler: Callable[..., Any],
            inputs: Sequence[Any] | None,
            outputs: Sequence[Any],
            *,
            refused: Refused | None = None,
            **how: Any,
        ) -> Any:
            """``refused`` makes the outputs of an event that was not let in; without it the first output says why."""
            return register(self._guard(event, handler, len(outputs), refused), inputs, outputs, **how)

        return guarded

    def _guard(
        self, event: str, handler: Callable[..., Any], n_outputs: int, refused: Refused | None
    ) -> Callable[..., Any]:
        takes_event = any(
            "EventData" in str(parameter.annotation) for parameter in inspect.signature(handler).parameters.values()
        )

        def admitted(data: gr.EventData, request: gr.Request, values: tuple[object, ...]) -> _Admitted:
            caller = caller_of_event(request)
            try:
                with acting_as(caller):
                    self._admit(event, caller)
            except AccessError as error:
                why = error.said(self._words)
                return _Admitted(None, refused(why, data, *values) if refused else _told(why, n_outputs))
            return _Admitted(caller, None)

        def once(data: gr.EventData, request: gr.Request, *values: object) -> Any:
            come = admitted(data, request, values)
            if come.caller is None:
                return come.instead
            with acting_as(come.caller):
                return handler(data, *values) if takes_event else handler(*values)

        def stepwise(data: gr.EventData, request: gr.Request, *values: object) -> Iterator[Any]:
            come = admitted(data, request, values)
            if come.caller is None:
                yield come.instead
                return
            yield from _each_for(come.caller, handler(data, *values) if takes_event else handler(*values))

        run: Callable[..., Any] = stepwise if inspect.isgeneratorfunction(handler) else once
        # Gradio finds the event and the request by these annotations, and hands the inputs in after them.
        run.__annotations__ = {"data": gr.EventData, "request": gr.Request}
        return run

    def _admit(self, event: str, caller: Caller | None) -> None:
        """Raises AccessError where ``caller`` may not do what the event does."""
        if caller is None:
            raise SignInRequiredError("access.sign_in")
        needed = needed_for_event(event)
        if not caller.role.covers(needed):
            self._control.audit.record("refused", f"page event {event}", "refused", needed=str(needed))
            raise ForbiddenError("access.forbidden", role=needed, name=caller.name)
        if event in EVENTS_COUNTED:
            self._control.spend(EVENTS_COUNTED[event], caller)
        if event == "evaluate":
            self._control.audit.record("evaluate")


@dataclass(frozen=True, slots=True)
class _Admitted:
    """Who may go on, or what is shown instead."""

    caller: Caller | None
    instead: Any


def caller_of_event(request: gr.Request) -> Caller | None:
    """Whoever sent an event, as the door found out; None where the request did not come through it."""
    scope = request.request.scope if request.request is not None else {}
    set_request_id(scope.get("policyqa.request_id", ""))
    found: Caller | None = scope.get(CALLER)
    return found


def _each_for(caller: Caller | None, steps: Iterator[Any]) -> Iterator[Any]:
    """The same steps, each worked out for ``caller``: Gradio may run every one in another thread."""
    while True:
        with acting_as(caller):
            try:
                step = next(steps)
            except StopIteration:
                return
        yield step


def _told(why: str, n_outputs: int) -> Any:
    said = f'<p class="error" role="alert">{esc(why)}</p>'
    return said if n_outputs == 1 else (said, *([gr.skip()] * (n_outputs - 1)))
