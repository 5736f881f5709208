"""The HTML document around the page: its language, its own style sheets and scripts, and no address on another host.

Gradio writes a document of its own, in English, with social-media tags that name other hosts; this puts ours in.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ui.access.personal import personal
from ui.guards import App, Message, Receive, Scope, Send
from ui.render import esc
from ui.text import Language
from ui.words import Words, preferred_language

if TYPE_CHECKING:
    from ui.access.control import AccessControl

ASSETS: Final = Path(__file__).parent / "assets"
STYLES: Final = ("base", "ask", "reader", "library", "evaluation", "access")
_SOCIAL: Final = re.compile(r"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*?/?>", re.DOTALL)
_TITLE: Final = re.compile(r"<title>.*?</title>", re.DOTALL)
_HTML: Final = re.compile(r"<html\b[^>]*?lang=\"[^\"]*\"", re.DOTALL)
_MANIFEST: Final = re.compile(r"<link rel=\"manifest\"[^>]*>")
_PAGES: Final[dict[str, Language]] = {"/": "zh", "/en/": "en"}


def dress(document: str, words: Words, version: str) -> str:
    """Gradio's document with our language, title, style sheets and scripts, and without foreign addresses."""
    document = _MANIFEST.sub("", _SOCIAL.sub("", document))
    document = _HTML.sub(lambda found: re.sub(r'lang="[^"]*"', f'lang="{words.tag}"', found[0]), document, count=1)
    title = f"<title>{esc(words('name'))} · {esc(words('tagline'))}</title>"
    document = _TITLE.sub("", document)
    query = f"?v={esc(version)}"
    first = [
        f'<script src="/look/js/early.js{query}"></script>',
        f'<script type="module" src="/look/js/main.js{query}"></script>',
        f'<link rel="icon" type="image/svg+xml" href="/look/icon.svg{query}">',
        title,
    ]
    # After Gradio's own style sheet, so that of two rules of equal weight ours holds.
    last = "".join(f'<link rel="stylesheet" href="/look/css/{name}.css{query}">' for name in STYLES)
    document = document.replace('<meta charset="utf-8" />', '<meta charset="utf-8" />' + "".join(first), 1)
    return document.replace("</head>", last + "</head>", 1)


class PageShell:
    """Serves the page in the reader's language: ``/`` is Chinese and sends browsers that prefer English to ``/en/``."""

    def __init__(self, app: App, *, version: str, control: AccessControl) -> None:
        self._app = app
        self._version = version
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _PAGES:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/" and chosen_language(headers) == "en":
            query = scope.get("query_string", b"")
            target = b"/en/" + (b"?" + query if query else b"")
            await send({"type": "http.response.start", "status": 302, "headers": [(b"location", target)]})
            await send({"type": "http.response.body", "body": b""})
            return
        await self._rewrite(scope, receive, send, Words(_PAGES[scope["path"]]))

    async def _rewrite(self, scope: Scope, receive: Receive, send: Send, words: Words) -> None:
        started: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = [
                pair for pair in started["headers"] if pair[0].lower() not in (b"content-length", b"cache-control")
            ]
            page = bytes(body)
            if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
                page = personal(dress(page.decode(), words, self._version), scope, words, self._control).encode()
            length = (b"content-length", str(len(page)).encode())
            started["headers"] = [*headers, length, (b"cache-control", b"no-store")]
            await send(started)
            await send({"type": "http.response.body", "body": page})

        # Asked for plain, since what is compressed further in could not be rewritten.
        scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
        await self._app(scope, receive, collect)


def chosen_language(headers: dict[str, str]) -> Language:
    """The language that the reader switched to, else the one that the browser asks for."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get("policyqa_language")
    except CookieError:
        cookie = None
    if cookie is not None and cookie.value == "en":
        return "en"
    if cookie is not None and cookie.value == "zh":
        return "zh"
    return preferred_language(headers.get("accept-language", ""))
