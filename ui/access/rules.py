"""What each address and each event of the page needs, and what is counted as what. Whatever is not named is closed."""

from __future__ import annotations

from typing import Final

from ui.access.model import Role

_OPEN_PATHS: Final = frozenset(("/sign-in", "/sign-out"))
_OPEN_FOLDERS: Final = ("/look/",)
"""The page's own style sheets and scripts, which are the same for everybody."""
_SAFE_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS"))
_READERS_SEND: Final = frozenset(("/api/ask", "/api/feedback"))
_ADMIN_PATHS: Final = ("/api/feedback.jsonl", "/api/audit.jsonl", "/account/audit")
_COUNTED: Final[dict[tuple[str, str], str]] = {
    ("POST", "/api/ask"): "ask",
    ("POST", "/mcp"): "ask",
    ("GET", "/api/search"): "search",
    ("POST", "/api/documents"): "upload",
}

EVENTS: Final[dict[str, Role]] = {
    "ask": Role.READER,
    "halt": Role.READER,
    "start_over": Role.READER,
    "read": Role.READER,
    "feedback": Role.READER,
    "library": Role.READER,
    "library_changed": Role.READER,
    "compare": Role.READER,
    "remove": Role.EDITOR,
    "reread": Role.EDITOR,
    "status": Role.ADMIN,
    "evaluation": Role.ADMIN,
    "evaluate": Role.ADMIN,
}
EVENTS_COUNTED: Final = {"ask": "ask", "reread": "upload"}


def is_open(method: str, path: str) -> bool:
    """Whether anybody may have this without saying who they are."""
    if path in _OPEN_PATHS:
        return True
    # Whoever watches the service need not sign in; the reply then says no more than whether it runs.
    return method in _SAFE_METHODS and (path.startswith(_OPEN_FOLDERS) or path == "/api/health")


def needed_for(method: str, path: str) -> Role:
    """The role that a request needs."""
    if path.startswith(_ADMIN_PATHS):
        return Role.ADMIN
    if path.startswith("/api/") and method not in _SAFE_METHODS and path not in _READERS_SEND:
        return Role.EDITOR
    return Role.READER


def needed_for_event(name: str) -> Role:
    """The role that an event of the page needs; one that is not named here needs the highest."""
    return EVENTS.get(name, Role.ADMIN)


def counted_as(method: str, path: str) -> str | None:
    """The action whose rate a request counts towards, None where it is not counted."""
    return _COUNTED.get((method, path))
