"""An uploaded file → documents in the store: its name made harmless, its text read apart from the service."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any, Final

from index.build import FileReport, Outcome
from ingest.bilingual import both, sides
from ingest.errors import ReadError
from ingest.model import ParsedFile
from ingest.pipeline import parse_source
from ingest.readers.sandbox import read_bytes_in_worker
from ui.access.current import require
from ui.access.model import Role
from ui.text import LANGUAGES, Language
from ui.workspace import Workspace

_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f/\\:\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MOST_NAME_BYTES: Final = 200


def safe_name(given: str) -> str:
    """The last part of an uploaded file's name, without anything that could lead elsewhere or mislead a reader.

    Raises ReadError where nothing is left.
    """
    last = re.split(r"[/\\]", given)[-1]
    name = _FORBIDDEN.sub("", unicodedata.normalize("NFC", last)).strip().lstrip(".")
    stem, dot, suffix = name.rpartition(".")
    while len(name.encode()) > _MOST_NAME_BYTES and stem:
        stem = stem[:-1]
        name = f"{stem}{dot}{suffix}"
    if not name or len(name.encode()) > _MOST_NAME_BYTES:
        raise ReadError(
            given[:80] or "file",
            both("文件名不能用", "its name can't be used"),
            both("请改成“办法.docx”这样的名字", "Give it a name such as 办法.docx"),
        )
    return name


def ingest_upload(workspace: Workspace, given_name: str, data: bytes) -> FileReport:
    """Reads one uploaded file into the store, in place of what its name held; an unchanged file is left alone.

    Raises ReadError where the file can't be read and StoreError where it can't be kept; the store is then as before.
    """
    name = safe_name(given_name)
    held = {file.name: file for file in workspace.store.files()}.get(name)
    if held is not None and held.content_hash == hashlib.sha256(data).hexdigest():
        clauses = sum(len(workspace.store.document(doc_id).clauses) for doc_id in held.doc_ids)
        return FileReport(name, "unchanged", len(held.doc_ids), clauses, held.warnings)
    return put(workspace, name, data)


def read_again(workspace: Workspace, name: str) -> FileReport:
    """Reads a kept file anew, as after an upgrade. Raises UnknownDocumentError, ReadError or StoreError."""
    return put(workspace, name, workspace.store.original(name))


def put(workspace: Workspace, name: str, data: bytes) -> FileReport:
    """Reads ``data`` and puts it into the store under ``name``."""
    with workspace.audit.doing("upload", name):
        require(Role.EDITOR)  # before the reading, which costs most
        parsed = _parse(workspace, name, data)
        with workspace.writing() as store:
            change = store.ingest(parsed, data)
    warnings = (*parsed.warnings, *(warning for document in parsed.documents for warning in document.warnings))
    outcome: Outcome = "replaced" if change.replaced else "added"
    return FileReport(change.name, outcome, len(change.added), change.clauses, warnings)


def _parse(workspace: Workspace, name: str, data: bytes) -> ParsedFile:
    """The file read in a process of its own, with bounds on its time and memory, then split into documents here."""
    return parse_source(read_bytes_in_worker(name, data, seconds=workspace.settings.parse_timeout_s))


def report_json(report: FileReport, language: Language | None = None) -> dict[str, Any]:
    """One file of an ingest report, as the command line prints it; its messages in one language or in both."""

    def told(text: str) -> str:
        return text if language is None else sides(text)[LANGUAGES.index(language)]

    return {
        "file": report.name,
        "outcome": report.outcome,
        "documents": report.documents,
        "clauses": report.clauses,
        "warnings": [told(warning) for warning in report.warnings],
        "error": report.error and told(report.error.removeprefix(f"{report.name}: ") if language else report.error),
    }
