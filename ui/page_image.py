"""A page of a PDF as a picture, with the place of a clause marked as with a highlighter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from threading import Lock
from typing import Final
from urllib.parse import quote, urlencode

from index.errors import UnknownDocumentError
from ingest.model import Clause, Region, SourceText, Span, overlaps
from ingest.readers.pdf_page import render_page
from ui.workspace import Workspace

_SCALE: Final = 1.6
_MARGIN_POINTS: Final = 2.0
_AROUND: Final = 90
"""Pixels above and below the marks that an excerpt keeps: three lines or so, enough to see where it stands."""
_INK: Final = (250, 214, 92)
_EDGE: Final = (176, 35, 27)
# PDFium keeps state of its own and must not be entered by two threads.
_ONE_AT_A_TIME: Final = Lock()


def marked_pages(source: SourceText, clause: Clause, marks: Sequence[Span]) -> dict[int, tuple[Region, ...]]:
    """By page, in order, the regions of the marked words (else of the clause); empty where the file has no pages."""
    wanted = tuple(marks) or clause.spans
    found: dict[int, tuple[Region, ...]] = {}
    for region in sorted(source.regions, key=lambda one: (one.page, one.span)):
        if overlaps([region.span], wanted):
            found[region.page] = (*found.get(region.page, ()), region)
    return found


def picture_address(clause_id: str, marks: Sequence[Span], **given: object) -> str:
    """Where the API serves the picture of a clause; ``given`` are the parameters of ``page_image``."""
    spelt = ",".join(f"{start}-{end}" for start, end in marks)
    query = urlencode(({"marks": spelt} if spelt else {}) | given)
    return f"/api/pages/{quote(clause_id)}.png" + (f"?{query}" if query else "")


def page_image(
    workspace: Workspace, clause_id: str, marks: Sequence[Span], *, page: int | None = None, excerpt: bool = False
) -> bytes:
    """A page, the first that is marked unless ``page`` names one, as a PNG; ``excerpt`` keeps what surrounds the marks.

    Raises UnknownDocumentError where there is no such clause or it does not stand on such a page.
    """
    found = workspace.find_clause(clause_id)
    pages = marked_pages(found[2], found[1], marks) if found else {}
    wanted = page if page is not None else next(iter(pages), None)
    if found is None or wanted is None or wanted not in pages:
        raise UnknownDocumentError(f"{clause_id} does not stand on such a page of a PDF in this library")
    document = found[0]
    data = workspace.store.original(document.source)
    with _ONE_AT_A_TIME:
        picture = render_page(data, wanted, _SCALE, document.source)
    return _marked(picture, pages[wanted], excerpt=excerpt)


def _marked(picture: bytes, regions: Sequence[Region], *, excerpt: bool) -> bytes:
    from PIL import Image, ImageChops, ImageDraw

    page = Image.open(io.BytesIO(picture)).convert("RGB")
    ink = Image.new("RGB", page.size, (255, 255, 255))
    draw = ImageDraw.Draw(ink)
    left, top, right, bottom = page.width, page.height, 0, 0
    for region in regions:
        x0, y0, x1, y1 = (
            round((value + margin) * _SCALE)
            for value, margin in zip(
                region.box, (-_MARGIN_POINTS, -_MARGIN_POINTS, _MARGIN_POINTS, _MARGIN_POINTS), strict=True
            )
        )
        draw.rectangle((x0, y0, x1, y1), fill=_INK)
        left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
    marked = ImageChops.multiply(page, ink)
    ImageDraw.Draw(marked).line((left - 6, top, left - 6, bottom), fill=_EDGE, width=4)
    if excerpt:
        marked = marked.crop((0, max(0, top - _AROUND), page.width, min(page.height, bottom + _AROUND)))
    out = io.BytesIO()
    marked.save(out, format="PNG", optimize=False)
    return out.getvalue()
