"""How many questions are worked on at once, how many may wait, and what those hear who come after that.

Threads beyond the processors make every answer later and none sooner, so questions wait in line before they take one;
a line that is too long says so at once, with the time after which to try again. What changes the library waits in a
line of its own: a file is read by a process that may take gigabytes, and files that wait for the one writer would hold
the threads that questions need. A seat is for work only: it is taken once the request has come in whole and left as
soon as the reply is made, however slowly the client sends and takes them.
"""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from tempfile import SpooledTemporaryFile
from typing import Final

from ui.guards import App, Message, Receive, Scope, Send, refuse

_COUNTED: Final = ("/api/ask", "/api/search", "/mcp")
_CHANGED: Final = "/api/documents"
_CHANGING: Final = ("POST", "DELETE")
_WITHOUT_BODY: Final = ("GET", "HEAD", "OPTIONS")
_IN_MEMORY_BYTES: Final = 1_000_000
_PART_BYTES: Final = 65_536
_WITH_A_MODEL: Final = 32
_LONGEST_RETRY_S: Final = 60
_FIRST_GUESS_S: Final = 0.1
_INERTIA: Final = 0.9


class BusyError(Exception):
    """More wait than may; ``retry_after_s`` is when a seat is likely to be free."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"busy, try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


class Line:
    """Seats for questions, and a line before them. Belongs to one event loop."""

    def __init__(self, seats: int, places: int, patience_s: float) -> None:
        self.seats = seats
        self.places = places
        self.taken = 0
        self.waiting = 0
        self.turned_away = 0
        self._patience_s = patience_s
        self._free = asyncio.Semaphore(seats)
        self._usual_s = _FIRST_GUESS_S

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[None]:
        """A seat while the context lasts, after waiting for it. Raises BusyError."""
        if self._free.locked() and self.waiting >= self.places:
            raise self._busy()
        self.waiting += 1
        try:
            await asyncio.wait_for(self._free.acquire(), self._patience_s)
        except TimeoutError:
            raise self._busy() from None
        finally:
            self.waiting -= 1
        self.taken += 1
        started = time.perf_counter()
        try:
            yield
        finally:
            self.taken -= 1
            self._usual_s = _INERTIA * self._usual_s + (1 - _INERTIA) * (time.perf_counter() - started)
            self._free.release()

    def _busy(self) -> BusyError:
        self.turned_away += 1
        likely_s = (self.waiting + 1) * self._usual_s / self.seats
        return BusyError(min(_LONGEST_RETRY_S, max(1, math.ceil(likely_s))))


class Admission:
    """Lets questions and searches pass one by one as seats get free, changes likewise, everything else at once."""

    def __init__(self, app: App, line: Line, changes: Line | None = None) -> None:
        self._app = app
        self._line = line
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        line = self._line_for(scope) if scope["type"] == "http" else None
        if line is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] in _WITHOUT_BODY:
            await self._seated(line, scope, receive, send)
            return
        with SpooledTemporaryFile[bytes](_IN_MEMORY_BYTES) as body:
            if await _came_in(body, receive):
                await self._seated(line, scope, _giving(body, receive), send)

    async def _seated(self, line: Line, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with AsyncExitStack() as seat:
                await seat.enter_async_context(line.seat())

                async def send_and_rise(message: Message) -> None:
                    if message["type"] == "http.response.body" and not message.get("more_body"):
                        await seat.aclose()
                    await send(message)

                await self._app(scope, receive, send_and_rise)
        except BusyError as error:
            message = (
                f"Too many are asking or uploading at once; try again in {error.retry_after_s} s. "
                f"/ 同时提问或上传的人太多,请 {error.retry_after_s} 秒后再试。"
            )
            retry = ((b"retry-after", str(error.retry_after_s).encode()),)
            await refuse(send, 503, "busy", message, retry)

    def _line_for(self, scope: Scope) -> Line | None:
        if scope["path"].startswith(_COUNTED):
            return self._line
        changes = scope["path"].startswith(_CHANGED) and scope["method"] in _CHANGING
        return self._changes if changes else None


def seats_for(wanted: int, *, processes: int, language_model: bool) -> int:
    """How many questions to work on at once: ``wanted``, or for 0 what the machine and the way of answering allow."""
    if wanted:
        return wanted
    if language_model:
        return _WITH_A_MODEL
    return processes + 1 if processes > 1 else max(2, os.cpu_count() or 1)


async def _came_in(body: SpooledTemporaryFile[bytes], receive: Receive) -> bool:
    """Whether all of the request is in ``body`` now; False where the client went away before.

    Until then it takes no seat: a client that sends a letter a minute would hold one for hours.
    """
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return False
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    body.seek(0)
    return True


def _giving(body: SpooledTemporaryFile[bytes], receive: Receive) -> Receive:
    """Gives what is in ``body``, then what ``receive`` gives."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        part = body.read(_PART_BYTES)
        given = len(part) < _PART_BYTES
        return {"type": "http.request", "body": part, "more_body": not given}

    return give
