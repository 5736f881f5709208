"""Reading a part of a store in Milvus: rows of editions that count, found by its vectors and its full text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from index.engines.bm25 import sample_bound
from index.engines.milvus_catalogue import Catalogue, FileRow
from index.engines.milvus_client import Milvus, Row
from index.engines.milvus_filters import condition, passes
from index.engines.milvus_schema import CLAUSES, EF_SEARCH, PASSAGES, RECORDS, literal, unpacked
from index.engines.shard import Candidate, Found, Listed, Named, Sought, StoredDocument, Tie, Totals
from index.filters import Restriction, Standing, restriction, with_standings
from index.tokens import terms
from index.types import Filters, StoredFile

_FIELDS = ("id", "edition", "position", "clause_id", "doc_id", "start", "stop", "text", "dense")
_IDS_A_CALL = 200
_MOST_ROUNDS = 6


class MilvusView:
    """One state of a server, as its catalogue has it."""

    def __init__(self, milvus: Milvus, catalogue: Catalogue) -> None:
        self._milvus = milvus
        self._catalogue = catalogue

    def totals(self) -> Totals:
        """How much there is; Milvus tells no sizes."""
        files = self._catalogue.files.values()
        return Totals(
            files=len(files),
            documents=len(self._catalogue.documents),
            clauses=sum(file.clauses for file in files),
            passages=sum(file.passages for file in files),
            terms=sum(file.terms for file in files),
            disk_bytes=0,
        )

    def ties(self) -> list[Tie]:
        """The documents that end others or are one of several editions."""
        return [_tie(d) for d in self._catalogue.documents.values() if d["endings"] or d["edition_key"] is not None]

    def bearers(self, names: Sequence[str]) -> list[Tie]:
        """The documents that have one of those names."""
        wanted = set(names)
        ties = map(_tie, self._catalogue.documents.values())
        return [tie for tie in ties if not wanted.isdisjoint(tie.names)]

    def records(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """The records of those documents by id."""
        known = self._catalogue.by_id
        return {doc_id: self._catalogue.documents[known[doc_id]]["record"] for doc_id in doc_ids if doc_id in known}

    def documents(self, filters: Filters, standings: Mapping[str, Standing]) -> list[Listed]:
        """The documents that pass."""
        wanted = self._restriction(filters, standings)
        return [
            Listed((document["came"], document["position"]), document["record"])
            for document in self._catalogue.documents.values()
            if wanted is None or passes(wanted, document)
        ]

    def document(self, doc_id: str) -> StoredDocument | None:
        """A document with its clauses."""
        edition = self._catalogue.by_id.get(doc_id)
        if edition is None:
            return None
        document = self._catalogue.documents[edition]
        records = self._clauses(f"edition == {edition}")
        return StoredDocument(
            document["record"],
            tuple(record for _, record in sorted(records.values())),
            document["clauses_crc"],
            document["passages"],
        )

    def searchable(self, doc_id: str) -> int:
        """How many passages of a document a search can find."""
        return self._milvus.count(PASSAGES, f"edition == {self._catalogue.by_id[doc_id]}")

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, str]:
        """The records of those clauses by id."""
        records: dict[str, str] = {}
        for start in range(0, len(clause_ids), _IDS_A_CALL):
            found = self._clauses(f"clause_id in {literal(list(clause_ids[start : start + _IDS_A_CALL]))}")
            records.update((clause_id, record) for (_, clause_id), (_, record) in found.items())
        return records

    def clause(self, clause_id: str) -> tuple[str, str] | None:
        """The records of a clause and of its document."""
        for (edition, _), (_, record) in self._clauses(f"clause_id == {literal(clause_id)}").items():
            return record, self._catalogue.documents[edition]["record"]
        return None

    def files(self) -> list[StoredFile]:
        """The files."""
        warnings = self._infos()
        return [
            StoredFile(
                name=file.name,
                content_hash=file.content_hash,
                size_bytes=file.size_bytes,
                doc_ids=tuple(self._catalogue.documents[edition]["doc_id"] for edition in file.editions),
                ingested_at=datetime.fromisoformat(file.ingested_at),
                warnings=tuple(warnings.get(file.edition, ())),
                clauses=file.clauses,
            )
            for file in self._catalogue.files.values()
        ]

    def source(self, name: str) -> bytes | None:
        """The compressed text of a file."""
        return self._blob(name, "source")

    def original(self, name: str) -> bytes | None:
        """The compressed bytes of a file."""
        return self._blob(name, "original")

    def named(self, key: str) -> list[Named]:
        """The documents of that title or alias."""
        found = ((e, self._catalogue.documents[e]) for e in self._catalogue.by_name.get(key, ()))
        return [
            Named(
                document["doc_id"],
                document["status"],
                document["title_key"] == key,
                document["starts_on"],
                (document["came"], document["position"]),
            )
            for _, document in found
        ]

    def articles(self, doc_id: str) -> list[tuple[str, str]]:
        """(label, clause id) of a document's articles in reading order."""
        edition = self._catalogue.by_id.get(doc_id)
        if edition is None:
            return []
        rows = self._milvus.rows(
            CLAUSES, f'edition == {edition} and part == 0 and article != ""', ["position", "article", "clause_id"]
        )
        return [(row["article"], row["clause_id"]) for row in sorted(rows, key=lambda row: row["position"])]

    def owners(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """Which file each of those documents is in."""
        known = self._catalogue.by_id
        return {doc_id: self._catalogue.documents[known[doc_id]]["file"] for doc_id in doc_ids if doc_id in known}

    def sampled(self, share: float) -> dict[int, int]:
        """Key → edition of a fixed share of the files."""
        bound = sample_bound(share)
        return {key: file.edition for key, file in self._catalogue.files.items() if key < bound}

    def word_counts(self, keys: Sequence[int]) -> dict[int, bytes]:
        """For files by key: in how many passages each term stands."""
        editions = {self._catalogue.files[key].edition: key for key in keys}
        return {editions[edition]: unpacked(rows) for edition, rows in self._blobs("words", editions).items()}

    def feedback(self) -> list[tuple[str, str]]:
        """Everything readers said."""
        parts: dict[tuple[int, str], list[Row]] = {}
        for row in self._milvus.rows(RECORDS, 'kind == "feedback"', ["id", "at", "part", "payload"]):
            parts.setdefault((row["at"], row["id"].rpartition(".")[0]), []).append(row)
        return [(f"{at:020d}", unpacked(rows).decode()) for (at, _), rows in parts.items()]

    def find(self, sought: Sought) -> Found:
        """The nearest and the best worded passages among the documents that pass."""
        wanted = self._restriction(sought.filters, sought.standings)
        where = condition(wanted)
        near = {"metric_type": "COSINE", "params": {"ef": max(EF_SEARCH, sought.count)}}
        rows = self._searched("dense", sought.vector, sought.count, where, near)
        meant = {row["id"] for row in rows}
        if sought.weights:
            worded = self._searched("sparse", sought.query, 2 * sought.count, where, {"metric_type": "BM25"})
            rows = [*rows, *(row for row in worded if row["id"] not in meant)]
        documents = self._catalogue.documents
        candidates = tuple(
            Candidate(
                passage=row["id"],
                order=(documents[row["edition"]]["came"], row["id"]),
                clause_id=row["clause_id"],
                doc_id=row["doc_id"],
                start=row["start"],
                stop=row["stop"],
                terms=" ".join(terms(row["text"])),
                cosine=float(np.asarray(row["dense"], dtype=np.float32) @ sought.vector),
                by_meaning=row["id"] in meant,
            )
            for row in rows
        )
        clauses = self.clauses(list({candidate.clause_id for candidate in candidates}))
        return Found(candidates, clauses, {row["doc_id"]: documents[row["edition"]]["record"] for row in rows})

    def _searched(self, field: str, what: Any, count: int, where: str, how: Row) -> list[Row]:
        """The ``count`` best rows that count; asks again, leaving out editions that turned up and don't.

        Those are files that a writer is about to make count or to delete, so there are few.
        """
        dead: set[int] = set()
        rows: list[Row] = []
        for _ in range(_MOST_ROUNDS):
            without = f"edition not in {literal(sorted(dead))}" if dead else ""
            both = " and ".join(one for one in (where, without) if one)
            found = self._milvus.search(PASSAGES, field, what, count, both, _FIELDS, how)
            rows = [row for row in found if row["edition"] in self._catalogue.documents]
            dead.update(row["edition"] for row in found if row["edition"] not in self._catalogue.documents)
            if len(found) < count or len(rows) == len(found):
                break
        return rows

    def _clauses(self, where: str) -> dict[tuple[int, str], tuple[int, str]]:
        """(edition, clause id) → (position, record) of the clauses that meet the condition and count."""
        parts: dict[tuple[int, str], list[Row]] = {}
        for row in self._milvus.rows(CLAUSES, where, ["edition", "clause_id", "position", "part", "payload"]):
            if row["edition"] in self._catalogue.documents:
                parts.setdefault((row["edition"], row["clause_id"]), []).append(row)
        return {key: (rows[0]["position"], unpacked(rows).decode()) for key, rows in parts.items()}

    def _file(self, name: str) -> FileRow | None:
        return next((file for file in self._catalogue.files.values() if file.name == name), None)

    def _blob(self, name: str, kind: str) -> bytes | None:
        file = self._file(name)
        return None if file is None else unpacked(self._blobs(kind, [file.edition])[file.edition])

    def _blobs(self, kind: str, editions: Iterable[int]) -> dict[int, list[Row]]:
        parts: dict[int, list[Row]] = {}
        wanted = list(editions)
        for start in range(0, len(wanted), _IDS_A_CALL):
            some = literal(wanted[start : start + _IDS_A_CALL])
            for row in self._milvus.rows(
                RECORDS, f'kind == "{kind}" and edition in {some}', ["edition", "part", "payload"]
            ):
                parts.setdefault(row["edition"], []).append(row)
        return parts

    def _infos(self) -> dict[int, list[str]]:
        found = self._blobs("warnings", [file.edition for file in self._catalogue.files.values()])
        return {edition: json.loads(unpacked(rows)) for edition, rows in found.items()}

    def _restriction(self, filters: Filters, standings: Mapping[str, Standing]) -> Restriction | None:
        distinct = self._catalogue.distinct
        wanted = restriction(filters, lambda: distinct("region"), lambda: distinct("issuers"))
        return with_standings(wanted, standings)


def _tie(document: dict[str, Any]) -> Tie:
    number = document["number_key"]
    return Tie(
        doc_id=document["doc_id"],
        title_key=document["title_key"],
        names=(document["title_key"], *([number] if number else []), *document["alias_keys"]),
        kind=document["kind"],
        region=document["region"],
        day=document["starts_on"],
        edition_key=document["edition_key"],
        endings=tuple((target, status, on) for target, status, on in document["endings"]),
    )
