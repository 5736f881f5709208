"""Which editions count in a part of a store in Milvus, and its documents: read once, then only what has changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from index.engines.milvus_client import Milvus
from index.engines.milvus_schema import RECORDS, literal, unpacked

_OVERLAP_NS = 3_600_000_000_000
"""Rows as old as this beside the newest known are read again: the clocks of two writers may differ by so much."""
_EDITIONS_A_CALL = 200


@dataclass(frozen=True, slots=True)
class FileRow:
    """What a file's row says; ``live`` are the positions in it of the documents that have not been removed since."""

    name: str
    edition: int
    live: tuple[int, ...]
    content_hash: str
    size_bytes: int
    ingested_at: str
    clauses: int
    passages: int
    terms: int

    @property
    def editions(self) -> tuple[int, ...]:
        """The editions of its documents."""
        return tuple(edition_of(self.edition, position) for position in self.live)


def edition_of(file_edition: int, position: int) -> int:
    """The edition of the document at that position of a file."""
    return file_edition + 1 + position


@dataclass(frozen=True)
class Catalogue:
    """Files and documents of one generation."""

    generation: int = -1
    newest: int = 0
    files: dict[int, FileRow] = field(default_factory=dict)
    """By file key."""
    documents: dict[int, dict[str, Any]] = field(default_factory=dict)
    """By edition: what each is found by, and its record."""

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Document id → edition."""
        return {document["doc_id"]: edition for edition, document in self.documents.items()}

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Title or alias, as `title_key` → editions."""
        found: dict[str, list[int]] = {}
        for edition, document in self.documents.items():
            for key in {document["title_key"], *document["alias_keys"]}:
                found.setdefault(key, []).append(edition)
        return found

    def distinct(self, name: str) -> Iterable[str]:
        """The values that documents have in a field, in no order; for ``issuers`` each of them."""
        values = (document[name] for document in self.documents.values())
        return {one for value in values for one in (value if isinstance(value, list) else [value]) if one}


def refreshed(milvus: Milvus, before: Catalogue, generation: int) -> Catalogue:
    """The catalogue of that generation, or of a later one if a writer is quicker, which the caller finds out."""
    files, documents = dict(before.files), dict(before.documents)
    newest = before.newest
    for row in milvus.rows(
        RECORDS, f'kind == "file" and at >= {max(0, before.newest - _OVERLAP_NS)}', ["id", "at", "payload"]
    ):
        newest = max(newest, row["at"])
        key = int(row["id"].removeprefix("file:"))
        known = files.get(key)
        fresh = file_row(row["payload"])
        if known == fresh:
            continue
        for edition in known.editions if known else ():
            if fresh is None or edition not in fresh.editions:
                documents.pop(edition, None)
        if fresh is None:
            files.pop(key, None)
        else:
            files[key] = fresh
    wanted = [e for file in files.values() for e in file.editions if e not in documents]
    for start in range(0, len(wanted), _EDITIONS_A_CALL):
        documents.update(_documents(milvus, wanted[start : start + _EDITIONS_A_CALL]))
    return Catalogue(generation, newest, files, documents)


def file_row(payload: str) -> FileRow | None:
    """The row as `FileRow`; None for that of a file that was removed."""
    if not payload:
        return None
    held = json.loads(payload)
    return FileRow(**{**held, "live": tuple(held["live"])})


def _documents(milvus: Milvus, editions: list[int]) -> dict[int, dict[str, Any]]:
    parts: dict[int, list[dict[str, Any]]] = {}
    for row in milvus.rows(
        RECORDS, f'kind == "document" and edition in {literal(editions)}', ["edition", "part", "payload"]
    ):
        parts.setdefault(row["edition"], []).append(row)
    return {edition: json.loads(unpacked(rows)) for edition, rows in parts.items()}
