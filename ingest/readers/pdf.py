"""PDF files: text in reading order with pages, places, tables, and running headers told apart.

One paragraph is one line, also where it runs over columns and pages; the furniture of a page that it runs over comes
after it. Scripts, attachments, forms and links in the file are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pypdfium2.raw as pdfium

from ingest.model import SourceText
from ingest.readers import ocr
from ingest.readers.assemble import TextBuilder, tidy
from ingest.readers.limits import Budget
from ingest.readers.pdf_glyphs import Frame, page_glyphs, page_transform
from ingest.readers.pdf_layout import PageFound, laid_out
from ingest.readers.pdf_lines import segments
from ingest.readers.pdf_open import open_pdf
from ingest.readers.pdf_page import page_image
from ingest.readers.pdf_tables import ruling, tables_on_page
from ingest.readers.pdf_write import write_pages
from ingest.readers.wording import warning

MEDIA_TYPE: Final = "application/pdf"
_FEW_GLYPHS: Final = 20
_UNREADABLE_SHARE: Final = 0.4
"""Above this share of characters whose font doesn't say what they are, a page's text is noise."""


def read(data: bytes, budget: Budget) -> SourceText:
    """The file's text with page starts, a region a line, tables, furniture and the file's own title as metadata.

    Pages that are pictures are recognised where the OCR extra is installed and named in a warning where it is not.
    Raises ReadError where the file is damaged, encrypted or too long, MissingExtraError where every page is a picture
    and OCR is not installed.
    """
    with open_pdf(data, budget) as document:
        budget.check_pages(len(document))
        pages = list(_pages(document, budget))
        title = tidy(document.get_metadata_dict().get("Title", ""))
    build = TextBuilder(budget)
    if title:
        build.metadata["title"] = title[:300]
    build.metadata["pages"] = str(len(pages))
    pictures = [i + 1 for i, page in enumerate(pages) if page.picture]
    if pictures and not any(page.segments or page.tables for page in pages):
        raise budget.refuse_extra("needs_ocr")
    if pictures:
        build.warnings.append(warning("picture_pages", pages=_ranges(pictures)))
    build.warnings += [note for page in pages for note in page.warnings]
    write_pages(laid_out(pages), build, budget)
    return build.finish(MEDIA_TYPE)


def _pages(document: Any, budget: Budget) -> Iterator[PageFound]:
    for number in range(len(document)):
        budget.check_time()
        page = document[number]
        try:
            yield _page_found(page, number, budget)
        finally:
            page.close()


def _page_found(page: Any, number: int, budget: Budget) -> PageFound:
    transform = page_transform(page)
    glyphs, frame, unreadable = page_glyphs(page, transform)
    if unreadable > _UNREADABLE_SHARE or (len(glyphs) < _FEW_GLYPHS and _is_picture(page)):
        if not ocr.installed():
            return PageFound((), (), frame, picture=True)
        found = ocr.recognise(page_image(page, ocr.SCALE), budget, scale=ocr.SCALE)
        upright = Frame(0, frame.width, frame.height)
        note = warning("recognised", page=number + 1, score=f"{found.score:.2f}")
        return PageFound(found.segments, (), upright, warnings=(note,))
    tables, free = tables_on_page(ruling(page, transform), frame, glyphs)
    for table in tables:
        budget.spend_cells(sum(len(row) for row in table.rows))
    return PageFound(tuple(segments(free)), tuple(tables), frame)


def _is_picture(page: Any) -> bool:
    """Whether images cover at least a third of the page."""
    width, height = page.get_size()
    area = 0.0
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = image.get_bounds()
        area += abs(x1 - x0) * abs(y1 - y0)
    return bool(area > width * height / 3)


def _ranges(numbers: Sequence[int]) -> str:
    """Page numbers for people: 1, 3–5."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(p[0]) if len(p) == 1 else f"{p[0]}–{p[-1]}" for p in parts)
