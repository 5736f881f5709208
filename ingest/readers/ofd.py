"""OFD, the layout format of Chinese government documents (GB/T 33190): text by layout, as from a PDF.

A reader of our own: the one on the package index that is maintained (easyofd) draws on PyMuPDF, whose licence (AGPL)
would bind every user. OFD is a zip of XML; text stands in it as Unicode with a position in millimetres per character.
Signatures, annotations and attachments are not looked at.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from ingest.model import SourceText
from ingest.readers.archive import SafeArchive
from ingest.readers.assemble import TextBuilder, tidy
from ingest.readers.limits import Budget
from ingest.readers.ofd_objects import POINTS_PER_MM, Placing, numbers, path_lines, text_glyphs
from ingest.readers.pdf_glyphs import Box, Frame, Glyph
from ingest.readers.pdf_layout import PageFound, laid_out
from ingest.readers.pdf_lines import segments
from ingest.readers.pdf_tables import tables_on_page
from ingest.readers.pdf_write import write_pages

FORMAT: Final = "OFD"
MEDIA_TYPE: Final = "application/ofd"
_A4_MM: Final = (0.0, 0.0, 210.0, 297.0)
_DEPTH: Final = 20


@dataclass(slots=True)
class _Page:
    width: float
    height: float
    glyphs: list[Glyph]
    ruled: list[Box]


def read(data: bytes, budget: Budget) -> SourceText:
    """The text of all documents in the file with pages, places, tables and furniture.

    Raises ReadError where the file is damaged, encrypted, a bomb, or holds no text.
    """
    archive = SafeArchive(data, FORMAT, budget)
    if any(posixpath.basename(name).lower() == "encryptions.xml" for name in archive.names):
        raise budget.refuse("encrypted", format=FORMAT)
    root = archive.xml("OFD.xml")
    build = TextBuilder(budget)
    for field, value in _document_info(root):
        build.metadata[field] = value
    pages = [page for place in _texts(root, "DocRoot") for page in _pages(archive, place.lstrip("/"), budget)]
    budget.check_pages(len(pages))
    if not pages:
        raise budget.refuse("broken", format=FORMAT, detail="no pages")
    found = []
    for page in pages:
        frame = Frame(0, page.width, page.height)
        tables, free = tables_on_page(page.ruled, frame, page.glyphs)
        budget.spend_cells(sum(len(row) for table in tables for row in table.rows))
        found.append(PageFound(tuple(segments(free)), tuple(tables), frame))
    write_pages(laid_out(found), build, budget)
    return build.finish(MEDIA_TYPE)


def _document_info(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        if _name(element) in {"Title", "Author", "CreationDate"} and tidy(element.text or ""):
            yield _name(element).lower(), tidy(element.text or "")[:300]


def _pages(archive: SafeArchive, document_path: str, budget: Budget) -> Iterator[_Page]:
    """The pages of one document in their order, each with its template's text."""
    document = archive.xml(document_path)
    folder = posixpath.dirname(document_path)
    default = next((_box(e) for e in document.iter() if _name(e) == "PhysicalBox"), _A4_MM)
    templates = {e.get("ID", ""): e.get("BaseLoc", "") for e in document.iter() if _name(e) == "TemplatePage"}
    for count, element in enumerate(e for e in document.iter() if _name(e) == "Page"):
        budget.check_pages(count + 1)
        content = archive.xml(_member(folder, element.get("BaseLoc", "")))
        area = next((_box(e) for e in content.iter() if _name(e) == "PhysicalBox"), default)
        page = _Page(area[2] * POINTS_PER_MM, area[3] * POINTS_PER_MM, [], [])
        used = [e.get("TemplateID", "") for e in content if _name(e) == "Template"]
        for template in used:
            if templates.get(template):
                _collect(archive.xml(_member(folder, templates[template])), page, budget)
        _collect(content, page, budget)
        yield page


def _collect(content: etree._Element, page: _Page, budget: Budget) -> None:
    for layer in (e for e in content.iter() if _name(e) == "Layer"):
        _walk(layer, Placing(), page, budget, 0)


def _walk(parent: etree._Element, placing: Placing, page: _Page, budget: Budget, depth: int) -> None:
    """Text and lines of a layer or block, in the order in which they are drawn."""
    for element in budget.ticking(parent):
        name = _name(element)
        if name == "PageBlock" and depth < _DEPTH:
            _walk(element, placing, page, budget, depth + 1)
        elif name == "TextObject" and element.get("Visible") != "false":
            found = text_glyphs(element, placing)
            budget.spend_chars(len(found))
            page.glyphs += found
        elif name == "PathObject":
            page.ruled += path_lines(element, placing)


def _texts(root: etree._Element, name: str) -> list[str]:
    return [e.text.strip() for e in root.iter() if _name(e) == name and e.text and e.text.strip()]


def _member(folder: str, place: str) -> str:
    return place[1:] if place.startswith("/") else posixpath.normpath(posixpath.join(folder, place))


def _box(element: etree._Element) -> tuple[float, float, float, float]:
    found = numbers(element.text or "")
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 and min(found[2:]) > 0 else _A4_MM


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
