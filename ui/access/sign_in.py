"""Signing in and out, at ``/sign-in`` and ``/sign-out``."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from ui.access.control import Desk
from ui.access.current import acting_as, current_caller
from ui.access.door import cookie_of, headers_of, is_secure, session_cookie
from ui.access.model import AccountError, Caller, Role
from ui.access.pages import sign_in_page
from ui.access.requests import (
    NO_STORE,
    Field,
    address_of,
    assets_version,
    control_of,
    give_session,
    safe_target,
    signed_out,
    stale_form,
    wait_in_words,
    words_of,
)
from ui.words import Words

_log = logging.getLogger(__name__)
_FORM_COOKIE: Final = "policyqa_form"
_FORM_S: Final = 3600
router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_form(request: Request, over: bool = False, out: bool = False, language: str | None = None) -> Response:
    """The sign-in page; where nobody has to sign in, or somebody has, the page itself."""
    target = safe_target(request.query_params.get("next", "/"))
    control = control_of(request)
    if control.desk is None or (current_caller() is not None and not out):
        return RedirectResponse(target, 303)
    words = words_of(request, language)
    said = words("signin.expired") if over else words("signin.out") if out else ""
    answer = _form(request, control.desk, words, target, said=said, wrong=False)
    if language in ("zh", "en"):
        answer.set_cookie("policyqa_language", language, max_age=31_536_000, samesite="lax")
    return answer


@router.post("/sign-in")
def sign_in(
    request: Request,
    name: Field = "",
    password: Field = "",
    token: Field = "",
    target: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Signs somebody in under a new session and leads to where they wanted to go."""
    control, words, target = control_of(request), words_of(request), safe_target(target)
    desk = control.desk
    if desk is None:
        return RedirectResponse(target, 303)
    headers, address = headers_of(request.scope), address_of(request)
    if not desk.sessions.form_is_ours(cookie_of(headers, _FORM_COOKIE) or "", token):
        return _form(request, desk, words, target, name=name, said=words("signin.stale"), status=400)
    cookie = session_cookie(secure=is_secure(request.scope, control))
    try:
        outcome = desk.sign_in(name, password, address, instead_of=cookie_of(headers, cookie))
    except (sqlite3.Error, AccountError):
        _log.exception("nobody can sign in")
        return _form(request, desk, words, target, name=name, said=words("signin.unavailable"), status=503)
    if isinstance(outcome, str):
        with acting_as(desk.caller(token=None, session=outcome, address=address)):
            control.audit.record("sign_in", name[:64])
        led_on = RedirectResponse(target, 303, headers=NO_STORE)
        give_session(led_on, request, control, outcome)
        return led_on
    with acting_as(Caller("", Role.READER, "session", address)):
        control.audit.record("sign_in", name[:64], "limited" if outcome else "failed")
    if not outcome:
        return _form(request, desk, words, target, name=name, said=words("signin.wrong"), status=403)
    said = words("signin.wait", wait=wait_in_words(outcome, words))
    answer = _form(request, desk, words, target, name=name, said=said, status=429)
    answer.headers["Retry-After"] = str(outcome)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, token: Field = "") -> Response:
    """Ends the session of this browser."""
    control = control_of(request)
    caller = current_caller()
    if control.desk is None or caller is None or caller.via != "session":
        return RedirectResponse("/sign-in", 303)
    if not control.desk.sessions.form_is_ours(caller.session, token):
        return stale_form()
    word = cookie_of(headers_of(request.scope), session_cookie(secure=is_secure(request.scope, control)))
    control.desk.sessions.end(word or "")
    control.audit.record("sign_out")
    return signed_out(request, control)


def _form(
    request: Request,
    desk: Desk,
    words: Words,
    target: str,
    *,
    name: str = "",
    said: str = "",
    wrong: bool = True,
    status: int = 200,
) -> Response:
    holder = cookie_of(headers_of(request.scope), _FORM_COOKIE) or secrets.token_urlsafe(24)
    page = sign_in_page(
        words,
        token=desk.sessions.form_token(holder),
        target=target,
        name=name[:64],
        said=said,
        wrong=wrong,
        version=assets_version(request),
    )
    answer = HTMLResponse(page, status, headers=NO_STORE)
    secure = is_secure(request.scope, control_of(request))
    answer.set_cookie(
        _FORM_COOKIE, holder, max_age=_FORM_S, path="/sign-in", httponly=True, samesite="strict", secure=secure
    )
    return answer
