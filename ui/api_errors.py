"""Every failure of the API as the contract's error object with a fitting status.

What nobody foresaw is answered, and put into the log, by ``ui.request_log``.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import StoreError, UnknownDocumentError
from ingest.errors import ReadError
from qa.request import FilterError
from ui.access.model import AccessError
from ui.guards import error_body
from ui.workspace import QuestionError

_log = logging.getLogger("policyqa.api")

Handler = Callable[[Request, Exception], Awaitable[JSONResponse]]


def answer_errors(app: FastAPI) -> None:
    """Makes the application answer each kind of failure with its code."""
    app.add_exception_handler(QuestionError, _question)
    app.add_exception_handler(FilterError, _plain(400, "bad_filter"))
    app.add_exception_handler(UnknownDocumentError, _plain(404, "unknown_document"))
    app.add_exception_handler(ReadError, _plain(400, "unreadable_file"))
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(AccessError, _access)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)


def _plain(status: int, code: str) -> Handler:
    async def handle(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(error_body(code, str(error)), status)

    return handle


async def _store(_: Request, error: Exception) -> JSONResponse:
    _log.error("the library could not be read or changed: %s", error)  # who keeps the service has to see to it
    return JSONResponse(error_body("store_unavailable", str(error)), 503)


async def _question(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, QuestionError)
    return JSONResponse(error_body(error.code, str(error)), 400)


async def _access(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AccessError)
    return JSONResponse(error_body(error.code, str(error)), error.status)


async def _malformed(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return JSONResponse(error_body("malformed", f"{where}: {first['msg']}."), 422)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    code = codes.get(error.status_code, "bad_request")
    return JSONResponse(error_body(code, str(error.detail)), error.status_code, headers=error.headers)
