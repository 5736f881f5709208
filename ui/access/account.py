"""One's own account and the audit log, at ``/account`` and ``/api``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse

from ui.access import audit
from ui.access.control import Desk
from ui.access.current import acting_as, current_caller
from ui.access.model import Caller, Role, WeakPasswordError
from ui.access.pages import account_page, audit_page
from ui.access.requests import (
    NO_STORE,
    Field,
    assets_version,
    control_of,
    give_session,
    signed_out,
    stale_form,
    wait_in_words,
    words_of,
)
from ui.api import ERRORS, JSON_LINES
from ui.guards import error_body

_SHOWN: Final = 200
router = APIRouter(include_in_schema=False)
api_router = APIRouter(prefix="/api", tags=["service"], responses=ERRORS)


@router.get("/account")
def account(request: Request) -> Response:
    """One's own account."""
    return _account(request)


@router.post("/account/password")
def change_password(
    request: Request, old: Field = "", new: Field = "", again: Field = "", token: Field = ""
) -> Response:
    """Changes one's own password, which ends every other session."""
    control, caller = control_of(request), current_caller()
    if control.desk is None or caller is None or caller.via != "session":
        return RedirectResponse("/", 303)
    if not control.desk.sessions.form_is_ours(caller.session, token):
        return stale_form()
    trouble = _trouble(request, control.desk, caller, old, (new, again))
    if trouble is not None:
        said, status = trouble
        return _account(request, said=said, status=status)
    control.audit.record("password", caller.name)
    control.desk.sessions.end_all(caller.name)
    word = control.desk.sessions.start(control.desk.accounts.get(caller.name), caller.address)
    with acting_as(control.desk.caller(token=None, session=word, address=caller.address)):
        answer = _account(request, said=words_of(request)("account.password.done"), wrong=False)
    give_session(answer, request, control, word)
    return answer


def _trouble(request: Request, desk: Desk, caller: Caller, old: str, new: tuple[str, str]) -> tuple[str, int] | None:
    """Changes the password; where that can't be done, why not and the reply's status."""
    words, control = words_of(request), control_of(request)
    if new[0] != new[1]:
        return words("account.password.differ"), 400
    wait = desk.attempts.begin(caller.name, caller.address)
    if wait:
        return words("signin.wait", wait=wait_in_words(wait, words)), 429
    if desk.accounts.verify(caller.name, old) is None:
        control.audit.record("password", caller.name, "failed")
        return words("account.password.wrong"), 403
    desk.attempts.right(caller.name, caller.address)
    try:
        desk.accounts.set_password(caller.name, new[0])
    except WeakPasswordError as error:
        return error.said(words), 400
    return None


@router.post("/account/sessions")
def end_sessions(request: Request, token: Field = "") -> Response:
    """Signs the account out in every browser, this one too."""
    control, caller = control_of(request), current_caller()
    if control.desk is None or caller is None or caller.via != "session":
        return RedirectResponse("/", 303)
    if not control.desk.sessions.form_is_ours(caller.session, token):
        return stale_form()
    control.desk.sessions.end_all(caller.name)
    control.audit.record("sign_out", "everywhere")
    return signed_out(request, control)


@router.get("/account/audit")
def audit_view(request: Request) -> Response:
    """The latest entries of the audit log."""
    control = control_of(request)
    entries = None
    if control.audit_file is not None:
        entries = list(audit.read(control.audit_file, last=_SHOWN))[::-1]
    page = audit_page(words_of(request), entries, days=control.settings.audit_days, version=assets_version(request))
    return HTMLResponse(page, headers=NO_STORE)


@api_router.get("/me")
def me(request: Request) -> dict[str, Any]:
    """Who the service takes the sender of this request for, and what that allows."""
    caller = current_caller()
    assert caller is not None
    return {"name": caller.name, "role": caller.role, "via": caller.via, "login": control_of(request).login_required}


@api_router.get("/audit.jsonl", responses=JSON_LINES, response_class=StreamingResponse)
def audit_lines(
    request: Request,
    since: Annotated[str, Query(description="from this moment, such as 2031-05-01", max_length=40)] = "",
    until: Annotated[str, Query(description="before this moment", max_length=40)] = "9999",
    action: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """The audit log as JSON lines, oldest first; for administrators."""
    database = control_of(request).audit_file
    if database is None:
        return JSONResponse(error_body("audit_off", "The audit log is off. / 没有开启审计日志。"), 404)
    entries = audit.read(database, since=since, until=until, action=action)
    headers = NO_STORE | {"Content-Disposition": 'attachment; filename="policyqa-audit.jsonl"'}
    return StreamingResponse(_lines(entries), media_type="application/x-ndjson", headers=headers)


def _lines(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    while batch := list(islice(entries, 500)):
        yield "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in batch)


def _account(request: Request, *, said: str = "", wrong: bool = True, status: int = 200) -> Response:
    control, caller = control_of(request), current_caller()
    if control.desk is None or caller is None or caller.via != "session":
        return RedirectResponse("/", 303)
    page = account_page(
        words_of(request),
        caller,
        control.desk.sessions.of(caller.name),
        token=control.desk.sessions.form_token(caller.session),
        said=said,
        wrong=wrong,
        audited=caller.role.covers(Role.ADMIN),
        version=assets_version(request),
    )
    return HTMLResponse(page, status, headers=NO_STORE)
