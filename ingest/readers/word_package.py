"""Finds the parts of a Word package that hold text: the document, its styles, numbering and notes.

Not python-docx: it refuses macro-enabled documents, and any document that refers to a picture which is missing, though
the text is whole. Documents in the "strict" flavour of the format are read as if they were in the usual one.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from lxml import etree

from ingest.readers.archive import SafeArchive
from ingest.readers.assemble import tidy

_DOCUMENT: Final = "/officeDocument"
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class WordParts:
    """Root elements of the parts, None where a package has none; ``title`` from its properties, often a relic."""

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    footnotes: etree._Element | None
    endnotes: etree._Element | None
    title: str


def word_parts(archive: SafeArchive) -> WordParts:
    """The parts by their relationships. Raises ReadError where the main document or a part named is damaged."""
    main = next((t for kind, t in _relations(archive, "") if kind.endswith(_DOCUMENT)), "word/document.xml")
    related = {kind.rsplit("/", 1)[-1]: target for kind, target in reversed(_relations(archive, main))}

    def part(kind: str) -> etree._Element | None:
        target = related.get(kind)
        return _xml(archive, target) if target in archive.names and target is not None else None

    title = ""
    if "docProps/core.xml" in archive.names:
        found = archive.xml("docProps/core.xml").find(_TITLE)
        title = tidy(found.text or "") if found is not None else ""
    return WordParts(
        document=_xml(archive, main),
        styles=part("styles"),
        numbering=part("numbering"),
        footnotes=part("footnotes"),
        endnotes=part("endnotes"),
        title=title[:300],
    )


def _relations(archive: SafeArchive, name: str) -> list[tuple[str, str]]:
    """The type and the member name of everything that a part refers to inside the package."""
    folder, base = posixpath.split(name)
    rels = posixpath.join(folder, "_rels", f"{base}.rels")
    if rels not in archive.names:
        return []
    found = []
    for relation in archive.xml(rels):
        if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
            target = unquote(relation.get("Target", ""))
            joined = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append((relation.get("Type", ""), joined))
    return found


def _xml(archive: SafeArchive, name: str) -> etree._Element:
    return archive.xml(name, {_STRICT: _TRANSITIONAL})
