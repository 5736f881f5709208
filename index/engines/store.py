"""A store on one or more database servers, with the methods of the store in a folder."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from index import codec
from index.engines.linking import Links
from index.engines.parts import Parts, in_order
from index.engines.searching import CANDIDATES_PER_HIT, LEAST_CANDIDATES, Ranked, rank
from index.engines.shard import FORMAT, Facts, Shard, Sought, StoredDocument, View
from index.engines.standing import Standings, as_it_stands
from index.engines.statistics import Statistics
from index.errors import EncoderMismatchError, StoreError, UnknownDocumentError
from index.filters import Standing
from index.fusion import same_language
from index.prepare import ReadyFile, prepare
from index.tokens import query_terms
from index.types import Feedback, FileChange, Filters, Hit, SearchResult, StoredFile, StoreStats
from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText

if TYPE_CHECKING:
    from index.encoder import Encoder

T = TypeVar("T")


class EngineStore:
    """An open store. A file lies on one server, whole, chosen by the hash of its name; searching asks all of them.

    Where a server does not answer, reading gives what the others hold and `unreachable` says so; what may be on the
    missing one raises EngineUnreachableError, and so does every change: whether an id is taken can't be known then.
    """

    def __init__(self, shards: Sequence[Shard], facts: Facts, encoder: Encoder | None) -> None:
        self._parts = Parts(shards)
        self._facts = facts
        self._encoder = encoder
        self._statistics = Statistics(self._parts)
        self._standings = Standings(self._parts)

    @classmethod
    def open(cls, shards: Sequence[Shard], encoder: Encoder | None = None, *, create: bool = False) -> EngineStore:
        """The store on those servers, in whichever order they are named.

        Raises EngineUnreachableError where none answers, StoreError where there is no store (unless ``create``) or they
        aren't the parts of one, and EncoderMismatchError where its vectors are of another encoder.
        """
        try:
            ordered, facts = _opened(shards, encoder, create=create)
        except StoreError:
            for shard in shards:
                shard.close()
            raise
        return cls(ordered, facts, encoder)

    @property
    def place(self) -> str:
        """The servers' addresses without passwords."""
        return self._parts.addresses

    @property
    def unreachable(self) -> tuple[str, ...]:
        """Addresses of the servers that did not answer when last asked."""
        return self._parts.unreachable

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds, loaded when first needed."""
        if self._encoder is None:
            from index.encoder import bundled_folder, load_encoder

            name = self._facts.encoder
            encoder = load_encoder(None if name == bundled_folder().name else name)
            _check_encoder(self.place, self._facts, encoder)
            self._encoder = encoder
        return self._encoder

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

    def ingest(self, file: ParsedFile, raw: bytes) -> FileChange:
        """Puts a file in, in place of what its name held before, in one commit. Raises StoreError."""
        return self.ingest_many([(file, raw)])[0]

    def ingest_many(self, files: Iterable[tuple[ParsedFile, bytes]]) -> list[FileChange]:
        """Puts several files in, all those of one server in one commit. Raises StoreError."""
        return self.put([prepare(file, raw, self.encoder) for file, raw in files])

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in that were made ready, perhaps in other processes. Raises StoreError.

        All files of one server go in together or not at all; over several servers each has a commit of its own, and
        where a later one fails, what the earlier ones took stays, as whole files.
        """
        names = [file.name for file in files]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise StoreError(f"{twice} is given twice in one go; give each file a name of its own")
        self._check_ids(files)
        changes: dict[str, FileChange] = {}
        for part in self._parts.all:
            own = [file for file in files if self._parts.of(file.name) is part]
            if own:
                changes.update((change.name, change) for change in part.ask(partial(_put, files=own)))
        return [changes[name] for name in names]

    def remove(self, doc_id_or_file: str) -> tuple[str, ...]:
        """Takes out one document, or all of a file; the ids that went. Raises UnknownDocumentError."""
        self._parts.ask(lambda shard: shard.generation())
        self._parts.demand_all()
        for part in self._parts.all:
            gone = part.ask(lambda shard: shard.remove(doc_id_or_file))
            if gone is not None:
                return gone
        raise UnknownDocumentError(
            f"neither a document nor a file {doc_id_or_file} is in the store; policyqa outline lists what is"
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

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> SearchResult:  # noqa: B008  frozen
        """The ``k`` best clauses for a query among the documents that pass the filters, best first."""
        started = time.perf_counter()
        vector = self.encoder.encode([query], "query")[0]
        encoded = time.perf_counter()
        words = query_terms(query)
        standings = self._standing()
        scorer, counts, english = self._statistics.of(words)
        counted = time.perf_counter()
        count = max(LEAST_CANDIDATES, k * CANDIDATES_PER_HIT)
        sought = {
            shard: Sought(
                query, vector, scorer.weights, counted.frequencies, counted.passages, count, filters, standings
            )
            for shard, counted in counts.items()
        }
        found = self._parts.ask(lambda shard: shard.read(lambda view: view.find(sought[shard])))
        asked = time.perf_counter()
        links = Links(self._parts, standings)
        ranked = rank([part for _, part in found], scorer, same_language(query, english), count, k)
        hits = tuple(_hit(number, one, links, standings) for number, one in enumerate(ranked, 1))
        finished = time.perf_counter()
        return SearchResult(
            query,
            hits,
            {
                "encode": (encoded - started) * 1000,
                "count": (counted - encoded) * 1000,
                "engine": (asked - counted) * 1000,
                "fuse": (finished - asked) * 1000,
                "total": (finished - started) * 1000,
            },
            self.unreachable,
        )

    def record_feedback(self, feedback: Feedback) -> None:
        """Keeps what a reader thought of a reply, on the server of its question."""
        self._parts.of(feedback.question).ask(lambda shard: shard.record_feedback(codec.dump(feedback)))

    def feedback(self) -> tuple[Feedback, ...]:
        """Everything readers said, oldest first."""
        found = [line for part in self._parts.read(lambda view: view.feedback()) for line in part]
        return tuple(codec.load(Feedback, record) for _, record in sorted(found))

    def close(self) -> None:
        """Lets go of every connection."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_ids(self, files: Sequence[ReadyFile]) -> None:
        """Raises StoreError where a document's id is taken by a file other than the one that is being put in."""
        wanted = {document.doc_id: (file.name, document.title) for file in files for document in file.documents}
        owners = self._parts.read(lambda view: view.owners(tuple(wanted)))
        self._parts.demand_all()
        for doc_id, owner in (pair for part in owners for pair in part.items()):
            name, title = wanted[doc_id]
            if owner != name:
                raise StoreError(
                    f"{name}: its document 《{title}》 has the id {doc_id}, which a document of {owner} already has; "
                    "remove that file first or rename one of the two"
                )

    def _standing(self) -> Mapping[str, Standing]:
        return self._standings.of(self.generation)

    def _of_file(self, name: str, work: Callable[[View], T | None]) -> T:
        found = self._parts.of(name).ask(lambda shard: shard.read(work))
        if found is None:
            raise UnknownDocumentError(f"no file named {name} is in the store; policyqa outline lists what is")
        return found

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

    def _unlinked(self, doc_id: str) -> PolicyDocument:
        found = self.stored(doc_id)
        clauses = tuple(codec.load(Clause, record) for record in found.clauses)
        return dataclasses.replace(codec.load(PolicyDocument, found.record), clauses=clauses)

    def _clause(self, clause_id: str) -> tuple[str, str]:
        found = self._parts.first(lambda view: view.clause(clause_id))
        if found is None:
            raise UnknownDocumentError(f"no clause has the id {clause_id}; policyqa outline lists those in the store")
        return found


def _hit(number: int, ranked: Ranked, links: Links, standings: Mapping[str, Standing]) -> Hit:
    return Hit(
        rank=number,
        score=ranked.score,
        clause=links.linked(codec.load(Clause, ranked.clause)),
        document=as_it_stands(ranked.document, standings),
        similarity_cosine=ranked.candidate.cosine,
        score_bm25=ranked.bm25,
        passage=(ranked.candidate.start, ranked.candidate.stop),
    )


def _put(shard: Shard, files: Sequence[ReadyFile]) -> list[FileChange]:
    return shard.put(files)


def _opened(shards: Sequence[Shard], encoder: Encoder | None, *, create: bool) -> tuple[list[Shard], Facts]:
    ordered, facts = in_order(shards)
    addresses = ", ".join(shard.address for shard in shards)
    if facts is None:
        if not create:
            raise StoreError(f"{addresses} holds no store: make one with policyqa ingest PATH and the same engine")
        _create(ordered, encoder)
        ordered, facts = in_order(shards)
        assert facts is not None
    if facts.format != FORMAT:
        raise StoreError(
            f"{addresses} holds a store of format {facts.format}, which this PolicyQA (format {FORMAT}) can't "
            "read: upgrade PolicyQA, or make a new store with policyqa ingest"
        )
    if encoder is not None:
        _check_encoder(addresses, facts, encoder)
    return ordered, facts


def _create(shards: Sequence[Shard], encoder: Encoder | None) -> None:
    if encoder is None:
        from index.encoder import load_encoder

        encoder = load_encoder()
    for shard in shards:
        dim = shard.dimension()
        if dim is not None and dim != encoder.dim:
            raise EncoderMismatchError(
                f"{shard.address} already has a table of vectors of {dim} numbers, and {encoder.name} gives "
                f"{encoder.dim}: use an encoder of {dim} numbers with --encoder, or another database; nothing "
                "was changed"
            )
    facts = Facts(secrets.token_hex(8), 0, len(shards), encoder.name, encoder.revision, encoder.dim)
    shards[0].create(facts)
    # Where two processes make one store at the same time, the first to reach the first server names it.
    made = shards[0].facts() or facts
    for part, shard in enumerate(shards[1:], 1):
        shard.create(dataclasses.replace(made, part=part))


def _check_encoder(addresses: str, facts: Facts, encoder: Encoder) -> None:
    if (facts.encoder_revision, facts.dim) != (encoder.revision, encoder.dim):
        raise EncoderMismatchError(
            f"{addresses} was built with the encoder {facts.encoder} (revision {facts.encoder_revision}, {facts.dim} "
            f"numbers) and can't be searched with {encoder.name} (revision {encoder.revision}, {encoder.dim} numbers): "
            f"open it with {facts.encoder}, or ingest into another database with {encoder.name}; nothing was changed"
        )
