"""Files and folders → a store: unchanged files skipped, changed ones replaced, and a report of what each one gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from index.protocol import PolicyStore
from index.types import StoredFile
from index.walk import find_files
from index.workers import Finished, Task, run

Outcome = Literal["added", "replaced", "unchanged", "skipped", "failed"]

_BATCH_PASSAGES = 8_192
"""Passages in one commit: 4 MB of vectors, some 20 MB altogether, and at most this much to do again after a crash."""


class Progress(Protocol):
    """Called with how many files are done, how many there are, and the one in hand."""

    def __call__(self, done: int, total: int | None, label: str) -> None:
        """Show that ``done`` of ``total`` are finished and ``label`` is in hand."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file. ``error`` says why where the outcome is ``failed``."""

    name: str
    outcome: Outcome
    documents: int = 0
    clauses: int = 0
    warnings: tuple[str, ...] = ()
    error: str | None = None

    @property
    def summary(self) -> str:
        """One line for people."""
        if self.outcome == "failed":
            return f"未读入 / not read: {self.error}"
        if self.outcome == "skipped":
            return "说明文件,未读入 / about the folder, left out; name it by itself to read it"
        found = f"{self.documents} 份文件 / documents, {self.clauses} 条 / clauses"
        words = {"added": "新增 / added", "replaced": "已替换 / replaced", "unchanged": "未变 / unchanged"}
        return f"{words[self.outcome]}: {found}"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of every file, in the order in which they were taken up."""

    files: tuple[FileReport, ...]

    def count(self, outcome: Outcome) -> int:
        """Files with that outcome."""
        return sum(file.outcome == outcome for file in self.files)

    @property
    def nothing_read(self) -> bool:
        """Whether no file at all could be read."""
        return self.count("failed") + self.count("skipped") == len(self.files)

    @property
    def summary(self) -> str:
        """One line for people."""
        documents = sum(file.documents for file in self.files)
        clauses = sum(file.clauses for file in self.files)
        outcomes: tuple[tuple[Outcome, str], ...] = (
            ("added", "新增 added"),
            ("replaced", "替换 replaced"),
            ("unchanged", "未变 unchanged"),
            ("skipped", "略过 skipped"),
            ("failed", "失败 failed"),
        )
        counts = ", ".join(f"{words} {self.count(outcome)}" for outcome, words in outcomes if self.count(outcome))
        return f"{counts or '没有文件 / no files'} · {documents} 份文件 / documents, {clauses} 条 / clauses"

    def to_json(self) -> dict[str, Any]:
        """The report as ``policyqa ingest --json`` prints it."""
        return {
            "files": [
                {
                    "file": file.name,
                    "outcome": file.outcome,
                    "documents": file.documents,
                    "clauses": file.clauses,
                    "warnings": list(file.warnings),
                    "error": file.error,
                }
                for file in self.files
            ],
            "documents": sum(file.documents for file in self.files),
            "clauses": sum(file.clauses for file in self.files),
            "failed": self.count("failed"),
        }


def ingest_paths(
    store: PolicyStore, paths: Sequence[Path], progress: Progress | None = None, *, processes: int | None = None
) -> IngestReport:
    """Reads files, and folders with everything below them, into the store.

    Files are parsed and encoded in worker processes where there is enough to do, and committed batch by batch: what was
    interrupted goes on where it stopped when it is started again. A file in a folder is known by its path from there, a
    single file by its name. Raises ReadError where a path does not exist or the only file that was named can't be read;
    any other unreadable file is in the report as failed, and the others are done.
    """
    found = find_files(paths)
    known = {file.name: file for file in store.files()}
    tasks = [
        Task(file, known[file.name].content_hash if file.name in known else None) for file in found if not file.aside
    ]
    reports = [FileReport(file.name, "skipped") for file in found if file.aside]
    batch: list[Finished] = []
    for done, outcome in enumerate(run(tasks, store.encoder, processes=processes)):
        name = outcome.task.file.name
        if progress is not None:
            progress(done, len(tasks), name)
        if outcome.error is not None:
            if len(paths) == 1 and paths[0] == outcome.task.file.path:
                raise outcome.error
            reports.append(FileReport(name, "failed", error=str(outcome.error)))
        elif outcome.ready is None:
            reports.append(_unchanged(store, known[name]))
        else:
            batch.append(outcome)
            if sum(len(held.ready.passages) for held in batch if held.ready) >= _BATCH_PASSAGES:
                reports.extend(_commit(store, batch))
                batch = []
    reports.extend(_commit(store, batch))
    if progress is not None:
        progress(len(tasks), len(tasks), "")
    order = {file.name: position for position, file in enumerate(found)}
    return IngestReport(tuple(sorted(reports, key=lambda report: order[report.name])))


def _commit(store: PolicyStore, batch: Sequence[Finished]) -> Iterator[FileReport]:
    if not batch:
        return
    changes = store.put([outcome.ready for outcome in batch if outcome.ready is not None])
    for change, outcome in zip(changes, batch, strict=True):
        result: Outcome = "replaced" if change.replaced else "added"
        yield FileReport(change.name, result, len(change.added), change.clauses, outcome.warnings)


def _unchanged(store: PolicyStore, file: StoredFile) -> FileReport:
    return FileReport(file.name, "unchanged", len(file.doc_ids), file.clauses, file.warnings)
