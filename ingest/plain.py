"""Plain text files: the encoding found, the text as it is."""

from __future__ import annotations

from ingest.errors import ReadError
from ingest.model import SourceText


def read_bytes(name: str, data: bytes) -> SourceText:
    """The text of a plain text file in UTF-8, UTF-16, GB18030 or Big5. Raises ReadError."""
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError(name, "it is not a text file", "Convert it to txt, md, html, docx or pdf")
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030", "big5")
    for encoding in encodings:
        try:
            return SourceText(name=name, text=data.decode(encoding).replace("\r\n", "\n"))
        except UnicodeDecodeError:
            continue
    raise ReadError(name, "its encoding is unknown", "Save it as UTF-8")
