"""A part of a store in Milvus. There are no transactions there, so this is how a file is replaced at one stroke:

1. its rows are written under a new edition, which nothing names yet, so no reader shows them;
2. one request puts the file's row, which names that edition, and a new generation in the place of the old ones;
3. the rows of the old edition are deleted.

A reader notes the generation before and after it reads and reads again where they differ; so it never works with rows
that step 3 was deleting. What a writer that died left behind is named by its ``pending`` row and cleared an hour later.
"""

from __future__ import annotations

import dataclasses
import json
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from index.engines.bm25 import file_key
from index.engines.milvus_catalogue import Catalogue, FileRow, edition_of, refreshed
from index.engines.milvus_client import Milvus, Row
from index.engines.milvus_rows import clause_rows, file_row, passage_rows, record_rows, row_of
from index.engines.milvus_schema import CLAUSES, PASSAGES, RECORDS, create, literal, packed, record
from index.engines.milvus_view import MilvusView
from index.engines.shard import Facts, View
from index.errors import StoreError
from index.prepare import ReadyFile
from index.types import FileChange

T = TypeVar("T")
_MOST_TRIES = 30
_LEFT_BEHIND_NS = 3_600_000_000_000


class MilvusShard:
    """One server or cluster, or a file of Milvus Lite."""

    def __init__(self, uri: str, token: str | None = None) -> None:
        self._milvus = Milvus(uri, token, (RECORDS, CLAUSES, PASSAGES))
        self.address = self._milvus.address
        self._catalogue = Catalogue()
        self._refreshing = threading.Lock()
        # Milvus Lite takes one writer at a time; a cluster takes many, but one process has no more than one batch.
        self._writing = threading.Lock()

    def facts(self) -> Facts | None:
        """What the server keeps about its part; None where it holds none."""
        if not self._milvus.has(RECORDS):
            return None
        found = self._milvus.rows(RECORDS, 'id == "facts"', ["payload"])
        return Facts(**json.loads(found[0]["payload"])) if found else None

    def dimension(self) -> int | None:
        """Numbers in a vector of the passages; None where there is no such collection."""
        found = self._milvus.dimension(PASSAGES, "dense")
        if found is None and self._milvus.has(PASSAGES):
            raise StoreError(
                f"{self.address} has a collection {PASSAGES} that PolicyQA did not make: rename or move it"
            )
        return found

    def create(self, facts: Facts) -> None:
        """Makes the collections. Raises StoreError where that isn't allowed."""
        if self.facts() is not None:
            return
        create(self._milvus, facts.dim)
        self._milvus.upsert(
            RECORDS, [record("facts", "fact", json.dumps(dataclasses.asdict(facts))), self._next_generation()]
        )

    def generation(self) -> int:
        """A random number, another with every commit."""
        found = self._milvus.rows(RECORDS, 'id == "generation"', ["payload"])
        if not found:
            raise StoreError(f"{self.address} no longer holds the store: open it anew")
        return int(found[0]["payload"])

    def read(self, work: Callable[[View], T]) -> T:
        """What ``work`` makes of one state; again where a writer made another count meanwhile."""
        for _ in range(_MOST_TRIES):
            generation = self.generation()
            result = work(MilvusView(self._milvus, self._current(generation)))
            if self.generation() == generation:
                return result
        raise StoreError(f"{self.address} is being written to all the time: try again in a while")

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in, each in place of what its name held. Raises StoreError."""
        with self._writing:
            before = self._current(self.generation())
            editions = {file.name: secrets.randbits(62) for file in files}
            every = [
                edition_of(editions[file.name], position) for file in files for position in range(len(file.documents))
            ]
            pending = f"pending:{secrets.token_hex(8)}"
            self._clear_left_behind(before)
            mine = literal([*editions.values(), *every])
            self._milvus.insert(RECORDS, [record(pending, "pending", mine, at=time.time_ns())])
            try:
                self._write(files, editions)
                rows = [file_row(file, editions[file.name]) for file in files]
                self._milvus.upsert(RECORDS, [*rows, self._next_generation()])
            except StoreError:
                self._forget([*editions.values()], every)
                raise
            changes = []
            old = [known for file in files if (known := before.files.get(file_key(file.name))) is not None]
            for file in files:
                known = before.files.get(file_key(file.name))
                gone = tuple(before.documents[e]["doc_id"] for e in known.editions) if known else ()
                changes.append(FileChange(file.name, tuple(d.doc_id for d in file.documents), gone, file.clauses))
            self._forget([one.edition for one in old], [e for one in old for e in one.editions])
            self._milvus.delete(RECORDS, f'id == "{pending}"')
        return changes

    def remove(self, doc_id_or_file: str) -> tuple[str, ...] | None:
        """Takes out one document, or all of a file."""
        with self._writing:
            catalogue = self._current(self.generation())
            edition = catalogue.by_id.get(doc_id_or_file)
            file = next(
                (
                    one
                    for one in catalogue.files.values()
                    if (edition in one.editions if edition is not None else one.name == doc_id_or_file)
                ),
                None,
            )
            if file is None:
                return None
            gone = [edition] if edition is not None else list(file.editions)
            left = tuple(p for p in file.live if edition_of(file.edition, p) not in gone)
            self._milvus.upsert(RECORDS, [self._without(catalogue, file, left, gone), self._next_generation()])
            self._forget([] if left else [file.edition], gone)
        return tuple(catalogue.documents[one]["doc_id"] for one in gone)

    def record_feedback(self, line: str) -> None:
        """Keeps what a reader thought."""
        at = time.time_ns()
        name = f"feedback:{at}:{secrets.token_hex(4)}"
        rows = [record(f"{name}.{part}", "feedback", payload, part=part, at=at) for part, payload in packed(line)]
        with self._writing:
            self._milvus.insert(RECORDS, rows)

    def close(self) -> None:
        """Lets go of the connection."""
        self._milvus.close()

    def _current(self, generation: int) -> Catalogue:
        held = self._catalogue
        if held.generation == generation:
            return held
        with self._refreshing:
            if self._catalogue.generation != generation:
                self._catalogue = refreshed(self._milvus, self._catalogue, generation)
            return self._catalogue

    def _next_generation(self) -> Row:
        return record("generation", "fact", str(secrets.randbits(53)))

    def _without(self, catalogue: Catalogue, file: FileRow, left: tuple[int, ...], gone: Sequence[int]) -> Row:
        """The row of a file that has lost documents; empty where none is left."""
        if not left:
            return record(f"file:{file_key(file.name)}", "file", "", at=time.time_ns())
        lost = [catalogue.documents[edition] for edition in gone]
        rest = dataclasses.replace(
            file,
            live=left,
            clauses=file.clauses - sum(one["clauses"] for one in lost),
            passages=file.passages - sum(one["passages"] for one in lost),
            terms=file.terms - sum(one["terms"] for one in lost),
        )
        return row_of(rest)

    def _write(self, files: Sequence[ReadyFile], editions: dict[str, int]) -> None:
        self._milvus.insert(RECORDS, (row for file in files for row in record_rows(file, editions[file.name])))
        self._milvus.insert(CLAUSES, (row for file in files for row in clause_rows(file, editions[file.name])))
        self._milvus.insert(PASSAGES, (row for file in files for row in passage_rows(file, editions[file.name])))

    def _forget(self, files: Sequence[int], documents: Sequence[int]) -> None:
        """Deletes the rows of editions that don't count any more."""
        if documents:
            self._milvus.delete(PASSAGES, f"edition in {literal(documents)}")
            self._milvus.delete(CLAUSES, f"edition in {literal(documents)}")
        if files or documents:
            self._milvus.delete(RECORDS, f"edition in {literal([*files, *documents])}")

    def _clear_left_behind(self, catalogue: Catalogue) -> None:
        bound = time.time_ns() - _LEFT_BEHIND_NS
        for row in self._milvus.rows(RECORDS, f'kind == "pending" and at < {bound}', ["id", "payload"]):
            counting = {file.edition for file in catalogue.files.values()} | catalogue.documents.keys()
            dead = [edition for edition in json.loads(row["payload"]) if edition not in counting]
            self._forget(dead, dead)
            self._milvus.delete(RECORDS, f"id == {literal(row['id'])}")
