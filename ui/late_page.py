"""The page, built while the service already answers: Gradio takes seconds to load, which no program should wait for.

Whoever asks for the page before it stands waits for it, a reader's browser with a word about that; ``/api`` never does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ui.guards import Receive, Scope, Send, refuse
from ui.render import esc
from ui.words import Words

if TYPE_CHECKING:
    from fastapi import FastAPI

_log = logging.getLogger(__name__)


class LatePage:
    """An ASGI application that stands for the one that ``build`` returns, and builds it once it is run.

    ``afterwards`` is done in the same thread once the page stands, such as loading what the first question needs.
    """

    def __init__(self, build: Callable[[], FastAPI], afterwards: Callable[[], None]) -> None:
        self._build = build
        self._afterwards = afterwards
        self._closing = asyncio.Event()
        self._standing: asyncio.Future[FastAPI | None] | None = None

    @property
    def stands(self) -> bool:
        """Whether the page has been built, or could not be."""
        return self._standing is not None and self._standing.done()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection, as soon as the page stands."""
        assert self._standing is not None, "the page is served outside of its running()"
        if not self._standing.done() and _shows_documents(scope):
            await _say_starting(scope["path"], send)
            return
        page = await asyncio.shield(self._standing)
        if page is None:
            await refuse(send, 503, "no_page", "The page could not be built; the service's log has the reason.")
            return
        await page(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Builds the page in a thread of its own and keeps it going while the context lasts."""
        self._standing = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._hold(self._standing), name="page")
        try:
            yield
        finally:
            self._closing.set()
            await task

    async def _hold(self, standing: asyncio.Future[FastAPI | None]) -> None:
        # One task from start to end, since Gradio's start-up leaves task groups open that it must itself close.
        try:
            page = await asyncio.to_thread(_with_a_loop, self._build)
            async with page.router.lifespan_context(page):
                standing.set_result(page)
                await asyncio.to_thread(self._do_afterwards)
                await self._closing.wait()
        except Exception:  # noqa: BLE001  whatever it is, readers are told and the API goes on
            _log.exception("the page could not be built")
            if not standing.done():
                standing.set_result(None)

    def _do_afterwards(self) -> None:
        try:
            self._afterwards()
        except Exception:  # noqa: BLE001  the page stands and stays, whatever else was to be done
            _log.exception("what was to be done after the page was built failed")


def _shows_documents(scope: Scope) -> bool:
    """Whether a browser asks for something to show in a tab, which would stay blank while it waits."""
    return scope["type"] == "http" and (b"sec-fetch-dest", b"document") in scope["headers"]


async def _say_starting(path: str, send: Send) -> None:
    """A page that asks again by itself; ``ui.shell`` gives it the product's look and language."""
    words = Words("en" if path.startswith("/en") else "zh")
    body = f"""<!doctype html><html lang=""><head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" /><meta http-equiv="refresh" content="1" /></head>
<body><main class="starting"><p class="starting-name"><span class="mark" aria-hidden="true">问</span>
{esc(words("name"))}</p><p role="status">{esc(words("starting"))}</p></main></body></html>""".encode()
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _with_a_loop(build: Callable[[], FastAPI]) -> FastAPI:
    """What ``build`` returns. Gradio asks for the thread's event loop, and would leave one of its own open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return build()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
