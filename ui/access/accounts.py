"""The people who may sign in, each with a role."""

from __future__ import annotations

import re
import secrets
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ui.access import passwords
from ui.access.database import Database
from ui.access.model import AccountError, Role

FILE_NAME: Final = "accounts.sqlite"
SCHEMA: Final = """
CREATE TABLE accounts (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
  stamp TEXT NOT NULL, created_at TEXT NOT NULL, changed_at TEXT NOT NULL);
CREATE TABLE tokens (
  id TEXT PRIMARY KEY, label TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_at TEXT, revoked_at TEXT)
"""
_NAME: Final = re.compile(r"[\w.@-]{1,64}")
_COLUMNS: Final = "name, role, disabled, stamp, created_at, changed_at"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. ``stamp`` changes with the password, the role and being disabled: sessions end then."""

    name: str
    role: Role
    disabled: bool
    stamp: str
    created_at: datetime
    changed_at: datetime


def account_name(given: str) -> str:
    """The name as it is kept: compatible forms and capitals folded. Raises AccountError where it can't be one."""
    name = unicodedata.normalize("NFKC", given).strip().casefold()
    if not _NAME.fullmatch(name):
        raise AccountError(f"{given[:80]!r} can't be a name: use up to 64 letters, digits and . _ @ -")
    return name


class Accounts:
    """The accounts in one file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, password: str, role: Role) -> Account:
        """A new account. Raises AccountError where the name is taken or can't be one, or the password is too weak."""
        name = account_name(name)
        if self.find(name) is not None:
            raise AccountError(f"There is an account {name} already: policyqa account passwd {name}")
        kept, now = passwords.hashed(password, name), _now()
        with self._changing(name) as connection:
            connection.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, 0, ?, ?, ?)", (name, role, kept, _stamp(), now, now)
            )
        return self.get(name)

    def find(self, name: str) -> Account | None:
        """The account of that name, None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {_COLUMNS} FROM accounts WHERE name = ?", (name,)).fetchone()  # noqa: S608
        return None if row is None else _account(row)

    def get(self, name: str) -> Account:
        """The account of that name. Raises AccountError where there is none."""
        found = self.find(account_name(name))
        if found is None:
            raise AccountError(f"There is no account {name}: policyqa account list shows them.")
        return found

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY name").fetchall()  # noqa: S608
        return [_account(row) for row in rows]

    def verify(self, name: str, password: str) -> Account | None:
        """The account whose name and password these are; None, after the same work, for anything else."""
        try:
            name = account_name(name)
        except AccountError:
            name = ""
        with self._database.reading() as connection:
            row = connection.execute("SELECT hash, disabled FROM accounts WHERE name = ?", (name,)).fetchone()
        kept, disabled = row if row is not None else (None, 1)
        if not passwords.matches(kept, password) or disabled or kept is None:
            return None
        if passwords.outdated(kept):
            with self._changing(name) as connection:
                connection.execute(
                    "UPDATE accounts SET hash = ? WHERE name = ?", (passwords.hashed(password, name), name)
                )
        return self.find(name)

    def set_password(self, name: str, password: str) -> Account:
        """Changes a password and ends the account's sessions. Raises AccountError."""
        account = self.get(name)
        kept = passwords.hashed(password, account.name)
        self._change(account.name, "hash = ?", kept)
        return self.get(account.name)

    def set_role(self, name: str, role: Role) -> Account:
        """Changes what an account may do and ends its sessions. Raises AccountError."""
        account = self.get(name)
        self._change(account.name, "role = ?", role)
        return self.get(account.name)

    def set_disabled(self, name: str, *, disabled: bool) -> Account:
        """Closes or opens an account; closing ends its sessions. Raises AccountError."""
        account = self.get(name)
        self._change(account.name, "disabled = ?", int(disabled))
        return self.get(account.name)

    def remove(self, name: str) -> Account:
        """Takes an account away and with it its sessions. Raises AccountError."""
        account = self.get(name)
        with self._changing(account.name) as connection:
            connection.execute("DELETE FROM accounts WHERE name = ?", (account.name,))
        return account

    def _change(self, name: str, assignment: str, value: object) -> None:
        with self._changing(name) as connection:
            connection.execute(
                f"UPDATE accounts SET {assignment}, stamp = ?, changed_at = ? WHERE name = ?",  # noqa: S608
                (value, _stamp(), _now(), name),
            )

    @contextmanager
    def _changing(self, name: str) -> Iterator[sqlite3.Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except sqlite3.Error as error:
            raise AccountError(f"The account {name} was not changed: {self._database.file}: {error}") from error


def open_accounts(folder: Path, name: str = FILE_NAME) -> Database:
    """The file of accounts and tokens in ``folder``, made if there is none. Raises AccountError."""
    return Database(folder / name, SCHEMA, durable=True)


def _account(row: tuple[str, str, int, str, str, str]) -> Account:
    name, role, disabled, stamp, created_at, changed_at = row
    times = datetime.fromisoformat(created_at), datetime.fromisoformat(changed_at)
    return Account(name, Role(role), bool(disabled), stamp, *times)


def _stamp() -> str:
    return secrets.token_hex(8)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
