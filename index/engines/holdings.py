"""What lies on the servers of a store, by name: documents, clauses, files, and what readers said of replies."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from index import codec
from index.engines.linking import Links
from index.engines.parts import Parts
from index.engines.shard import Facts, Shard, StoredDocument, View
from index.engines.standing import Standings, as_it_stands
from index.errors import UnknownDocumentError
from index.filters import Standing
from index.types import Feedback, Filters, StoredFile, StoreStats
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

T = TypeVar("T")


class Holdings:
    """The reading half of a store on servers; `EngineStore` adds searching and every change."""

    def __init__(self, shards: Sequence[Shard], facts: Facts) -> None:
        self._parts = Parts(shards)
        self._facts = facts
        self._standings = Standings(self._parts)

    @property
    def place(self) -> str:
        """The servers' addresses without passwords."""
        return self._parts.addresses

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Addresses of the servers that did not answer when last asked."""
        return self._parts.unreachable

    @property
    def generation(self) -> int:
        """Changes with every commit on any server, and when one stops or starts to answer."""
        known = dict(self._parts.ask(lambda shard: shard.generation()))
        told = "|".join(str(known.get(part.shard, "")) for part in self._parts.all)
        return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=7).digest(), "big")

    @property
    def stats(self) -> StoreStats:
        """How much the servers that answer hold."""
        totals = self._parts.read(lambda view: view.totals())
        return StoreStats(
            documents=sum(one.documents for one in totals),
            clauses=sum(one.clauses for one in totals),
            passages=sum(one.passages for one in totals),
            disk_bytes=sum(one.disk_bytes for one in totals),
            encoder=self._facts.encoder,
        )

    def documents(self, filters: Filters = Filters()) -> tuple[PolicyDocument, ...]:  # noqa: B008  frozen
        """The documents that pass, without their clauses, server by server in the order in which they came."""
        standings = self._standing()
        return tuple(
            as_it_stands(listed.record, standings)
            for part in self._parts.read(lambda view: view.documents(filters, standings))
            for listed in sorted(part, key=lambda listed: listed.order)
        )

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses. Raises UnknownDocumentError."""
        standings, stored = self._standing(), self.stored(doc_id)
        links = Links(self._parts, standings)
        clauses = tuple(links.linked(codec.load(Clause, record)) for record in stored.clauses)
        return dataclasses.replace(as_it_stands(stored.record, standings), clauses=clauses)

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id. Raises UnknownDocumentError."""
        return Links(self._parts, self._standing()).linked(codec.load(Clause, self._clause(clause_id)[0]))

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out."""
        links = Links(self._parts, self._standing())
        found = self._parts.read(lambda view: view.clauses(clause_ids))
        return {
            clause_id: links.linked(codec.load(Clause, record)) for part in found for clause_id, record in part.items()
        }

    def outline(self, doc_id: str) -> tuple[tuple[str, str | None], ...]:
        """(clause id, id of the clause above) of each clause of a document, in reading order.

        Raises UnknownDocumentError.
        """
        records = map(json.loads, self.stored(doc_id).clauses)
        return tuple((record["clause_id"], record.get("parent_id")) for record in records)

    def texts(self, doc_id: str, most: int | None = None) -> tuple[str, ...]:
        """The texts of a document's first ``most`` clauses (None: of all), in reading order.

        Raises UnknownDocumentError.
        """
        return tuple(json.loads(record)["text"] for record in self.stored(doc_id).clauses[:most])

    def document_of(self, clause_id: str) -> PolicyDocument:
        """The document that holds a clause, without its clauses. Raises UnknownDocumentError."""
        return as_it_stands(self._clause(clause_id)[1], self._standing())

    def files(self) -> tuple[StoredFile, ...]:
        """The files in the store, by name."""
        found = [file for part in self._parts.read(lambda view: view.files()) for file in part]
        return tuple(sorted(found, key=lambda file: file.name))

    def source(self, name: str) -> SourceText:
        """The text extracted from the file of that name, in which spans count. Raises UnknownDocumentError."""
        return codec.load(SourceText, zlib.decompress(self._of_file(name, lambda view: view.source(name))))

    def original(self, name: str) -> bytes:
        """The very bytes that were ingested under that name. Raises UnknownDocumentError."""
        return zlib.decompress(self._of_file(name, lambda view: view.original(name)))

    def kept(self, name: str) -> ParsedFile:
        """Everything that ingest found in that file, less what was removed from it since; references as parsed.

        Raises UnknownDocumentError.
        """
        source = self.source(name)
        file = self._of_file(name, lambda view: next((file for file in view.files() if file.name == name), None))
        return ParsedFile(source, tuple(self._unlinked(doc_id) for doc_id in file.doc_ids), file.warnings)

    def feedback(self) -> tuple[Feedback, ...]:
        """Everything readers said, oldest first."""
        found = [line for part in self._parts.read(lambda view: view.feedback()) for line in part]
        return tuple(codec.load(Feedback, record) for _, record in sorted(found))

    def stored(self, doc_id: str) -> StoredDocument:
        """A document as its server keeps it. Raises UnknownDocumentError."""
        found = self._parts.first(lambda view: view.document(doc_id))
        if found is None:
            raise UnknownDocumentError(f"no document has the id {doc_id}; policyqa outline lists those in the store")
        return found

    def searchable(self, doc_id: str) -> int:
        """How many passages of a document a search can find. Raises UnknownDocumentError."""
        found = self._parts.first(lambda view: view.searchable(doc_id) if view.document(doc_id) else None)
        if found is None:
            raise UnknownDocumentError(f"no document has the id {doc_id}; policyqa outline lists those in the store")
        return found

    def demand_all(self) -> None:
        """Raises EngineUnreachableError where a server did not answer when last asked."""
        self._parts.demand_all()

    def close(self) -> None:
        """Lets go of every connection."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _standing(self) -> Mapping[str, Standing]:
        return self._standings.of(self.generation)

    def _of_file(self, name: str, work: Callable[[View], T | None]) -> T:
        found = self._parts.of(name).ask(lambda shard: shard.read(work))
        if found is None:
            raise UnknownDocumentError(f"no file named {name} is in the store; policyqa outline lists what is")
        return found

    def _unlinked(self, doc_id: str) -> PolicyDocument:
        found = self.stored(doc_id)
        clauses = tuple(codec.load(Clause, record) for record in found.clauses)
        return dataclasses.replace(codec.load(PolicyDocument, found.record), clauses=clauses)

    def _clause(self, clause_id: str) -> tuple[str, str]:
        found = self._parts.first(lambda view: view.clause(clause_id))
        if found is None:
            raise UnknownDocumentError(f"no clause has the id {clause_id}; policyqa outline lists those in the store")
        return found
