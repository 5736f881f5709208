"""How a command opens what it works on, and how what goes wrong there reaches the user."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ui.console import fail

if TYPE_CHECKING:
    from index.protocol import PolicyStore
    from qa.settings import Settings


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns the errors that a user can mend into one line on standard error and exit code 2."""
    from index.errors import StoreError
    from ingest.errors import ReadError
    from qa.settings import SettingsError
    from ui.access.model import AccessError, AccountError

    try:
        yield
    except (StoreError, ReadError, SettingsError, AccessError, AccountError) as error:
        fail(str(error))


def read_settings(store: Path | None, encoder: str | None = None, **more: Any) -> Settings:
    """The settings in force, the command line's options first. A bad one ends the program with exit code 2."""
    with clear_errors():
        from qa.settings import load_settings

        return load_settings(store=store, encoder=encoder, **more)


def open_store(settings: Settings, *, create: bool = False) -> PolicyStore:
    """The store that the settings name, with the encoder it was built with unless they name one."""
    from qa.opening import open_named

    return open_named(settings, create=create)
