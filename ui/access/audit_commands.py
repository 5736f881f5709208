"""``policyqa audit``, and the note that other commands leave in the log."""

from __future__ import annotations

import getpass
import json
import os
import sqlite3
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.access.model import Role
from ui.console import fail
from ui.opening import clear_errors, read_settings
from ui.options import StoreOption

if TYPE_CHECKING:
    from qa.settings import Settings


def show_audit(
    since: Annotated[str, typer.Option("--since", metavar="TIME", help="起 / from, such as 2031-05-01")] = "",
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="止 / before")] = "9999",
    action: Annotated[str | None, typer.Option("--action", help="只要这种 / only these, such as ask")] = None,
    last: Annotated[int | None, typer.Option("--last", min=1, help="只要最近几条 / only the newest")] = None,
    store: StoreOption = None,
) -> None:
    """导出审计日志,每行一个 JSON。/ The audit log as JSON lines: who did what and when."""
    with clear_errors():
        from ui.access import audit

        folder = read_settings(store).access_folder
        if not (folder / audit.FILE_NAME).exists():
            fail(f"There is no audit log in {folder}: it is kept where people sign in, or where audit is set.")
        database = audit.open_audit(folder)
        for entry in audit.read(database, since=since, until=until, action=action, last=last):
            sys.stdout.write(json.dumps(entry, ensure_ascii=False) + "\n")
        database.close()


def note_command(settings: Settings, action: str, target: str, **detail: Any) -> None:
    """Puts what a command changed into the audit log, where one is kept; whoever ran it is the system's user."""
    from ui.access import audit
    from ui.access.model import AccountError, Caller

    if not settings.access_folder.is_dir() or settings.audit is False:
        return
    caller = Caller(_system_user(), Role.ADMIN, "command", "")
    try:
        database = audit.open_audit(settings.access_folder)
        with database.writing() as connection:
            audit.write(connection, [audit.entry_of(caller, "", action, target, "done", detail)])
        database.close()
    except (AccountError, sqlite3.Error) as error:
        typer.echo(f"The audit log was not written: {error}", err=True)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"
