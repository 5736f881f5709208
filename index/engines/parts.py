"""The servers of one store, asked side by side; which of them answer, and what is said of those that don't."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from index.engines.shard import Facts, Shard, View
from index.errors import EngineInterruptedError, EngineUnreachableError, StoreError

T = TypeVar("T")
_REST_S = 5.0
"""A server that did not answer is left alone this long, so that every question needn't wait for it anew."""


class Part:
    """One server with the knowledge of whether it answers."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self._failed: EngineUnreachableError | None = None
        self._failed_at = 0.0

    def ask(self, work: Callable[[Shard], T]) -> T:
        """What ``work`` makes of the server. Raises EngineUnreachableError, at once for a while after a failure."""
        failed = self._failed
        if failed is not None and time.monotonic() - self._failed_at < _REST_S:
            raise EngineUnreachableError(str(failed))
        try:
            result = work(self.shard)
        except EngineInterruptedError:
            raise  # of a change, so whoever made it hears of it; whether the server still answers shows next time
        except EngineUnreachableError as error:
            self._failed, self._failed_at = error, time.monotonic()
            raise
        self._failed = None
        return result

    @property
    def failure(self) -> EngineUnreachableError | None:
        """Why it can't be reached, None where it answered last."""
        return self._failed


class Parts:
    """All servers of a store, in the order of their parts."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self.all = tuple(Part(shard) for shard in shards)
        self._threads = ThreadPoolExecutor(4 * len(shards), "engine") if len(shards) > 1 else None

    @property
    def addresses(self) -> str:
        """All servers, for people."""
        return ", ".join(part.shard.address for part in self.all)

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Addresses of the servers that did not answer last."""
        return tuple(part.shard.address for part in self.all if part.failure is not None)

    def ask(self, work: Callable[[Shard], T]) -> list[tuple[Shard, T]]:
        """What ``work`` makes of every server that answers. Raises EngineUnreachableError where none does."""
        if self._threads is None:
            return [(self.all[0].shard, self.all[0].ask(work))]
        waiting = [(part, self._threads.submit(part.ask, work)) for part in self.all]
        answered: list[tuple[Shard, T]] = []
        failed: EngineUnreachableError | None = None
        for part, future in waiting:
            try:
                answered.append((part.shard, future.result()))
            except EngineUnreachableError as error:
                failed = error
        if not answered and failed is not None:
            raise failed
        return answered

    def read(self, work: Callable[[View], T]) -> list[T]:
        """What ``work`` makes of one state of every server that answers."""
        return [result for _, result in self.ask(lambda shard: shard.read(work))]

    def first(self, work: Callable[[View], T | None]) -> T | None:
        """The result of the server that has one. Raises EngineUnreachableError where none that answers has, but not all
        answer: what was asked for may be on the other."""
        found = next((result for result in self.read(work) if result is not None), None)
        if found is None:
            self.demand_all()
        return found

    def demand_all(self) -> None:
        """Raises EngineUnreachableError where a server did not answer last."""
        for part in self.all:
            if part.failure is not None:
                raise EngineUnreachableError(str(part.failure))

    def of(self, name: str) -> Part:
        """The server that keeps the file of that name, by its hash."""
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        return self.all[int.from_bytes(digest, "big") % len(self.all)]

    def close(self) -> None:
        """Lets go of every connection."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        for part in self.all:
            part.shard.close()


def in_order(shards: Sequence[Shard]) -> tuple[list[Shard], Facts | None]:
    """The servers in the order of their parts, with what the first that answers keeps; None where all are empty.

    One that does not answer takes the place that is left. Raises StoreError where they are not the parts of one store.
    """
    known: dict[int, Facts] = {}
    silent: list[int] = []
    failed: EngineUnreachableError | None = None
    for number, shard in enumerate(shards):
        try:
            facts = shard.facts()
        except EngineUnreachableError as error:
            silent.append(number)
            failed = error
        else:
            if facts is not None:
                known[number] = facts
    if failed is not None and not known:
        raise failed
    if not known:
        return list(shards), None
    one = next(iter(known.values()))
    _check_parts(shards, known, silent)
    places: dict[int, Shard] = {facts.part: shards[number] for number, facts in known.items()}
    free = [part for part in range(one.parts) if part not in places]
    places.update(zip(free, (shards[number] for number in silent), strict=True))
    return [places[part] for part in range(one.parts)], one


def _check_parts(shards: Sequence[Shard], known: dict[int, Facts], silent: Sequence[int]) -> None:
    (first, one), *others = known.items()
    for number, facts in others:
        if facts.library != one.library:
            raise StoreError(f"{shards[first].address} and {shards[number].address} hold parts of different stores")
        if facts.part == one.part:
            raise StoreError(f"{shards[first].address} and {shards[number].address} are the same part of one store")
    if one.parts != len(shards):
        raise StoreError(
            f"{shards[first].address} is part {one.part + 1} of {one.parts} of a store and {len(shards)} servers were "
            "named: name all of them in --engine-uri, with commas between. To spread a store over another number of "
            "servers copy it with: policyqa copy"
        )
    empty = [shards[n].address for n in range(len(shards)) if n not in known and n not in silent]
    if empty:
        raise StoreError(
            f"{empty[0]} is empty, but {shards[first].address} is part {one.part + 1} of {one.parts} of a store: "
            "name the server that holds the other part, or bring back its data from a backup"
        )
