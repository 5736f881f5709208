"""Which texts the others in the store have ended: repealed by name, amended, replaced, or followed by a later edition.

A document's record keeps the status that it prints; the columns ``status`` and ``expires_on`` hold what the store as a
whole makes of it. They are settled anew, in the transaction of every change, for the documents that the change touches.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from index import seals
from index.seals import sealed
from ingest.model import PolicyDocument, Status

if TYPE_CHECKING:
    from index.prepare import ReadyDocument

BINDING_KINDS = ("law", "regulation", "rule", "normative", "plan", "standard", "list", "other")
"""Kinds of texts that another text can end."""
_BINDING = f"({', '.join(repr(kind) for kind in BINDING_KINDS)})"
_SAID = f"""
SELECT e.status, e.on_day FROM endings e JOIN documents ender USING (doc_key) JOIN documents own ON own.doc_key = :key
WHERE e.target_key IN (
    SELECT title_key FROM documents WHERE doc_key = :key
    UNION SELECT number_key FROM documents WHERE doc_key = :key
    UNION SELECT alias_key FROM aliases WHERE doc_key = :key
) AND e.doc_key != :key AND own.kind IN {_BINDING} AND ender.title_key != own.title_key
"""  # noqa: S608  only constants inside
_ORDER = (Status.REPEALED, Status.SUPERSEDED, Status.AMENDED)
"""The graver comes first where several are said of one text."""


def document(row: Sequence[Any]) -> PolicyDocument:
    """The document in a row of `seals.DOCUMENT`, without its clauses, as the store takes it: its status and last day.

    Raises BrokenSealError.
    """
    printed = seals.document(*row)
    status, expires_on = row[6], row[10]
    last = date.fromisoformat(expires_on) if expires_on else None
    if printed.status == status and printed.expires_on == last:
        return printed
    return dataclasses.replace(printed, status=Status(status), expires_on=last)


def note(connection: sqlite3.Connection, doc_key: int, ready: ReadyDocument) -> None:
    """Keeps what a new document says about others, and of which text it is an edition."""
    endings = (sealed(doc_key, *ending) for ending in ready.endings)
    connection.executemany("INSERT INTO endings VALUES (?, ?, ?, ?, ?)", endings)
    if ready.edition_key is not None:
        connection.execute("INSERT INTO editions VALUES (?, ?, ?)", sealed(doc_key, ready.edition_key))


class Touched:
    """Collects what a change touches, before and after rows go and come; ``settle`` then sets statuses anew."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._documents: set[int] = set()
        self._names: set[str] = set()
        self._editions: set[str] = set()

    def by_file(self, name: str) -> None:
        """All documents of the file of that name."""
        found = self._connection.execute(
            "SELECT doc_key FROM documents JOIN files USING (file_key) WHERE name = ?", (name,)
        )
        self.by_documents([key for (key,) in found.fetchall()])

    def by_documents(self, doc_keys: Sequence[int]) -> None:
        """Documents, what they say about others, and the other editions of the same texts."""
        for key in doc_keys:
            self._documents.add(key)
            names = self._connection.execute("SELECT target_key FROM endings WHERE doc_key = ?", (key,))
            self._names.update(name for (name,) in names)
            editions = self._connection.execute("SELECT edition_key FROM editions WHERE doc_key = ?", (key,))
            self._editions.update(edition for (edition,) in editions)

    def settle(self) -> None:
        """Sets the statuses of the documents touched that are (still) in the store."""
        wanted = set(self._documents)
        for name in self._names:
            wanted.update(_named(self._connection, name))
        for edition in self._editions:
            found = self._connection.execute("SELECT doc_key FROM editions WHERE edition_key = ?", (edition,))
            wanted.update(key for (key,) in found)
        for key in sorted(wanted):
            _settle(self._connection, key)


def _named(connection: sqlite3.Connection, name: str) -> Iterable[int]:
    found = connection.execute(
        f"SELECT doc_key FROM documents WHERE kind IN {_BINDING} AND (title_key = :name OR number_key = :name"  # noqa: S608
        " OR doc_key IN (SELECT doc_key FROM aliases WHERE alias_key = :name))",
        {"name": name},
    )
    return [key for (key,) in found]


def _settle(connection: sqlite3.Connection, doc_key: int) -> None:
    found = connection.execute(f"SELECT {seals.DOCUMENT} FROM documents WHERE doc_key = ?", (doc_key,)).fetchone()  # noqa: S608
    if found is None:
        return
    printed = seals.document(*found)
    status, last = settled(printed, _ends(connection, doc_key))
    row = list(found[:-1])
    row[6], row[10] = status.value, last.isoformat() if last else None
    connection.execute(
        "UPDATE documents SET status = ?, expires_on = ?, seal = ? WHERE doc_key = ?",
        (row[6], row[10], seals.seal(*row), doc_key),
    )


def settled(printed: PolicyDocument, ends: Iterable[tuple[Status, date | None]]) -> tuple[Status, date | None]:
    """The status and the last day of a document, of which others say those things with effect from those days."""
    if printed.status is Status.DRAFT:
        return printed.status, printed.expires_on
    own = printed.effective_on or printed.issued_on
    status: Status = printed.status
    last = printed.expires_on
    for found, day in ends:
        if own is not None and day is not None and day < own:
            continue  # an older text of the same name was meant
        if found is Status.AMENDED and day is not None and _includes(printed, day):
            continue
        if status not in _ORDER or _ORDER.index(found) < _ORDER.index(status):
            status = found
        if found is not Status.AMENDED and day is not None:
            before = day - timedelta(days=1)
            last = before if last is None else min(last, before)
    return status, last


def _includes(printed: PolicyDocument, day: date) -> bool:
    """Whether the text already includes what was amended: it is dated after the amendment, or within a year before."""
    return printed.revised_on is not None and printed.revised_on >= day - timedelta(days=366)


def _ends(connection: sqlite3.Connection, doc_key: int) -> list[tuple[Status, date | None]]:
    """What other documents say has become of this one, and from which day on."""
    said = connection.execute(_SAID, {"key": doc_key}).fetchall()
    found = [(Status(status), date.fromisoformat(day) if day else None) for status, day in said]
    later = connection.execute(
        "SELECT coalesce(d.effective_on, d.issued_on) FROM editions mine JOIN editions other USING (edition_key)"
        " JOIN documents d ON d.doc_key = other.doc_key JOIN documents own ON own.doc_key = mine.doc_key"
        " WHERE mine.doc_key = ? AND other.doc_key != mine.doc_key AND d.title_key != own.title_key"
        " AND d.kind = own.kind AND coalesce(d.region, '') = coalesce(own.region, '')"
        " AND coalesce(d.effective_on, d.issued_on) > coalesce(own.effective_on, own.issued_on)",
        (doc_key,),
    ).fetchall()
    return [*found, *((Status.SUPERSEDED, date.fromisoformat(day)) for (day,) in later)]
