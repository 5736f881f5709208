"""The door: every request says who it comes from, or is turned away before anything reads its body."""

from __future__ import annotations

import logging
import sqlite3
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread

from ui.access.control import AccessControl
from ui.access.current import acting_as
from ui.access.model import AccessError, Caller, ForbiddenError, SessionOverError, SignInRequiredError
from ui.access.rules import counted_as, is_open, needed_for
from ui.guards import App, Receive, Scope, Send, refuse

_log = logging.getLogger(__name__)
CALLER: Final = "policyqa.caller"
"""Where the scope of a request holds its caller."""
_MACHINES: Final = ("/api/", "/mcp", "/metrics", "/openapi.json")
_AT_ONCE: Final = 8


class Door:
    """Finds out who is asking, turns away who may not, and counts what is limited."""

    def __init__(self, app: App, *, control: AccessControl) -> None:
        self._app = app
        self._control = control
        # Apart from the threads that answer, so that nobody waits at the door for somebody else's answer.
        self._threads: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        self._threads = self._threads or CapacityLimiter(_AT_ONCE)
        method, path = scope.get("method", "GET"), scope["path"]
        try:
            caller = await to_thread.run_sync(self._admit, scope, method, path, limiter=self._threads)
        except SignInRequiredError as error:
            await self._send_away(scope, send, error)
            return
        except AccessError as error:
            await _refuse(send, error)
            return
        except sqlite3.Error:
            _log.exception("the accounts could not be read")
            await refuse(send, 503, "accounts_unavailable", "The accounts can't be read; the log has the details.")
            return
        scope[CALLER] = caller
        with acting_as(caller):
            await self._app(scope, receive, send)

    def _admit(self, scope: Scope, method: str, path: str) -> Caller | None:
        """Whoever asks, None where that does not matter. Raises AccessError."""
        try:
            caller = caller_of(scope, self._control)
        except SignInRequiredError:
            if is_open(method, path):
                return None
            raise
        if is_open(method, path):
            return caller
        needed = needed_for(method, path)
        if not caller.role.covers(needed):
            with acting_as(caller):
                self._control.audit.record("refused", f"{method} {path}", "refused", needed=str(needed))
            raise ForbiddenError("access.forbidden", role=needed, name=caller.name)
        counted = counted_as(method, path)
        if counted:
            with acting_as(caller):
                self._control.spend(counted, caller)
        return caller

    async def _send_away(self, scope: Scope, send: Send, error: SignInRequiredError) -> None:
        """A browser that opens a page is led to the sign-in page and back; everything else is told."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = headers_of(scope)
        page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        if not page or scope["path"].startswith(_MACHINES) or "/gradio_api/" in scope["path"]:
            await _refuse(send, error, ((b"www-authenticate", b'Bearer realm="PolicyQA"'),))
            return
        query = scope.get("query_string", b"").decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        target = f"/sign-in?next={quote(wanted, safe='')}" + ("&over=1" if isinstance(error, SessionOverError) else "")
        location = [(b"location", target.encode("latin-1")), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": location})
        await send({"type": "http.response.body", "body": b""})


def caller_of(scope: Scope, control: AccessControl) -> Caller:
    """Whoever sent a request. Raises SignInRequiredError."""
    address = (scope.get("client") or ("",))[0]
    if control.desk is None:
        return control.local_caller(address)
    headers = headers_of(scope)
    kind, _, word = headers.get("authorization", "").partition(" ")
    token = word.strip() if kind.lower() == "bearer" else None
    session = cookie_of(headers, session_cookie(secure=is_secure(scope, control)))
    return control.desk.caller(token=token, session=session, address=address)


def is_secure(scope: Scope, control: AccessControl) -> bool:
    """Whether the browser came by https, to this service or to the proxy in front of it."""
    return control.secure or scope.get("scheme") in ("https", "wss")


def session_cookie(*, secure: bool) -> str:
    """The cookie's name. Browsers take ``__Host-`` only over https, for this host alone, and never from a subdomain."""
    return "__Host-policyqa" if secure else "policyqa_session"


def cookie_of(headers: dict[str, str], name: str) -> str | None:
    """A cookie's value, None where there is none or the header is not one."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value if found else None


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by their names in small letters."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


async def _refuse(send: Send, error: AccessError, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    if error.retry_after_s is not None:
        more = (*more, (b"retry-after", str(error.retry_after_s).encode()))
    await refuse(send, error.status, error.code, str(error), more)
