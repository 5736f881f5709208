"""Whether a store on servers holds what was put into it: bytes, clauses and passages, file by file."""

from __future__ import annotations

from pathlib import Path

from index.engines.store import EngineStore
from index.prepare import checksum, content_hash
from index.verify import Damage


def damages(store: EngineStore) -> list[Damage]:
    """What is missing or changed, one for each file. Raises EngineUnreachableError where a server does not answer."""
    found: list[Damage] = []
    for file in store.files():
        sign = _sign(store, file.name, file.content_hash, file.doc_ids)
        if sign:
            found.append(Damage(Path(file.name), sign, "ingest the file again, or copy it there from a sound store"))
    store.demand_all()
    return found


def _sign(store: EngineStore, name: str, digest: str, doc_ids: tuple[str, ...]) -> str:
    if content_hash(store.original(name)) != digest:
        return "its bytes are not those that were ingested"
    for doc_id in doc_ids:
        stored, searchable = store.stored(doc_id), store.searchable(doc_id)
        if checksum(stored.clauses) != stored.clauses_crc:
            return f"clauses of {doc_id} are missing or changed"
        if searchable != stored.passages:
            return f"{stored.passages} passages of {doc_id} were put in and {searchable} can be found"
    return ""
