"""Tokens for programs: random words, kept as hashes, each with a role and a last day."""

from __future__ import annotations

import hashlib
import logging
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ui.access.accounts import account_name
from ui.access.database import Database
from ui.access.model import AccountError, Role

_log = logging.getLogger(__name__)
PREFIX: Final = "pqa_"
"""So that scanners for leaked secrets, and people, know one when they see it."""
_USED_EVERY: Final = timedelta(minutes=10)
_COLUMNS: Final = "id, label, role, created_at, expires_at, used_at, revoked_at"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its words are shown once, when it is made."""

    id: str
    label: str
    role: Role
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def valid(self, now: datetime) -> bool:
        """Whether it opens the door at ``now``."""
        return self.revoked_at is None and now < self.expires_at


def secret_hash(secret: str) -> str:
    """What is kept of a secret of 256 random bits: nobody can guess those, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Tokens:
    """The tokens, in the file of the accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, label: str, role: Role, days: int) -> tuple[Token, str]:
        """A new token and its secret words, which are not kept. Raises AccountError for a label that can't be one."""
        label, secret = account_name(label), PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC).replace(microsecond=0)
        token = Token(secrets.token_hex(4), label, role, now, now + timedelta(days=days), None, None)
        times = token.created_at.isoformat(), token.expires_at.isoformat()
        try:
            with self._database.writing() as connection:
                connection.execute(
                    "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)",
                    (token.id, label, role, secret_hash(secret), *times),
                )
        except sqlite3.Error as error:
            raise AccountError(f"No token was made: {self._database.file}: {error}") from error
        return token, secret

    def all(self) -> list[Token]:
        """Every token, revoked and expired ones too, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM tokens ORDER BY created_at, id").fetchall()  # noqa: S608
        return [_token(row) for row in rows]

    def revoke(self, token_id: str) -> Token:
        """Closes the door to a token. Raises AccountError where there is none of that id."""
        found = next((token for token in self.all() if token.id == token_id), None)
        if found is None:
            raise AccountError(f"There is no token {token_id}: policyqa token list shows their ids.")
        with self._database.writing() as connection:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            connection.execute("UPDATE tokens SET revoked_at = ? WHERE id = ?", (now, token_id))
        return found

    def find(self, secret: str) -> Token | None:
        """The valid token whose words these are, None where there is none. Notes now and then that it was used."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM tokens WHERE hash = ?",  # noqa: S608
                (secret_hash(secret),),
            ).fetchone()
        token, now = None if row is None else _token(row), datetime.now(UTC)
        if token is None or not token.valid(now):
            return None
        if token.used_at is None or now - token.used_at > _USED_EVERY:
            self._note_use(token, now)
        return token

    def _note_use(self, token: Token, now: datetime) -> None:
        try:
            with self._database.writing() as connection:
                connection.execute("UPDATE tokens SET used_at = ? WHERE id = ?", (now.isoformat(), token.id))
        except sqlite3.Error:
            _log.exception("when the token %s was last used could not be kept", token.id)


def _token(row: tuple[str, str, str, str, str, str | None, str | None]) -> Token:
    token_id, label, role, *times = row
    created_at, expires_at, used_at, revoked_at = (datetime.fromisoformat(one) if one else None for one in times)
    assert created_at is not None
    assert expires_at is not None
    return Token(token_id, label, Role(role), created_at, expires_at, used_at, revoked_at)
