"""Plain text: the decoded file, unchanged.

``SourceText.text`` is exactly what the bytes decode to: line endings (``\\r\\n`` too), form feeds and trailing blanks
stay, so that offsets mean the same to every program that decodes the file. Only a byte order mark is left out; it
belongs to the encoding.
"""

from __future__ import annotations

from ingest.model import SourceText
from ingest.readers.encoding import decode
from ingest.readers.limits import Budget


def read(data: bytes, budget: Budget) -> SourceText:
    """The text of a UTF-8, UTF-16/32, GB18030, Big5 or other text file, form feeds taken as page starts.

    Raises ReadError where the bytes are not text.
    """
    decoded = decode(data, budget)
    budget.spend_chars(len(decoded.text))
    if not decoded.text.strip():
        raise budget.refuse("no_text")
    return SourceText(
        name=budget.name,
        text=decoded.text,
        media_type="text/plain",
        page_starts=form_feed_pages(decoded.text),
        metadata={"encoding": decoded.encoding},
        warnings=decoded.warnings,
    )


def form_feed_pages(text: str) -> tuple[int, ...]:
    """Offsets of pages where ``pdftotext`` and its like put a form feed between them; empty where there is none."""
    if "\f" not in text:
        return ()
    starts = [0]
    at = text.find("\f")
    while at != -1:
        if at + 1 < len(text):  # pdftotext ends the last page with one as well
            starts.append(at + 1)
        at = text.find("\f", at + 1)
    return tuple(starts)
