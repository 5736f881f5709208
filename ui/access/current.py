"""Who sent the request that is being handled, wherever in the program that is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ui.access.model import Caller, ForbiddenError, Role

_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller | None:
    """Whoever sent the present request; None outside any, as when a command runs or the service starts."""
    return _CALLER.get()


@contextmanager
def acting_as(caller: Caller | None) -> Iterator[None]:
    """What happens in the context is done for ``caller``."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)


def require(role: Role) -> None:
    """Raises ForbiddenError where the present request comes from somebody who may not do what ``role`` may."""
    caller = current_caller()
    if caller is not None and not caller.role.covers(role):
        raise ForbiddenError("access.forbidden", role=role, name=caller.name)
