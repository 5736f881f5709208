"""One line in the log for each request, with an id that the reply carries too; and lines as text or as JSON."""

from __future__ import annotations

import json
import logging
import logging.config
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ui.access.control import reaches_others
from ui.access.door import CALLER, headers_of
from ui.guards import App, Message, Receive, Scope, Send, refuse
from ui.request_id import HEADER, current_request_id, request_id_of, set_request_id

if TYPE_CHECKING:
    from qa.settings import Settings

_log = logging.getLogger("policyqa.requests")
_QUIET: Final = ("/look/", "/assets/", "/en/assets/", "/static/", "/en/static/")
"""Style sheets and scripts, of which a page takes a hundred: noted only where they fail."""
_STANDARD: Final = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request_id", "color_message"}


class RequestLog:
    """Gives each request an id, notes how it went, and answers where everything else failed."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(headers_of(scope).get(HEADER.lower(), ""))
        set_request_id(request_id)
        scope["policyqa.request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() != HEADER.lower().encode()]
                message["headers"] = [*kept, (HEADER.lower().encode(), request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:  # the last place where anything can be caught, so that the client hears of it
            _log.exception("%s %s failed", scope["method"], _shown(scope["path"]))
            if status:
                raise
            await refuse(send_with_id, 500, "internal", "Something failed here; the log has the details.")
        finally:
            _note(scope, status, (time.perf_counter() - started) * 1000)


def _shown(path: str) -> str:
    """On one line, whatever was sent."""
    return path[:300].encode("unicode_escape").decode()


def _note(scope: Scope, status: int, took_ms: float) -> None:
    path = scope["path"]
    if status < 400 and (path.startswith(_QUIET) or path == "/api/health"):
        return
    caller = scope.get(CALLER)
    told = {
        "method": scope["method"],
        "path": path[:300],
        "status": status,
        "took_ms": round(took_ms, 1),
        "address": (scope.get("client") or ("",))[0],
        "who": caller.name if caller else None,
    }
    line = "%s %s → %s in %.0f ms, %s from %s"
    shown = told["method"], _shown(path), status, took_ms, told["who"], told["address"]
    _log.info(line, *shown, extra=told)


class _WithId(logging.Filter):
    """Puts the present request's id on each line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class _Text(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s")


class _Json(logging.Formatter):
    """One JSON object a line, so that no text from a request can pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        told |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def logging_config(settings: Settings) -> dict[str, Any]:
    """What `logging.config.dictConfig`, and uvicorn, take: everything to standard error, as the settings say.

    Uvicorn's own line for each request is off: ours has the id and who asked.
    """
    level = settings.log_level or ("info" if reaches_others(settings) or settings.require_login else "warning")
    handler = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["id"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"id": {"()": _WithId}},
        "formatters": {"line": {"()": _Json if settings.log_format == "json" else _Text}},
        "handlers": {"stderr": handler},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "uvicorn.access": {"level": "WARNING"},
            **{name: {"level": "WARNING"} for name in ("httpx", "mcp", "httpcore", "multipart", "python_multipart")},
        },
    }
