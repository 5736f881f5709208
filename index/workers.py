"""Files read, parsed and encoded side by side in worker processes, a bounded number at a time, in their order.

A worker that dies takes down nothing but the file that killed it: the files it held are tried again one by one.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.prepare import ReadyFile, content_hash, prepare
from index.walk import FoundFile
from ingest.errors import ReadError
from ingest.model import ParsedFile
from ingest.pipeline import parse_bytes

if TYPE_CHECKING:
    from index.encoder import Encoder

_CHUNK_FILES = 16
_CHUNK_BYTES = 262_144
_WORTH_BYTES = 2_000_000
"""Below this a store is filled sooner than workers have started (about a second)."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file to make ready, and the hash of what the store holds under its name."""

    file: FoundFile
    known_hash: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a task: ``ready``, or a ``problem`` with advice, or neither where the file is unchanged."""

    task: Task
    ready: ReadyFile | None = None
    warnings: tuple[str, ...] = ()
    problem: str | None = None
    advice: str = ""

    @property
    def error(self) -> ReadError | None:
        """The problem as an error to raise. Errors themselves don't survive the way between processes."""
        return None if self.problem is None else ReadError(self.task.file.name, self.problem, self.advice)


@dataclass(frozen=True, slots=True)
class _Read:
    """What a worker sends back where the encoder stays in the parent process."""

    task: Task
    parsed: ParsedFile
    raw: bytes


def run(tasks: Sequence[Task], encoder: Encoder, *, processes: int | None = None) -> Iterator[Finished]:
    """Each task's outcome, in order. ``processes`` None is one per core where there is enough to do; 1 stays here."""
    if processes is None:
        enough = sum(task.file.size_bytes for task in tasks) >= _WORTH_BYTES and len(tasks) > 1
        processes = (os.cpu_count() or 1) if enough else 1
    if processes == 1:
        for task in tasks:
            yield _finish(_work(task, encoder), encoder)
        return
    with _Pool(processes, encoder) as pool:
        yield from pool.run(tasks)


def _work(task: Task, encoder: Encoder | None) -> Finished | _Read:
    """Reads and parses one file, and makes it ready where there is an encoder."""
    if task.file.refused:
        return Finished(task, problem=task.file.refused, advice="Copy the file itself into the folder")
    try:
        raw = task.file.path.read_bytes()
        if task.known_hash is not None and task.known_hash == content_hash(raw):
            return Finished(task)
        parsed = parse_bytes(task.file.name, raw)
    except OSError as error:
        return Finished(task, problem=f"it can't be opened ({error.strerror})", advice="Check its permissions")
    except ReadError as error:
        return Finished(task, problem=error.problem, advice=error.advice)
    read = _Read(task, parsed, raw)
    return read if encoder is None else _finish(read, encoder)


def _finish(done: Finished | _Read, encoder: Encoder) -> Finished:
    if isinstance(done, Finished):
        return done
    return Finished(done.task, prepare(done.parsed, done.raw, encoder), _warnings(done.parsed))


def _warnings(parsed: ParsedFile) -> tuple[str, ...]:
    return (*parsed.warnings, *(warning for document in parsed.documents for warning in document.warnings))


_encoder: Encoder | None = None


def _start(encoder: Encoder | None) -> None:
    global _encoder  # noqa: PLW0603  a worker process has one
    _encoder = encoder


def _work_chunk(tasks: Sequence[Task]) -> list[Finished | _Read]:
    return [_work(task, _encoder) for task in tasks]


class _Pool:
    """Worker processes; those of a static encoder encode, others leave that to the parent, where the GPU is."""

    def __init__(self, processes: int, encoder: Encoder) -> None:
        from index.encoder_static import StaticEncoder

        self._processes = processes
        self._encoder = encoder
        self._sent = encoder if isinstance(encoder, StaticEncoder) else None
        self._executor = self._fresh()

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    def run(self, tasks: Sequence[Task]) -> Iterator[Finished]:
        """Outcomes in order; about two chunks a process are under way at any time."""
        chunks = deque(_chunks(tasks))
        under_way: deque[tuple[list[Task], Future[list[Finished | _Read]]]] = deque()
        while chunks or under_way:
            try:
                while chunks and len(under_way) < 2 * self._processes:
                    under_way.append((chunks[0], self._executor.submit(_work_chunk, chunks[0])))
                    chunks.popleft()
                done = under_way[0][1].result()
            except BrokenProcessPool:
                chunks.extendleft(reversed([chunk for chunk, _ in under_way]))
                under_way.clear()
                yield from self._one_by_one(chunks.popleft())
                continue
            under_way.popleft()
            for read in done:
                yield _finish(read, self._encoder)

    def _one_by_one(self, chunk: Sequence[Task]) -> Iterator[Finished]:
        """The first chunk that was under way when a worker died: the file that kills a worker again is the culprit."""
        self._executor = self._fresh()
        for task in chunk:
            try:
                (read,) = self._executor.submit(_work_chunk, [task]).result()
            except BrokenProcessPool:
                self._executor = self._fresh()
                problem = "the process that read it died, perhaps for lack of memory"
                yield Finished(task, problem=problem, advice="Split the file or save it anew")
            else:
                yield _finish(read, self._encoder)

    def _fresh(self) -> ProcessPoolExecutor:
        # spawn: the parent may have threads of its own (a server, tantivy), which a fork would freeze
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, context, initializer=_start, initargs=(self._sent,))


def _chunks(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    size = 0
    for task in tasks:
        chunk.append(task)
        size += task.file.size_bytes
        if len(chunk) >= _CHUNK_FILES or size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
