"""What a file is, told by its content first and by its name second."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final


class Format(StrEnum):
    """A format with a reader, or a family of formats that is refused with a fitting message."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "Word (docx)"
    XLSX = "Excel (xlsx)"
    CSV = "CSV"
    OFD = "OFD"
    IMAGE = "image"
    LEGACY = "legacy office"
    ARCHIVE = "archive"
    BINARY = "binary data"


BY_SUFFIX: Final[dict[str, Format]] = {
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".docm": Format.DOCX,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".ofd": Format.OFD,
    ".png": Format.IMAGE,
    ".jpg": Format.IMAGE,
    ".jpeg": Format.IMAGE,
    ".tif": Format.IMAGE,
    ".tiff": Format.IMAGE,
    ".bmp": Format.IMAGE,
    ".webp": Format.IMAGE,
    ".doc": Format.LEGACY,
    ".wps": Format.LEGACY,
    ".rtf": Format.LEGACY,
    ".odt": Format.LEGACY,
    ".xls": Format.LEGACY,
}
_HTML_START: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_MAGIC: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.LEGACY),
    (b"{\\rtf", Format.LEGACY),
    (b"\x89PNG\r\n\x1a\n", Format.IMAGE),
    (b"\xff\xd8\xff", Format.IMAGE),
    (b"II*\x00", Format.IMAGE),
    (b"MM\x00*", Format.IMAGE),
    (b"GIF87a", Format.IMAGE),
    (b"GIF89a", Format.IMAGE),
    (b"Rar!\x1a\x07", Format.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Format.ARCHIVE),
    (b"\x1f\x8b", Format.ARCHIVE),
    (b"BZh", Format.ARCHIVE),
    (b"\xfd7zXZ\x00", Format.ARCHIVE),
    (b"\x7fELF", Format.BINARY),
    (b"MZ\x90\x00", Format.BINARY),
    (b"\xca\xfe\xba\xbe", Format.BINARY),
    (b"SQLite format 3\x00", Format.BINARY),
)


def suffix_of(name: str) -> str:
    """The extension in lower case with its dot, empty where there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def format_of(data: bytes, suffix: str) -> Format | None:
    """The format that the first bytes show, or None where they could be any kind of text.

    Zip containers come back as what their member names say: docx, xlsx, ofd, or an archive.
    """
    head = data[:4096]
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _container(data, suffix)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.IMAGE
    if head.startswith(b"BM") and int.from_bytes(head[2:6], "little") == len(data):
        return Format.IMAGE
    return Format.HTML if _HTML_START.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def _container(data: bytes, suffix: str) -> Format:
    """Which zip-based format this is. Member names stand uncompressed both before each member and at the end."""
    if b"word/document" in data:
        return Format.DOCX
    if b"xl/workbook" in data:
        return Format.XLSX
    if b"OFD.xml" in data:
        return Format.OFD
    if b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]:
        return Format.LEGACY
    # A truncated docx has lost its member list; say "damaged docx" and not "archive".
    by_name = BY_SUFFIX.get(suffix)
    return by_name if by_name in {Format.DOCX, Format.XLSX, Format.OFD} else Format.ARCHIVE
