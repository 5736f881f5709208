"""What the texts of a store make of one another's status, over all its servers; `index.validity` has the rules.

In a folder that is settled in the transaction of every change. Servers have no transaction in common, so here it is
worked out at the reader, whenever something has changed, from the few documents that say something of others.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping, Sequence
from datetime import date

from index import codec
from index.engines.parts import Parts
from index.engines.shard import Tie
from index.filters import Standing
from index.validity import BINDING_KINDS, settled
from ingest.model import PolicyDocument, Status

Ends = dict[str, list[tuple[Status, date | None]]]


class Standings:
    """By document id, status and last day of those documents that others in the store have ended or amended."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._generation: int | None = None
        self._found: Mapping[str, Standing] = {}

    def of(self, generation: int) -> Mapping[str, Standing]:
        """Those of that generation of the store."""
        with self._lock:
            if self._generation != generation:
                self._found = _worked_out(self._parts)
                self._generation = generation
            return self._found


def as_it_stands(record: str, standings: Mapping[str, Standing]) -> PolicyDocument:
    """A document, without its clauses, with the status and the last day that the store makes of it."""
    printed = codec.load(PolicyDocument, record)
    standing = standings.get(printed.doc_id)
    if standing is None:
        return printed
    last = date.fromisoformat(standing.ends_on) if standing.ends_on else None
    return dataclasses.replace(printed, status=Status(standing.status), expires_on=last)


def _worked_out(parts: Parts) -> dict[str, Standing]:
    ties = [tie for part in parts.read(lambda view: view.ties()) for tie in part]
    ends = _editions(ties)
    targets = sorted({target for tie in ties for target, _, _ in tie.endings})
    if targets:
        bearers = [tie for part in parts.read(lambda view: view.bearers(targets)) for tie in part]
        _add_endings(ends, ties, bearers)
    wanted = sorted(ends)
    records = {k: v for part in parts.read(lambda view: view.records(wanted)) for k, v in part.items()} if ends else {}
    found: dict[str, Standing] = {}
    for doc_id, record in records.items():
        printed = codec.load(PolicyDocument, record)
        status, last = settled(printed, ends[doc_id])
        if (status, last) != (printed.status, printed.expires_on):
            starts = printed.effective_on or printed.issued_on
            found[doc_id] = Standing(
                status.value, starts.isoformat() if starts else "", last.isoformat() if last else ""
            )
    return found


def _editions(ties: Sequence[Tie]) -> Ends:
    """For each document the days on which later editions of the same text began."""
    by_key: dict[str, list[Tie]] = {}
    for tie in ties:
        if tie.edition_key is not None:
            by_key.setdefault(tie.edition_key, []).append(tie)
    ends: Ends = {}
    for group in by_key.values():
        for own in group:
            for other in group:
                same = other.kind == own.kind and other.region == own.region and other.title_key != own.title_key
                if same and own.day and other.day > own.day:
                    ends.setdefault(own.doc_id, []).append((Status.SUPERSEDED, date.fromisoformat(other.day)))
    return ends


def _add_endings(ends: Ends, ties: Sequence[Tie], bearers: Sequence[Tie]) -> None:
    """What documents say of others by name."""
    said: dict[str, list[tuple[Tie, str, str | None]]] = {}
    for tie in ties:
        for target, status, on in tie.endings:
            said.setdefault(target, []).append((tie, status, on))
    for own in {tie.doc_id: tie for tie in bearers if tie.kind in BINDING_KINDS}.values():
        for name in dict.fromkeys(own.names):
            for ender, status, on in said.get(name, ()):
                if ender.doc_id != own.doc_id and ender.title_key != own.title_key:
                    ends.setdefault(own.doc_id, []).append((Status(status), date.fromisoformat(on) if on else None))
