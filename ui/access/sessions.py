"""Who is signed in. The browser holds a random word; what it stands for is kept here, so that it can be ended here.

All processes that serve a store share one file. Losing it signs everybody out and does no other harm.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ui.access.accounts import Account
from ui.access.database import Database
from ui.access.tokens import secret_hash

_log = logging.getLogger(__name__)
FILE_NAME: Final = "sessions.sqlite"
SCHEMA: Final = """
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY, name TEXT NOT NULL, stamp TEXT NOT NULL, address TEXT NOT NULL,
  created_at REAL NOT NULL, seen_at REAL NOT NULL);
CREATE INDEX sessions_by_name ON sessions (name);
CREATE TABLE attempts (key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at REAL NOT NULL);
CREATE TABLE rates (key TEXT PRIMARY KEY, due_at REAL NOT NULL);
CREATE INDEX rates_by_time ON rates (due_at);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)
"""
_SEEN_EVERY_S: Final = 30.0
"""How finely it is kept when a session was last used: a write for each request would cost more than it tells."""


@dataclass(frozen=True, slots=True)
class Session:
    """One browser that has signed in. Times in seconds since 1970."""

    hash: str
    name: str
    stamp: str
    address: str
    created_at: float
    seen_at: float


class Sessions:
    """The sessions in one file."""

    def __init__(
        self, database: Database, *, idle_s: float, most_s: float, clock: Callable[[], float] = time.time
    ) -> None:
        """``idle_s`` ends a session that nobody uses, ``most_s`` any."""
        self.database = database
        self._idle_s, self._most_s = idle_s, most_s
        self._clock = clock
        self._secret = self._shared_secret()

    def start(self, account: Account, address: str, *, instead_of: str | None = None) -> str:
        """The random word of a new session; the one that the browser held before is over."""
        word, now = secrets.token_urlsafe(32), self._clock()
        with self.database.writing() as connection:
            if instead_of:
                connection.execute("DELETE FROM sessions WHERE hash = ?", (secret_hash(instead_of),))
            connection.execute(
                "DELETE FROM sessions WHERE seen_at < ? OR created_at < ?", (now - self._idle_s, now - self._most_s)
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?)",
                (secret_hash(word), account.name, account.stamp, address, now, now),
            )
        return word

    def find(self, word: str) -> Session | None:
        """The session that a random word stands for, None where it is over or there never was one."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM sessions WHERE hash = ?", (secret_hash(word),)).fetchone()
        if row is None:
            return None
        session, now = Session(*row), self._clock()
        if now - session.seen_at > self._idle_s or now - session.created_at > self._most_s:
            return None
        if now - session.seen_at > min(_SEEN_EVERY_S, self._idle_s / 4):
            self._note_use(session, now)
        return session

    def _note_use(self, session: Session, now: float) -> None:
        try:
            with self.database.writing() as connection:
                connection.execute("UPDATE sessions SET seen_at = ? WHERE hash = ?", (now, session.hash))
        except sqlite3.Error:  # whoever is in stays in, until the session has been idle for too long
            _log.exception("when a session was last used could not be kept")

    def of(self, name: str) -> list[Session]:
        """The sessions of one account, the last used first."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM sessions WHERE name = ? ORDER BY seen_at DESC", (name,)).fetchall()
        return [Session(*row) for row in rows]

    def end(self, word: str) -> None:
        """Signs one browser out."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (secret_hash(word),))

    def end_all(self, name: str) -> None:
        """Signs an account out everywhere."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM sessions WHERE name = ?", (name,))

    def form_token(self, holder: str) -> str:
        """What a form must bring back: bound to the cookie that its browser holds, so no other site can know it."""
        return hmac.new(self._secret, holder.encode(), hashlib.sha256).hexdigest()

    def form_is_ours(self, holder: str, token: str) -> bool:
        """Whether a form that came back was drawn for the browser that holds this cookie."""
        return bool(holder) and hmac.compare_digest(self.form_token(holder).encode(), token.encode())

    def _shared_secret(self) -> bytes:
        """The same in every process that serves the store."""
        with self.database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO secrets VALUES ('forms', ?)", (secrets.token_hex(32),))
            (value,) = connection.execute("SELECT value FROM secrets WHERE name = 'forms'").fetchone()
        return bytes.fromhex(value)


def open_sessions(folder: Path) -> Database:
    """The file of sessions, sign-in attempts and rates in ``folder``. Raises AccountError."""
    return Database(folder / FILE_NAME, SCHEMA, durable=False)
