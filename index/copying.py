"""A store copied into another one: from a folder to servers, back, or to another number of servers."""

from __future__ import annotations

from collections.abc import Callable

from index.errors import StoreError
from index.prepare import ReadyFile, content_hash, prepare
from index.protocol import PolicyStore

_BATCH_PASSAGES = 4_096


def copy(source: PolicyStore, target: PolicyStore, told: Callable[[int, int, str], None] | None = None) -> int:
    """Puts every file of ``source`` into ``target`` as ingest found it, nothing parsed anew; how many were copied.

    Files that ``target`` has unchanged are skipped, so a copy that was interrupted goes on where it stopped. Texts are
    encoded with the encoder of ``target``. What readers said goes along where ``target`` has none of it yet. Raises
    StoreError, also where a file does not hold what was ingested.
    """
    files = source.files()
    if source.unreachable:
        raise StoreError(f"{source.place} can't be copied while a part can't be reached: {source.unreachable[0]}")
    have = {file.name: (file.content_hash, file.doc_ids) for file in target.files()}
    batch: list[ReadyFile] = []
    copied = 0
    for done, file in enumerate(files):
        if told is not None:
            told(done, len(files), file.name)
        if have.get(file.name) == (file.content_hash, file.doc_ids):
            continue
        raw = source.original(file.name)
        if content_hash(raw) != file.content_hash:
            raise StoreError(f"{file.name} in {source.place} is damaged: ingest it there again, then go on copying")
        batch.append(prepare(source.kept(file.name), raw, target.encoder))
        copied += 1
        if sum(len(ready.passages) for ready in batch) >= _BATCH_PASSAGES:
            target.put(batch)
            batch = []
    if batch:
        target.put(batch)
    known = set(map(repr, target.feedback()))
    for feedback in source.feedback():
        if repr(feedback) not in known:
            target.record_feedback(feedback)
    return copied
