"""The id by which a request is found again in the log: the proxy's where it gave one, else a new one."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import Final

HEADER: Final = "X-Request-ID"
_SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""What goes into a log line and a reply's header without a second thought."""
_CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def request_id_of(given: str) -> str:
    """The id to use for a request that came with ``given`` in its header, empty where it had none."""
    return given if _SANE.fullmatch(given) else secrets.token_hex(8)


def current_request_id() -> str:
    """The present request's id, empty outside any."""
    return _CURRENT.get()


def set_request_id(request_id: str) -> None:
    """From here on the present task works on that request."""
    _CURRENT.set(request_id)
