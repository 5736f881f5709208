"""Files and folders → a store: unchanged files skipped, changed ones replaced, and a report of what each one gave."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from index.prepare import content_hash
from index.store import Store
from ingest.errors import ReadError
from ingest.model import ParsedFile
from ingest.pipeline import parse_bytes

Outcome = Literal["added", "replaced", "unchanged", "failed"]

_BATCH_BYTES = 4_000_000
_BATCH_FILES = 64


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
        return self.count("failed") == len(self.files)

    @property
    def summary(self) -> str:
        """One line for people."""
        documents = sum(file.documents for file in self.files)
        clauses = sum(file.clauses for file in self.files)
        outcomes: tuple[tuple[Outcome, str], ...] = (
            ("added", "新增 added"),
            ("replaced", "替换 replaced"),
            ("unchanged", "未变 unchanged"),
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


def ingest_paths(store: Store, paths: Sequence[Path], progress: Progress | None = None) -> IngestReport:
    """Reads files, and folders with everything below them, into the store; each batch is a commit of its own.

    A file in a folder is known by its path from there, a single file by its name. Raises ReadError where a path does
    not exist or the only file that was named can't be read; any other unreadable file is in the report as failed, and
    the others are done.
    """
    found = list(_walk(paths))
    known = {file.name: file for file in store.files()}
    reports: list[FileReport] = []
    batch: list[tuple[ParsedFile, bytes]] = []
    size = 0
    for done, (name, path) in enumerate(found):
        if progress is not None:
            progress(done, len(found), name)
        try:
            raw = _read(name, path)
            before = known.get(name)
            if before is not None and before.content_hash == content_hash(raw):
                reports.append(_unchanged(store, name, before.doc_ids, before.warnings))
                continue
            batch.append((parse_bytes(name, raw), raw))
        except ReadError as error:
            if len(paths) == 1 and paths[0] == path:
                raise
            reports.append(FileReport(name, "failed", error=str(error)))
            continue
        size += len(raw)
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
            reports.extend(_commit(store, batch))
            batch, size = [], 0
    reports.extend(_commit(store, batch))
    if progress is not None:
        progress(len(found), len(found), "")
    order = {name: position for position, (name, _) in enumerate(found)}
    return IngestReport(tuple(sorted(reports, key=lambda report: order[report.name])))


def _commit(store: Store, batch: Sequence[tuple[ParsedFile, bytes]]) -> Iterator[FileReport]:
    if not batch:
        return
    for change, (file, _) in zip(store.ingest_many(batch), batch, strict=True):
        warnings = (*file.warnings, *(warning for document in file.documents for warning in document.warnings))
        outcome: Outcome = "replaced" if change.replaced else "added"
        yield FileReport(change.name, outcome, len(change.added), change.clauses, warnings)


def _unchanged(store: Store, name: str, doc_ids: Sequence[str], warnings: tuple[str, ...]) -> FileReport:
    clauses = sum(len(store.document(doc_id).clauses) for doc_id in doc_ids)
    return FileReport(name, "unchanged", len(doc_ids), clauses, warnings)


def _walk(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """(name in the store, path) of every file, folders in order. Raises ReadError where there is nothing."""
    taken: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            pairs: Iterable[tuple[str, Path]] = _walk_folder(path)
        elif path.exists():
            pairs = [(path.name, path)]
        else:
            raise ReadError(str(path), "there is no such file or folder", "Check the path")
        for name, file in pairs:
            if name in taken and taken[name].resolve() != file.resolve():
                raise ReadError(
                    str(file), f"{taken[name]} has the same name {name}", "Give one of the two another name"
                )
            if name not in taken:
                taken[name] = file
                yield name, file


def _walk_folder(folder: Path) -> Iterator[tuple[str, Path]]:
    root = folder.resolve()
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith((".", "~$")) and path.resolve().is_relative_to(root):
                yield path.relative_to(folder).as_posix(), path


def _read(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadError(name, f"it can't be opened ({error.strerror})", "Check its permissions") from error
