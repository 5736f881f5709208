"""The page, built while the service already answers: Gradio takes seconds to load, which no program should wait for.

Whoever asks for the page before it stands waits for it; ``/api`` never does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ui.guards import Receive, Scope, Send, refuse

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
                await asyncio.to_thread(self._afterwards)
                await self._closing.wait()
        except Exception:  # noqa: BLE001  whatever it is, readers are told and the API goes on
            _log.exception("the page could not be built")
            if not standing.done():
                standing.set_result(None)


def _with_a_loop(build: Callable[[], FastAPI]) -> FastAPI:
    """What ``build`` returns. Gradio asks for the thread's event loop, and would leave one of its own open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return build()
    finally:
        asyncio.set_event_loop(None)
        loop.close()
