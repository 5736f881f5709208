"""A parsed file made ready for the store: everything that costs time, done before the lock is taken, in any process."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from index import codec
from index.passages import passages_of
from index.tokens import normal, terms
from index.vectors import Half
from ingest.model import Kind, ParsedFile, PolicyDocument, Status

if TYPE_CHECKING:
    from index.encoder import Encoder

_YEARS = re.compile(r"[(（]?(?:19|20)\d{2}\s*(?:年度?|版)?(?:\s*[-—–~至到]+\s*(?:19|20)\d{2}\s*年?)?[)）]?")
_EDITED = frozenset({Kind.RULE, Kind.NORMATIVE, Kind.PLAN, Kind.STANDARD, Kind.LIST})
_LEAST_TITLE = 8
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ReadyClause:
    """A clause as the catalogue keeps it: ``record`` is its JSON."""

    clause_id: str
    label: str
    record: str


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """A document as the catalogue keeps it: its JSON without clauses, and what it is found by."""

    doc_id: str
    title: str
    title_key: str
    number_key: str | None
    kind: str
    status: str
    region: str | None
    dates: tuple[str | None, str | None, str | None]
    """Issued, effective and expiry day in ISO form."""
    issuers: tuple[str, ...]
    alias_keys: tuple[str, ...]
    endings: tuple[tuple[str, str, str | None], ...]
    """Key of the other document's name, what became of it, and from which day on."""
    edition_key: str | None
    """What this and other years' editions of one text have in common, None where its title names no year."""
    record: str
    clauses: tuple[ReadyClause, ...]
    clauses_crc: int


@dataclass(frozen=True, slots=True)
class ReadyPassage:
    """A passage: its clause, its span in the source, what both searches read, and the terms of that with spaces."""

    clause_id: str
    start: int
    stop: int
    text: str
    terms: str


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """A file as the store keeps it. ``vectors`` has a row for each passage."""

    name: str
    content_hash: str
    size_bytes: int
    warnings: tuple[str, ...]
    source: bytes
    original: bytes
    documents: tuple[ReadyDocument, ...]
    passages: tuple[ReadyPassage, ...]
    vectors: Half
    ingested_at: str = ""
    """When it was first put in, in ISO form; empty for now."""
    removed: tuple[str, ...] = ()
    """Ids of documents that were found in it and taken out again."""

    @property
    def clauses(self) -> int:
        """Clauses in all of its documents."""
        return sum(len(document.clauses) for document in self.documents)


def prepare(file: ParsedFile, raw: bytes, encoder: Encoder) -> ReadyFile:
    """The file with its passages encoded and its words counted out."""
    passages = passages_of(file)
    vectors = np.empty((0, encoder.dim), dtype=np.float16)
    if passages:
        vectors = encoder.encode([passage.text for passage in passages], "passage").astype(np.float16)
    return ReadyFile(
        name=file.source.name,
        content_hash=content_hash(raw),
        size_bytes=len(raw),
        warnings=file.warnings,
        source=zlib.compress(codec.dump(file.source).encode()),
        original=zlib.compress(raw),
        documents=tuple(_ready(document) for document in file.documents),
        passages=tuple(ReadyPassage(p.clause_id, p.start, p.stop, p.text, " ".join(terms(p.text))) for p in passages),
        vectors=vectors,
    )


def _ready(document: PolicyDocument) -> ReadyDocument:
    clauses = tuple(ReadyClause(clause.clause_id, clause.label, codec.dump(clause)) for clause in document.clauses)
    return ReadyDocument(
        doc_id=document.doc_id,
        title=document.title,
        title_key=title_key(document.title),
        number_key=name_key(document.number) if document.number else None,
        kind=document.kind.value,
        status=document.status.value,
        region=document.region,
        dates=(_iso(document.issued_on), _iso(document.effective_on), _iso(document.expires_on)),
        issuers=document.issuers,
        alias_keys=tuple(dict.fromkeys(title_key(name) for name in document.aliases)),
        endings=tuple((title_key(ending.name), ending.status.value, _iso(ending.on)) for ending in document.endings),
        edition_key=edition_key(document),
        record=codec.dump(dataclasses.replace(document, clauses=())),
        clauses=clauses,
        clauses_crc=checksum(clause.record for clause in clauses),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def content_hash(raw: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def checksum(lines: Iterable[str]) -> int:
    """CRC-32 over lines of a catalogue, as stored beside them."""
    crc = 0
    for line in lines:
        crc = zlib.crc32(line.encode(), crc)
    return crc


def name_key(text: str) -> str:
    """A title, name or number for comparing: normal form without any punctuation, brackets and spaces included."""
    return _NOT_WORD.sub("", normal(text))


def title_key(text: str) -> str:
    """A title for comparing: 《中华人民共和国网络安全法》 and 网络安全法 are one."""
    return name_key(text).removeprefix("中华人民共和国")


def edition_key(document: PolicyDocument) -> str | None:
    """The title without its years, for the kinds of texts that a later edition takes the place of."""
    if document.kind not in _EDITED or document.status is Status.DRAFT:
        return None
    bare = _YEARS.sub("", document.title)
    return title_key(bare) if bare != document.title and len(title_key(bare)) >= _LEAST_TITLE else None


def warnings_line(warnings: tuple[str, ...]) -> str:
    """Warnings as the catalogue keeps them."""
    return json.dumps(list(warnings), ensure_ascii=False)
