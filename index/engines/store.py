"""A store on one or more database servers, with the methods of the store in a folder."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from index import codec
from index.engines.founding import check_encoder, opened
from index.engines.holdings import Holdings
from index.engines.linking import Links
from index.engines.searching import CANDIDATES_PER_HIT, LEAST_CANDIDATES, Ranked, rank
from index.engines.shard import Facts, Shard, Sought
from index.engines.standing import as_it_stands
from index.engines.statistics import Statistics
from index.errors import StoreError, UnknownDocumentError
from index.filters import Standing
from index.fusion import same_language
from index.prepare import ReadyFile, prepare
from index.tokens import query_terms
from index.types import Feedback, FileChange, Filters, Hit, SearchResult
from ingest.model import Clause, ParsedFile

if TYPE_CHECKING:
    from index.encoder import Encoder

T = TypeVar("T")


class EngineStore(Holdings):
    """An open store. A file lies on one server, whole, chosen by the hash of its name; searching asks all of them.

    Where a server does not answer, reading gives what the others hold and `unreachable` says so; what may be on the
    missing one raises EngineUnreachableError, and so does every change: whether an id is taken can't be known then.
    """

    def __init__(self, shards: Sequence[Shard], facts: Facts, encoder: Encoder | None) -> None:
        super().__init__(shards, facts)
        self._encoder = encoder
        self._statistics = Statistics(self._parts)

    @classmethod
    def open(cls, shards: Sequence[Shard], encoder: Encoder | None = None, *, create: bool = False) -> EngineStore:
        """The store on those servers, in whichever order they are named.

        Raises EngineUnreachableError where none answers, StoreError where there is no store (unless ``create``) or they
        aren't the parts of one, and EncoderMismatchError where its vectors are of another encoder.
        """
        try:
            ordered, facts = opened(shards, encoder, create=create)
        except StoreError:
            for shard in shards:
                shard.close()
            raise
        return cls(ordered, facts, encoder)

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds, loaded when first needed."""
        if self._encoder is None:
            from index.encoder import load_encoder

            encoder = load_encoder(self._facts.encoder)
            check_encoder(self.place, self._facts, encoder)
            self._encoder = encoder
        return self._encoder

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

    @contextmanager
    def moment(self) -> Iterator[Self]:
        """The store itself: servers have no moment in common, and each reading gives the latest."""
        yield self

    def assure(self) -> None:
        """Nothing: servers look after their own files."""

    def record_feedback(self, feedback: Feedback) -> None:
        """Keeps what a reader thought of a reply, on the server of its question."""
        self._parts.of(feedback.question).ask(lambda shard: shard.record_feedback(codec.dump(feedback)))

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
