"""The rows in which Milvus keeps a file: its bytes, text and words, its documents, clauses and passages."""

from __future__ import annotations

import dataclasses
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from index.engines.bm25 import file_key, pack
from index.engines.milvus_catalogue import FileRow, edition_of
from index.engines.milvus_client import Row
from index.engines.milvus_schema import BLANK, packed, record
from index.prepare import ReadyDocument, ReadyFile, warnings_line


def file_row(file: ReadyFile, edition: int) -> Row:
    """The row that makes an edition of a file count."""
    return row_of(
        FileRow(
            name=file.name,
            edition=edition,
            live=tuple(range(len(file.documents))),
            content_hash=file.content_hash,
            size_bytes=file.size_bytes,
            ingested_at=datetime.now(UTC).isoformat(timespec="seconds"),
            clauses=file.clauses,
            passages=len(file.passages),
            terms=sum(_length(passage.terms) for passage in file.passages),
        )
    )


def row_of(file: FileRow) -> Row:
    """The row of a file as it stands in the catalogue."""
    payload = json.dumps(dataclasses.asdict(file), ensure_ascii=False)
    return record(f"file:{file_key(file.name)}", "file", payload, at=time.time_ns())


def _length(terms: str) -> int:
    return terms.count(" ") + 1 if terms else 0


def record_rows(file: ReadyFile, edition: int) -> Iterator[Row]:
    """The rows of a file's bytes, text, warnings and words, and of its documents."""
    words = pack(passage.terms for passage in file.passages)
    blobs: dict[str, bytes | str] = {
        "source": file.source,
        "original": file.original,
        "words": words,
        "warnings": warnings_line(file.warnings),
    }
    for kind, blob in blobs.items():
        for part, payload in packed(blob):
            yield record(f"{kind}:{edition}.{part}", kind, payload, edition=edition, part=part)
    came = time.time_ns()
    passages = Counter(passage.clause_id for passage in file.passages)
    lengths: Counter[str] = Counter()
    for passage in file.passages:
        lengths[passage.clause_id] += _length(passage.terms)
    for position, document in enumerate(file.documents):
        own = edition_of(edition, position)
        held = {
            **_found_by(document),
            "title_key": document.title_key,
            "alias_keys": list(document.alias_keys),
            "record": document.record,
            "clauses": len(document.clauses),
            "clauses_crc": document.clauses_crc,
            "edition_key": document.edition_key,
            "endings": document.endings,
            "passages": sum(passages[clause.clause_id] for clause in document.clauses),
            "terms": sum(lengths[clause.clause_id] for clause in document.clauses),
            "file": file.name,
            "came": came,
            "position": position,
        }
        for part, payload in packed(json.dumps(held, ensure_ascii=False)):
            yield record(f"document:{own}.{part}", "document", payload, edition=own, part=part)


def _found_by(document: ReadyDocument) -> Row:
    """What filters look at; absent values are empty."""
    issued, effective, expires = document.dates
    return {
        "doc_id": document.doc_id,
        "kind": document.kind,
        "status": document.status,
        "region": document.region or "",
        "issuers": list(dict.fromkeys(document.issuers)),
        "number_key": document.number_key or "",
        "starts_on": effective or issued or "",
        "ends_on": expires or "",
    }


def clause_rows(file: ReadyFile, edition: int) -> Iterator[Row]:
    """The rows of the clauses of a file, in reading order."""
    for number, document in enumerate(file.documents):
        own = edition_of(edition, number)
        for position, clause in enumerate(document.clauses):
            article = clause.label if clause.label.startswith("第") and "条" in clause.label else ""
            for part, payload in packed(clause.record):
                yield {
                    "id": f"{own}.{position}.{part}",
                    "edition": own,
                    "clause_id": clause.clause_id,
                    "article": article,
                    "position": position,
                    "part": part,
                    "payload": payload,
                    "blank": BLANK,
                }


def passage_rows(file: ReadyFile, edition: int) -> Iterator[Row]:
    """The rows of the passages of a file, with their vectors and what filters look at."""
    owner = {
        clause.clause_id: (edition_of(edition, number), document)
        for number, document in enumerate(file.documents)
        for clause in document.clauses
    }
    for position, (passage, vector) in enumerate(zip(file.passages, file.vectors, strict=True)):
        own, document = owner[passage.clause_id]
        yield {
            "id": f"{own}.{position:06d}",
            "edition": own,
            "position": position,
            "clause_id": passage.clause_id,
            "start": passage.start,
            "stop": passage.stop,
            "text": passage.text,
            "dense": vector.astype("float32"),
            **_found_by(document),
        }
