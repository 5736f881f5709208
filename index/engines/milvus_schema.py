"""The collections of a part of a store in Milvus, and what their rows hold.

Milvus has no transactions, so a file's rows carry an edition, a number of their own that is never used again, and count
only while the file's own row names that edition. See `index.engines.milvus`.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Any

from index.engines.bm25 import K1, B
from index.engines.milvus_client import TEXT_BYTES, Milvus, Row

RECORDS = "policyqa_records"
CLAUSES = "policyqa_clauses"
PASSAGES = "policyqa_passages"
ANALYSER: Row = {"tokenizer": "jieba"}
LINKS = 32
EF_SEARCH = 256
BLANK = [0.0, 0.0]
"""Every collection must have a vector; those that are never searched by one have this."""
_PART_CHARS = 60_000


def create(milvus: Milvus, dim: int) -> None:
    """Makes the collections. Raises StoreError where that isn't allowed."""
    text = {"type": "VARCHAR", "max_length": TEXT_BYTES}
    key = {"name": "id", "type": "VARCHAR", "is_primary": True, "max_length": 96}
    blank = {"name": "blank", "type": "FLOAT_VECTOR", "dim": len(BLANK)}
    by_blank = {"field_name": "blank", "index_type": "FLAT", "metric_type": "L2", "params": {}}
    milvus.create(
        RECORDS,
        [
            key,
            {"name": "kind", "type": "VARCHAR", "max_length": 16},
            {"name": "edition", "type": "INT64"},
            {"name": "part", "type": "INT64"},
            {"name": "at", "type": "INT64"},
            {"name": "payload", **text},
            blank,
        ],
        [by_blank, *_inverted("kind", "edition", "at")],
        None,
    )
    milvus.create(
        CLAUSES,
        [
            key,
            {"name": "edition", "type": "INT64"},
            {"name": "clause_id", "type": "VARCHAR", "max_length": 512},
            {"name": "article", "type": "VARCHAR", "max_length": 512},
            {"name": "position", "type": "INT64"},
            {"name": "part", "type": "INT64"},
            {"name": "payload", **text},
            blank,
        ],
        [by_blank, *_inverted("edition", "clause_id")],
        None,
    )
    milvus.create(
        PASSAGES,
        [
            key,
            {"name": "edition", "type": "INT64"},
            {"name": "position", "type": "INT64"},
            {"name": "clause_id", "type": "VARCHAR", "max_length": 512},
            {"name": "doc_id", "type": "VARCHAR", "max_length": 512},
            {"name": "start", "type": "INT64"},
            {"name": "stop", "type": "INT64"},
            {"name": "kind", "type": "VARCHAR", "max_length": 64},
            {"name": "status", "type": "VARCHAR", "max_length": 64},
            {"name": "region", "type": "VARCHAR", "max_length": 1024},
            {"name": "issuers", "type": "ARRAY", "element": "VARCHAR", "max_capacity": 1024, "max_length": 1024},
            {"name": "number_key", "type": "VARCHAR", "max_length": 1024},
            {"name": "starts_on", "type": "VARCHAR", "max_length": 16},
            {"name": "ends_on", "type": "VARCHAR", "max_length": 16},
            {"name": "text", **text},
            {"name": "sparse", "type": "SPARSE_FLOAT_VECTOR"},
            {"name": "dense", "type": "FLOAT_VECTOR", "dim": dim},
        ],
        [
            {
                "field_name": "dense",
                "index_type": "HNSW",
                "metric_type": "COSINE",
                "params": {"M": LINKS, "efConstruction": 200},
            },
            {
                "field_name": "sparse",
                "index_type": "SPARSE_INVERTED_INDEX",
                "metric_type": "BM25",
                "params": {"bm25_k1": K1, "bm25_b": B},
            },
            *_inverted("edition", "doc_id", "kind", "status", "region", "number_key", "starts_on", "ends_on"),
        ],
        ANALYSER,
    )


def _inverted(*fields: str) -> list[Row]:
    return [{"field_name": field, "index_type": "INVERTED"} for field in fields]


def packed(value: bytes | str) -> Iterator[tuple[int, str]]:
    """(part, text) of something long, compressed and cut into what fits a field."""
    raw = value.encode() if isinstance(value, str) else value
    text = base64.b85encode(zlib.compress(raw)).decode()
    for part, start in enumerate(range(0, max(1, len(text)), _PART_CHARS)):
        yield part, text[start : start + _PART_CHARS]


def unpacked(rows: list[Row]) -> bytes:
    """What `packed` cut up, from rows with ``part`` and ``payload``."""
    text = "".join(row["payload"] for row in sorted(rows, key=lambda row: row["part"]))
    return zlib.decompress(base64.b85decode(text))


def record(name: str, kind: str, payload: str, *, edition: int = 0, part: int = 0, at: int = 0) -> Row:
    """A row of the records."""
    return {
        "id": name,
        "kind": kind,
        "edition": edition,
        "part": part,
        "at": at,
        "payload": payload,
        "blank": BLANK,
    }


def literal(value: Any) -> str:
    """A value as Milvus's conditions spell it."""
    return json.dumps(value, ensure_ascii=False)
