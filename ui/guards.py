"""What every request passes: who may send it from where, how large it may be, and what a browser may do with the reply.

Pure ASGI, so that streamed replies stay streams.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from ingest.bilingual import both
from ui.request_id import current_request_id

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_PAGE_BYTES: Final = 8_000_000
"""A question from the page brings the whole conversation along."""
_JSON_BYTES: Final = 1_000_000
_MULTIPART_SLACK_BYTES: Final = 64_000

# Gradio compiles its templates in the page, hence unsafe-eval; nothing may come from or go to any other host.
_CONTENT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"content-security-policy", _CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """The contract's error object, with the id by which the request is found in the log."""
    request_id = current_request_id()
    return {"error": {"code": code, "message": message} | ({"request_id": request_id} if request_id else {})}


async def refuse(send: Send, status: int, code: str, message: str, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    """Answers with an error object, ``more`` headers, and nothing else."""
    body = json.dumps(error_body(code, message), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class SecurityHeaders:
    """Adds the security headers to every reply and removes any cross-origin permission that was set further in."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in _HEADERS}
                kept = [
                    (name, value)
                    for name, value in message.get("headers", ())
                    if name.lower() not in ours and not name.lower().startswith(b"access-control-")
                ]
                message["headers"] = [*kept, *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SameOriginOnly:
    """Refuses requests that another site's page makes a browser send.

    ``loopback`` also refuses host names other than this machine's: a foreign name that resolves to 127.0.0.1 would make
    another site's page "same origin" (DNS rebinding). ``public_url`` is the address of a proxy in front, which may keep
    the browser's Host header or put its own in.
    """

    def __init__(self, app: App, *, loopback: bool, public_url: str | None = None) -> None:
        self._app = app
        self._loopback = loopback
        public = urlsplit(public_url or "")
        self._hosts = _LOOPBACK | ({public.hostname} if public.hostname else set())
        self._public = public.netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self._loopback and _split(f"//{host}").hostname not in self._hosts:
            await refuse(send, 403, "wrong_host", f"This service does not answer to {host[:80]!r}.")
            return
        if scope.get("method") not in _SAFE_METHODS and not _same_origin(headers, (host, self._public)):
            await refuse(send, 403, "wrong_origin", "Requests from other sites are not accepted.")
            return
        await self._app(scope, receive, send)


def _same_origin(headers: dict[str, str], ours: tuple[str, ...]) -> bool:
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return False
    origin = headers.get("origin")
    return origin is None or (_split(origin).netloc or "null") in ours


def _split(address: str) -> SplitResult:
    """The parts of an address that somebody sent; all empty where it is none, as in ``http://[``."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


class BodyLimit:
    """Refuses bodies over the limit of their path with 413, by their announced length or as they come in."""

    def __init__(self, app: App, *, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            await refuse(send, 413, "too_large", _too_large(limit))
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return {"type": "http.disconnect"} if received > limit else message

        async def unless_too_large(message: Message) -> None:
            nonlocal started
            if received <= limit or started:
                started = True
                await send(message)

        try:
            await self._app(scope, counted, unless_too_large)
        finally:
            if received > limit and not started:
                await refuse(send, 413, "too_large", _too_large(limit))

    def _limit(self, path: str) -> int:
        if path == "/api/documents":
            return self._upload_bytes + _MULTIPART_SLACK_BYTES
        return _JSON_BYTES if path.startswith(("/api/", "/mcp")) else _PAGE_BYTES


def _too_large(limit: int) -> str:
    most = f"{limit / 1_000_000:.0f} MB"
    return both(f"请求超过 {most} 的上限。", f"The request is larger than {most}, the most that is accepted.")


class ClosedDoors:
    """Answers 404 for what Gradio offers and this page does not use: its own uploads, file and proxy addresses."""

    _CLOSED: Final = (
        "/gradio_api/upload",
        "/gradio_api/proxy=",
        "/gradio_api/file=",
        "/gradio_api/file/",
        "/gradio_api/dev/",
        "/gradio_api/vibe",
        "/gradio_api/component_server",
        "/gradio_api/stream",
        "/monitoring",
    )

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] == "http" and any(door in scope["path"] for door in self._CLOSED):
            await refuse(send, 404, "not_found", "There is nothing at this address. Files go to POST /api/documents.")
            return
        await self._app(scope, receive, send)
