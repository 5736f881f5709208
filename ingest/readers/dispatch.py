"""From a file's bytes to its reader: by content first, by extension second."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Final, Protocol

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers.limits import DEFAULT_LIMITS, Budget, Limits
from ingest.readers.sniff import BY_SUFFIX, Format, format_of, suffix_of
from ingest.readers.wording import warning

# Modules by name, because several import a heavy library that a text file does not need.
_READERS: Final[dict[Format, str]] = {
    Format.TEXT: "plain",
    Format.MARKDOWN: "markdown_file",
    Format.HTML: "webpage",
    Format.CSV: "delimited",
    Format.DOCX: "word",
    Format.PDF: "pdf",
    Format.XLSX: "spreadsheet",
    Format.OFD: "ofd",
    Format.IMAGE: "picture",
    Format.LEGACY: "legacy",
}
SUPPORTED_SUFFIXES: Final[tuple[str, ...]] = tuple(s for s, f in BY_SUFFIX.items() if f in _READERS)
"""Extensions, lower case with their dot, that a folder is searched for."""

_ADVISED: Final = (".txt", ".md", ".html", ".pdf", ".docx", ".xlsx", ".csv", ".ofd")
_TEXT_FORMATS: Final = frozenset({Format.TEXT, Format.MARKDOWN, Format.HTML, Format.CSV})


class _Reader(Protocol):
    def read(self, data: bytes, budget: Budget) -> SourceText: ...


def read_bytes(name: str, data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> SourceText:
    """The text of one file with the pages, headings, tables and running headers that its format shows.

    ``name`` is the file's name, used for its extension and in messages; nothing is opened on disk or fetched.
    Raises ReadError, and nothing else, for a file that is empty, damaged, encrypted, too large or of no known
    format, and MissingExtraError where an optional part of PolicyQA is needed to read it.
    """
    budget = Budget(name, limits)
    if not data:
        raise budget.refuse("empty")
    budget.check_size(len(data))
    suffix = suffix_of(name)
    kind, notes = _choose(data, suffix, budget)
    if kind not in _READERS:
        raise _unsupported(suffix, budget)
    reader: _Reader = importlib.import_module(f"ingest.readers.{_READERS[kind]}")
    try:
        found = reader.read(data, budget)
    except ReadError:
        raise
    except Exception as error:
        # The one net around all readers. What pdfium, openpyxl or lxml raise from within when a file is not what its
        # header says (AssertionError, KeyError, zlib.error, …) is an endless list, and each of them means: damaged.
        detail = f"{type(error).__name__}: {str(error)[:100]}".replace("\n", " ").rstrip(": ")
        raise budget.refuse("broken", format=kind.value, detail=detail) from error
    return replace(found, warnings=(*notes, *found.warnings)) if notes else found


def _choose(data: bytes, suffix: str, budget: Budget) -> tuple[Format, tuple[str, ...]]:
    """The format to read as, and what to say where the name promised another one."""
    by_name = BY_SUFFIX.get(suffix)
    by_content = format_of(data, suffix)
    if by_content in {Format.ARCHIVE, Format.BINARY}:
        if by_name in _TEXT_FORMATS:
            raise budget.refuse("binary")
        raise budget.refuse("archive") if by_content is Format.ARCHIVE else _unsupported(suffix, budget)
    if by_content is None:
        if by_name is None and suffix:
            raise _unsupported(suffix, budget)
        if by_name is not None and by_name not in _TEXT_FORMATS:
            raise budget.refuse("broken", format=by_name.value, detail="no valid file header")
        return by_name or Format.TEXT, ()
    if by_content is Format.IMAGE and by_name is not Format.IMAGE and suffix:
        raise budget.refuse("mismatch", suffix=suffix, found="an image")
    if by_content is Format.HTML and by_name in {Format.MARKDOWN, Format.HTML}:
        return Format.HTML, ()
    if by_content in {by_name, Format.LEGACY} or not suffix:
        return by_content, ()
    return by_content, (warning("mismatch", suffix=suffix, found=by_content.value),)


def _unsupported(suffix: str, budget: Budget) -> ReadError:
    return budget.refuse(
        "unsupported", suffix=suffix or "?", supported=" ".join(s for s in _ADVISED if s in SUPPORTED_SUFFIXES)
    )
