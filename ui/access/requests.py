"""What the routes of this folder take from a request and put into a reply."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Form, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from ui.access.control import AccessControl
from ui.access.door import headers_of, is_secure, session_cookie
from ui.guards import error_body
from ui.shell import chosen_language
from ui.words import Words

NO_STORE: Final = {"Cache-Control": "no-store"}
Field = Annotated[str, Form(max_length=2_000)]


def control_of(request: Request) -> AccessControl:
    """The access control of the application."""
    found: AccessControl = request.app.state.access
    return found


def words_of(request: Request, language: str | None = None) -> Words:
    """The strings in the reader's language."""
    if language in ("zh", "en"):
        return Words("en" if language == "en" else "zh")
    return Words(chosen_language(headers_of(request.scope)))


def address_of(request: Request) -> str:
    """Where the request came from, as far as the trusted proxies tell."""
    return request.client.host if request.client else ""


def safe_target(given: str) -> str:
    """A path on this service, ``/`` for anything that could lead elsewhere."""
    # Browsers read a backslash as a slash, and two slashes as the beginning of another host's address.
    plain = given.startswith("/") and given[1:2] not in ("/", "\\") and given.isprintable() and len(given) < 2_000
    return given if plain else "/"


def give_session(answer: Response, request: Request, control: AccessControl, word: str) -> None:
    """Hands the browser the word of its session, which no script can read."""
    secure = is_secure(request.scope, control)
    most = control.settings.session_hours * 3600
    answer.set_cookie(session_cookie(secure=secure), word, max_age=most, httponly=True, samesite="lax", secure=secure)


def signed_out(request: Request, control: AccessControl) -> Response:
    """Takes the session's word back and leads to the sign-in page."""
    secure = is_secure(request.scope, control)
    answer = RedirectResponse("/sign-in?out=1", 303, headers=NO_STORE)
    answer.delete_cookie(session_cookie(secure=secure), httponly=True, samesite="lax", secure=secure)
    return answer


def stale_form() -> Response:
    """What a form gets that did not come from a page of the same session."""
    message = "This form was not drawn for your session; load the page again. / 表单已失效,请刷新页面后再试。"
    return JSONResponse(error_body("stale_form", message), 403)


def wait_in_words(seconds: int, words: Words) -> str:
    """A time to wait, as people say it."""
    return words("wait.seconds", n=seconds) if seconds < 120 else words("wait.minutes", n=-(-seconds // 60))


def assets_version(request: Request) -> str:
    """What the addresses of style sheets and scripts carry, so that browsers never mix two releases."""
    return str(getattr(request.app.state, "assets_version", ""))
