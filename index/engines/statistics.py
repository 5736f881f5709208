"""How rare words are in a store on servers, counted anew where a server has changed."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.engines.bm25 import Scorer, WordTable
from index.engines.parts import Parts
from index.engines.shard import Shard, View
from index.fusion import ENGLISH_MARKS


@dataclass(frozen=True, slots=True)
class Counted:
    """How many passages a server has, and about how many of them hold each word of a question."""

    passages: int
    frequencies: Mapping[str, float]


class Statistics:
    """One word table for each server, kept up to date as questions come."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tables: dict[Shard, WordTable] = {part.shard: WordTable() for part in parts.all}
        self._lock = threading.Lock()

    def of(self, words: Sequence[str]) -> tuple[Scorer, Mapping[Shard, Counted], float]:
        """A scorer for a question of those words, the counts of each server, and the share
        of all passages that are English.

        A server that does not answer counts as it was when it last did: how rare a word is changes little by that.
        """
        generations = dict(self._parts.ask(lambda shard: shard.generation()))
        with self._lock:
            stale = {shard: told for shard, told in generations.items() if self._tables[shard].generation != told}
        if stale:
            self._parts.ask(lambda shard: self._refresh(shard, stale[shard]) if shard in stale else None)
        with self._lock:
            tables = self._tables
            counted = {
                shard: Counted(table.passages, {word: table.frequency(word) for word in words})
                for shard, table in tables.items()
            }
            return Scorer(words, tables.values()), counted, _english_share(tables.values())

    def _refresh(self, shard: Shard, generation: int) -> None:
        def work_in(view: View) -> None:
            with self._lock:
                self._tables[shard].refresh(view, generation)

        shard.read(work_in)


def _english_share(tables: Collection[WordTable]) -> float:
    """As `index.lexical.LexicalSearcher.share_with_any` has it."""
    passages = sum(table.passages for table in tables)
    most = max(sum(table.frequency(word) for table in tables) for word in ENGLISH_MARKS)
    return min(1.0, most / passages) if passages else 0.0
