"""The page as Gradio Blocks: panels of HTML, and the events that the page's script sends through one bridge.

Gradio carries the events, streams what they return, stops them, and keeps the conversation in the browser. What the
panels look like is ``ui/panels``; what happens on an event is ``ui/handlers.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI

from ui.access.control import AccessControl
from ui.access.on_page import Guarded
from ui.evaluation_handlers import EvaluationHandlers
from ui.handlers import AskHandlers
from ui.library_handlers import LibraryHandlers
from ui.panels.composer import composer, filter_panel
from ui.panels.evidence import evidence_frame
from ui.panels.frame import header
from ui.panels.library import library_frame
from ui.panels.thread import pending_html
from ui.render import esc
from ui.theme import theme
from ui.words import Words
from ui.workspace import Workspace

EVENTS: Final = (
    "ask",
    "halt",
    "start_over",
    "read",
    "feedback",
    "library",
    "library_changed",
    "remove",
    "reread",
    "compare",
    "status",
    "evaluation",
    "evaluate",
)
"""What the script may send. Gradio finds an event of an HTML block by its quoted name in the block's script."""
_REDRAWN: Final = (
    "live",
    "thread",
    "reader-block",
    "filter-block",
    "composer-block",
    "side",
    "compared",
    "library-list",
)
_CONNECT: Final = f"window.policyqa.connect(trigger, {list(_REDRAWN)}); /* events: {list(EVENTS)} */"
_QUIET: Final[dict[str, Any]] = {"show_progress": "hidden", "api_visibility": "private"}


def build_page(workspace: Workspace, control: AccessControl, words: Words) -> gr.Blocks:
    """The page in one language, at which ``control`` says who may do what."""
    page = gr.Blocks(title=words("name"), fill_width=True, analytics_enabled=False)
    waiting = f'<p class="waiting">{esc(words("waiting"))}</p>'
    with page:
        kept = gr.BrowserState([], storage_key="policyqa-conversation", secret=_secret(workspace))
        _panel(header(words), "frame")
        with gr.Column(elem_id="view-ask", elem_classes="view"):
            with gr.Column(elem_id="conversation"):
                welcome, thread, live = _panel("", "welcome"), _panel("", "thread"), _panel("", "live")
                _panel(pending_html(words), "pending-block")
                _panel(composer(workspace, words), "composer-block")
                filters = _panel("", "filter-block")
            _panel(evidence_frame(words), "side")
        with gr.Column(elem_id="view-library", elem_classes="view"):
            _panel(library_frame(workspace, words), "library-frame")
            said, listed = _panel("", "library-said"), _panel(waiting, "library-list")
            versions, compared = _panel("", "versions"), _panel("", "compared")
        with gr.Column(elem_id="view-evaluation", elem_classes="view"):
            sets, evaluated = _panel(waiting, "evaluation-frame"), _panel("", "evaluated")
        with gr.Column(elem_id="view-status", elem_classes="view"):
            status = _panel(waiting, "status-block")
        reader = _panel("", "reader-block")
        bridge = Guarded(
            gr.HTML("", elem_id="bridge", visible="hidden", apply_default_css=False, js_on_load=_CONNECT),
            control,
            words,
        )

        asking = AskHandlers(workspace, words)

        def restore(value: object) -> tuple[str, ...]:
            return *asking.restore(value), filter_panel(workspace, words)

        def ask(event: gr.EventData, value: object) -> Any:
            for step in asking.ask(event._data, value):
                yield tuple(gr.skip() if part is None else part for part in step)

        def refused(why: str, event: gr.EventData, value: object) -> tuple[Any, ...]:
            return tuple(gr.skip() if part is None else part for part in asking.refused(event._data, value, why))

        page.load(restore, [kept], [welcome, thread, live, filters], **_QUIET)
        shown = [welcome, thread, live, kept]
        asked = bridge.ask(ask, [kept], shown, refused=refused, concurrency_limit=16, **_QUIET)
        bridge.halt(_with_data(asking.stop), [kept], [welcome, thread, live, kept], cancels=[asked], **_QUIET)
        bridge.start_over(asking.clear, None, [welcome, thread, live, kept], cancels=[asked], **_QUIET)
        bridge.read(_with_data(asking.read), None, [reader], **_QUIET)
        bridge.feedback(_with_data(asking.feedback), [kept], [kept], **_QUIET)

        library = LibraryHandlers(workspace, words)
        parts = [listed, filters, versions]
        bridge.library(_with_data(library.opened), None, [listed, versions], **_QUIET)
        bridge.library_changed(_with_data(library.changed), None, parts, **_QUIET)
        bridge.remove(_with_data(library.remove), None, [said, *parts], **_QUIET)
        bridge.reread(_with_data(library.reread), None, [said, *parts], **_QUIET)
        bridge.compare(_with_data(library.compare), None, [compared], **_QUIET)
        bridge.status(library.status, None, [status], **_QUIET)

        evaluation = EvaluationHandlers(workspace, words)

        def evaluate(event: gr.EventData) -> Any:
            yield from evaluation.run(event._data)

        bridge.evaluation(evaluation.frame, None, [sets], **_QUIET)
        bridge.evaluate(evaluate, None, [evaluated], **_QUIET)
    return page


def mount_page(app: FastAPI, workspace: Workspace, control: AccessControl, words: Words, *, path: str) -> None:
    """Adds the page in one language to the application at ``path``."""
    page = build_page(workspace, control, words)
    page.queue(default_concurrency_limit=16, max_size=256)
    gr.mount_gradio_app(
        app,
        page,
        path=path,
        theme=theme(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )


def _panel(html: str, name: str) -> gr.HTML:
    return gr.HTML(html, elem_id=name, apply_default_css=False, js_on_load=None)


def _with_data(handle: Callable[..., Any]) -> Callable[..., Any]:
    """A handler that gets what the script sent as its first argument; Gradio passes it by the annotation."""

    def handler(event: gr.EventData, *values: object) -> Any:
        return handle(event._data, *values)

    return handler


def _secret(workspace: Workspace) -> str:
    """What the browser's copy is scrambled with: the same after a restart, so that a conversation outlives one."""
    return hashlib.sha256(str(workspace.settings.store.resolve()).encode()).hexdigest()[:24]
