"""How often somebody may try to sign in, ask, search or upload. Counted in one file for all processes."""

from __future__ import annotations

import ipaddress
import logging
import math
import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Final

from ui.access.database import Database

_log = logging.getLogger(__name__)
_FREE: Final[dict[str, int]] = {"account": 5, "address": 20}
"""Wrong passwords before anybody has to wait; an office shares one address."""
_LONGEST_WAIT_S: Final = 900
"""Somebody who keeps guessing at a name keeps its owner waiting this long at most."""
_FORGOTTEN_AFTER_S: Final = 86_400
_RATES_KEPT_S: Final = 120.0
_ROUNDING_S: Final = 1e-5
"""Seconds since 1970 as a float are no finer than a quarter of a microsecond."""


class Attempts:
    """Wrong passwords, by account and by address, each making the next wait twice as long."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def begin(self, name: str, address: str) -> int:
        """0 where a password may be tried now, which then counts as wrong until `right`; else seconds to wait.

        Counted beforehand, in one transaction, so that of a hundred attempts at once not all pass before one fails.
        """
        now, keys = self._clock(), _keys(name, address)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM attempts WHERE last_at < ?", (now - _FORGOTTEN_AFTER_S,))
            wait = max(_wait(connection, key, now) for key in keys)
            if wait <= 0:
                for key in keys:
                    connection.execute(
                        "INSERT INTO attempts VALUES (?, 1, ?) "
                        "ON CONFLICT (key) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at",
                        (key, now),
                    )
        return math.ceil(max(wait, 0))

    def right(self, name: str, address: str) -> None:
        """The password was right: the account begins anew. The address only gets this attempt back, or whoever has one
        account of their own could go on guessing at others."""
        account, place = _keys(name, address)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM attempts WHERE key = ?", (account,))
            connection.execute("UPDATE attempts SET failures = failures - 1 WHERE key = ?", (place,))


def _wait(connection: sqlite3.Connection, key: str, now: float) -> float:
    row = connection.execute("SELECT failures, last_at FROM attempts WHERE key = ?", (key,)).fetchone()
    if row is None:
        return 0.0
    failures, last_at = row
    over = failures - _FREE[key.partition(":")[0]]
    delay = 0 if over < 0 else min(2 ** min(over, 20), _LONGEST_WAIT_S)
    return float(last_at + delay - now)


def _keys(name: str, address: str) -> tuple[str, str]:
    return f"account:{name.strip().casefold()[:64]}", f"address:{network_of(address)}"


def network_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 that a single IPv6 customer gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class Rates:
    """So many of each action a minute for each caller, in bursts of at most a quarter of that.

    The generic cell rate algorithm (ITU-T I.371): one number for each caller and action, the time at which the next
    would be due if all came evenly.
    """

    def __init__(
        self, database: Database, per_minute: Mapping[str, int], clock: Callable[[], float] = time.time
    ) -> None:
        """``per_minute`` by action; 0 is no limit."""
        self._clock = clock
        self._database = database
        self._per_minute = dict(per_minute)

    def spend(self, action: str, key: str) -> int:
        """0 where ``key`` may do ``action`` now, which is then counted; else the seconds to wait.

        Where the disk fails nobody is held up for it: answering comes first, and the log says so.
        """
        limit = self._per_minute.get(action, 0)
        if not limit:
            return 0
        interval, now = 60.0 / limit, self._clock()
        slack = interval * max(limit // 4, 1)
        try:
            with self._database.writing() as connection:
                row = connection.execute("SELECT due_at FROM rates WHERE key = ?", (f"{action} {key}",)).fetchone()
                due = max(now, row[0] if row else now)
                early = due - now - (slack - interval)
                if early > _ROUNDING_S:
                    return max(1, math.ceil(early))
                # Whoever has not been here for a while is forgotten.
                connection.execute("DELETE FROM rates WHERE due_at < ?", (now - _RATES_KEPT_S,))
                connection.execute("INSERT OR REPLACE INTO rates VALUES (?, ?)", (f"{action} {key}", due + interval))
        except sqlite3.Error:
            _log.exception("a rate could not be counted")
        return 0
