"""Who did what and when, kept for a number of days. Written beside the answering, which never waits for it."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, Full, Queue
from typing import Any, Final

from ui.access.current import current_caller
from ui.access.database import Database
from ui.access.model import Caller
from ui.request_id import current_request_id

_log = logging.getLogger(__name__)
FILE_NAME: Final = "audit.sqlite"
SCHEMA: Final = """
CREATE TABLE audit (
  key INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT, role TEXT, via TEXT, address TEXT, request_id TEXT,
  action TEXT NOT NULL, target TEXT, outcome TEXT NOT NULL, detail TEXT);
CREATE INDEX audit_by_time ON audit (at);
CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)
"""
FIELDS: Final = ("at", "who", "role", "via", "address", "request_id", "action", "target", "outcome", "detail")
_MOST_WAITING: Final = 10_000
_MOST_TARGET_CHARS: Final = 2_000
_TIDY_EVERY_S: Final = 3_600.0
_COMPLAIN_EVERY_S: Final = 60.0
Entry = tuple[Any, ...]


class NoAudit:
    """Keeps nothing: a service that only its own user reaches."""

    def record(self, action: str, target: str = "", outcome: str = "done", **detail: Any) -> None:
        """Nothing is kept."""

    def question(self, action: str, words: str, outcome: str = "done", **detail: Any) -> None:
        """Nothing is kept."""

    @contextmanager
    def doing(self, action: str, target: str) -> Iterator[None]:
        """Nothing is kept."""
        yield

    def close(self) -> None:
        """Nothing to let go of."""


class AuditLog(NoAudit):
    """The audit log in one file. Safe to use from many threads; several processes may write to the same file."""

    def __init__(self, database: Database, *, days: int, question_text: bool) -> None:
        """Entries go after ``days``. Without ``question_text`` questions are kept as a keyed hash and their length."""
        self._database = database
        self._days = days
        self._question_text = question_text
        self._key = self._hash_key()
        self._waiting: Queue[Entry | None] = Queue(_MOST_WAITING)
        self._lost = 0
        self._complained_at = 0.0
        self._writer = threading.Thread(target=self._write_all, name="audit", daemon=True)
        self._writer.start()

    def record(self, action: str, target: str = "", outcome: str = "done", **detail: Any) -> None:
        """Notes what whoever sent the present request did. Returns at once, whatever the disk does."""
        entry = entry_of(current_caller(), current_request_id(), action, target, outcome, detail)
        try:
            self._waiting.put_nowait(entry)
        except Full:
            self._complain("the queue is full", 1)

    def question(self, action: str, words: str, outcome: str = "done", **detail: Any) -> None:
        """As `record`, for a question or query, whose words are kept only where the settings say so."""
        if self._question_text:
            self.record(action, words, outcome, **detail)
            return
        digest = hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()[:24]
        self.record(action, f"hmac:{digest}", outcome, chars=len(words), **detail)

    @contextmanager
    def doing(self, action: str, target: str) -> Iterator[None]:
        """Notes what is done in the context, also where it fails."""
        try:
            yield
        except Exception as error:
            self.record(action, target, "failed", why=str(error)[:500])
            raise
        self.record(action, target)

    def close(self) -> None:
        """Writes what is waiting and ends."""
        if self._writer.is_alive():
            self._waiting.put(None)
            self._writer.join(timeout=5)

    def _write_all(self) -> None:
        tidied_at = 0.0
        while True:
            if time.monotonic() - tidied_at > _TIDY_EVERY_S or not tidied_at:
                self._attempt([], tidy=True)
                tidied_at = time.monotonic()
            try:
                batch = [self._waiting.get(timeout=_TIDY_EVERY_S)]
            except Empty:
                continue
            while not self._waiting.empty() and len(batch) < 500:
                batch.append(self._waiting.get_nowait())
            self._attempt([entry for entry in batch if entry is not None], tidy=False)
            if None in batch:
                return

    def _attempt(self, entries: list[Entry], *, tidy: bool) -> None:
        try:
            with self._database.writing() as connection:
                write(connection, entries)
                if tidy:
                    oldest = (datetime.now(UTC) - timedelta(days=self._days)).isoformat()
                    connection.execute("DELETE FROM audit WHERE at < ?", (oldest,))
        except sqlite3.Error as error:
            self._complain(str(error), len(entries))

    def _complain(self, why: str, lost: int) -> None:
        """Says once a minute at most, in the service's log, that entries are being lost."""
        self._lost += lost
        if time.monotonic() - self._complained_at > _COMPLAIN_EVERY_S:
            self._complained_at = time.monotonic()
            _log.error(
                "AUDIT LOG NOT WRITTEN: %s (%s); %d entries lost so far. Answers go on. Make room on the disk.",
                self._database.file,
                why,
                self._lost,
            )

    def _hash_key(self) -> bytes:
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO secrets VALUES ('questions', ?)", (secrets.token_hex(32),))
            (value,) = connection.execute("SELECT value FROM secrets WHERE name = 'questions'").fetchone()
        return bytes.fromhex(value)


def entry_of(
    caller: Caller | None, request_id: str, action: str, target: str, outcome: str, detail: dict[str, Any]
) -> Entry:
    """One line of the log, in the order of ``FIELDS``."""
    signed_in = caller is not None and bool(caller.name)
    who = (caller.name, caller.role, caller.via) if caller and signed_in else (None, None, None)
    address = caller.address or None if caller else None
    told = json.dumps(detail, ensure_ascii=False) if detail else None
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return (now, *who, address, request_id or None, action, target[:_MOST_TARGET_CHARS], outcome, told)


def write(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    """Adds lines to the log."""
    marks = ", ".join("?" * len(FIELDS))
    connection.executemany(f"INSERT INTO audit ({', '.join(FIELDS)}) VALUES ({marks})", entries)  # noqa: S608


def read(
    database: Database, *, since: str = "", until: str = "9999", action: str | None = None, last: int | None = None
) -> Iterator[dict[str, Any]]:
    """The entries, oldest first, each as a JSON object; ``last`` keeps only so many of the newest."""
    columns = ", ".join(FIELDS)
    query = f"SELECT {columns}, key FROM audit WHERE at >= ? AND at < ? AND (? IS NULL OR action = ?)"  # noqa: S608
    query = f"SELECT {columns} FROM ({query} ORDER BY key DESC LIMIT ?) ORDER BY key"  # noqa: S608
    with database.reading() as connection:
        rows = connection.execute(query, (since, until, action, action, -1 if last is None else last)).fetchall()
    for row in rows:
        entry = dict(zip(FIELDS, row, strict=True))
        entry["detail"] = json.loads(entry["detail"]) if entry["detail"] else {}
        yield entry


def open_audit(folder: Path) -> Database:
    """The audit log's file in ``folder``. Raises AccountError."""
    return Database(folder / FILE_NAME, SCHEMA, durable=False)
