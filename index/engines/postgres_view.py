"""Reading a part of a store in PostgreSQL: every query of one view runs in one repeatable-read transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from index.engines.bm25 import sample_bound
from index.engines.postgres_connection import Connection
from index.engines.postgres_search import COMPARED_ROWS, nearest, shown, worded
from index.engines.shard import Found, Listed, Named, Sought, StoredDocument, Tie, Totals
from index.filters import Standing, restriction, sql, with_standings
from index.types import Filters, StoredFile


class PostgresView:
    """One state of a database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def totals(self) -> Totals:
        """How much there is; the size is that of the tables with their indexes."""
        files, passages, terms, clauses = self._one(
            "SELECT count(*), coalesce(sum(passages), 0), coalesce(sum(terms), 0), coalesce(sum(clauses), 0) FROM files"
        )
        (documents,) = self._one("SELECT count(*) FROM documents")
        (size,) = self._one(
            "SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
            " WHERE relnamespace = 'policyqa'::regnamespace AND relkind = 'r'"
        )
        return Totals(files, documents, int(clauses), int(passages), int(terms), int(size))

    def ties(self) -> list[Tie]:
        """The documents that end others or are one of several editions."""
        return self._ties("edition_key IS NOT NULL OR endings != '[]'", [])

    def bearers(self, names: Sequence[str]) -> list[Tie]:
        """The documents that have one of those names."""
        by_alias = "doc_key IN (SELECT doc_key FROM aliases WHERE alias_key = ANY(%s))"
        keys = list(names)
        return self._ties(f"title_key = ANY(%s) OR number_key = ANY(%s) OR {by_alias}", [keys, keys, keys])

    def records(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """The records of those documents by id."""
        return dict(self._all("SELECT doc_id, record FROM documents WHERE doc_id = ANY(%s)", [list(doc_ids)]))

    def _ties(self, condition: str, values: list[Any]) -> list[Tie]:
        rows = self._all(
            "SELECT doc_id, title_key, number_key, ARRAY(SELECT alias_key FROM aliases WHERE aliases.doc_key ="
            " documents.doc_key), kind, coalesce(region, ''), coalesce(effective_on, issued_on, ''), edition_key,"
            f" endings FROM documents WHERE {condition}",
            values,
        )
        return [
            Tie(
                doc_id=doc_id,
                title_key=title,
                names=(title, *([number] if number else []), *aliases),
                kind=kind,
                region=region,
                day=day,
                edition_key=edition,
                endings=tuple((target, status, on) for target, status, on in json.loads(endings)),
            )
            for doc_id, title, number, aliases, kind, region, day, edition, endings in rows
        ]

    def documents(self, filters: Filters, standings: Mapping[str, Standing]) -> list[Listed]:
        """The documents that pass."""
        condition, values = self._condition(filters, standings)
        rows = self._all(f"SELECT doc_key, record FROM documents WHERE {condition}", values)
        return [Listed((key, 0), record) for key, record in rows]

    def document(self, doc_id: str) -> StoredDocument | None:
        """A document with its clauses."""
        found = self._maybe("SELECT doc_key, record, clauses_crc, passages FROM documents WHERE doc_id = %s", [doc_id])
        if found is None:
            return None
        key, record, crc, passages = found
        clauses = self._all("SELECT record FROM clauses WHERE doc_key = %s ORDER BY position", [key])
        return StoredDocument(record, tuple(line for (line,) in clauses), crc, passages)

    def searchable(self, doc_id: str) -> int:
        """How many passages of a document a search can find."""
        (counted,) = self._one(
            "SELECT count(*) FROM passages JOIN words USING (passage_key, doc_key) JOIN documents USING (doc_key)"
            " WHERE doc_id = %s",
            [doc_id],
        )
        return int(counted)

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, str]:
        """The records of those clauses by id."""
        return dict(self._all("SELECT clause_id, record FROM clauses WHERE clause_id = ANY(%s)", [list(clause_ids)]))

    def clause(self, clause_id: str) -> tuple[str, str] | None:
        """The records of a clause and of its document."""
        found = self._maybe(
            "SELECT clauses.record, documents.record FROM clauses JOIN documents USING (doc_key) WHERE clause_id = %s",
            [clause_id],
        )
        return None if found is None else (found[0], found[1])

    def files(self) -> list[StoredFile]:
        """The files."""
        ids: dict[int, list[str]] = {}
        for key, doc_id in self._all("SELECT file_key, doc_id FROM documents ORDER BY doc_key"):
            ids.setdefault(key, []).append(doc_id)
        rows = self._all("SELECT file_key, name, content_hash, size_bytes, ingested_at, warnings, clauses FROM files")
        return [
            StoredFile(
                name=name,
                content_hash=digest,
                size_bytes=size,
                doc_ids=tuple(ids.get(key, ())),
                ingested_at=datetime.fromisoformat(when),
                warnings=tuple(json.loads(warnings)),
                clauses=clauses,
            )
            for key, name, digest, size, when, warnings, clauses in rows
        ]

    def source(self, name: str) -> bytes | None:
        """The compressed text of a file."""
        found = self._maybe("SELECT source FROM files WHERE name = %s", [name])
        return None if found is None else bytes(found[0])

    def original(self, name: str) -> bytes | None:
        """The compressed bytes of a file."""
        found = self._maybe("SELECT original FROM files WHERE name = %s", [name])
        return None if found is None else bytes(found[0])

    def named(self, key: str) -> list[Named]:
        """The documents of that title or alias."""
        rows = self._all(
            "SELECT doc_id, status, title_key = %s, coalesce(effective_on, issued_on, ''), doc_key FROM documents"
            " WHERE title_key = %s OR doc_key IN (SELECT doc_key FROM aliases WHERE alias_key = %s)",
            [key, key, key],
        )
        return [Named(doc_id, status, by_title, day, (doc_key, 0)) for doc_id, status, by_title, day, doc_key in rows]

    def articles(self, doc_id: str) -> list[tuple[str, str]]:
        """(label, clause id) of a document's articles in reading order."""
        rows = self._all(
            "SELECT label, clause_id FROM clauses JOIN documents USING (doc_key) WHERE doc_id = %s"
            " AND label LIKE '第%%条%%' ORDER BY position",
            [doc_id],
        )
        return [(label, clause_id) for label, clause_id in rows]

    def owners(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """Which file each of those documents is in."""
        rows = self._all(
            "SELECT doc_id, name FROM documents JOIN files USING (file_key) WHERE doc_id = ANY(%s)", [list(doc_ids)]
        )
        return dict(rows)

    def sampled(self, share: float) -> dict[int, int]:
        """Key → edition of a fixed share of the files."""
        rows = self._all("SELECT file_key, edition FROM files WHERE file_key < %s", [sample_bound(share)])
        return dict(rows)

    def word_counts(self, keys: Sequence[int]) -> dict[int, bytes]:
        """For files by key: in how many passages each term stands."""
        rows = self._all("SELECT file_key, word_counts FROM files WHERE file_key = ANY(%s)", [list(keys)])
        return {key: bytes(packed) for key, packed in rows}

    def feedback(self) -> list[tuple[str, str]]:
        """Everything readers said."""
        return [(f"{key:020d}", record) for key, record in self._all("SELECT feedback_key, record FROM feedback")]

    def find(self, sought: Sought) -> Found:
        """The nearest and the best worded passages among the documents that pass."""
        among: list[int] | None = None
        narrow = False
        if not sought.filters.empty:
            condition, values = self._condition(sought.filters, sought.standings)
            rows = self._all(f"SELECT doc_key, passages FROM documents WHERE {condition}", values)
            among = [key for key, _ in rows]
            narrow = sum(count for _, count in rows) <= COMPARED_ROWS
            if not among:
                return Found((), {}, {})
        near = nearest(self._connection, sought, among, narrow=narrow)
        return shown(self._connection, sought, near, worded(self._connection, sought, among, narrow=narrow))

    def _condition(self, filters: Filters, standings: Mapping[str, Standing]) -> tuple[str, list[str]]:
        wanted = restriction(
            filters,
            lambda: (name for (name,) in self._all("SELECT DISTINCT region FROM documents WHERE region IS NOT NULL")),
            lambda: (name for (name,) in self._all("SELECT DISTINCT issuer FROM issuers")),
        )
        wanted = with_standings(wanted, standings)
        return ("true", []) if wanted is None else sql(wanted, "%s")

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values or None).fetchall()

    def _maybe(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return self._connection.execute(query, values or None).fetchone()

    def _one(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        found = self._maybe(query, values)
        assert found is not None
        return found
