"""A page of a PDF as a picture, with the place of a clause marked as with a highlighter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from threading import Lock
from typing import Final

from index.errors import UnknownDocumentError
from ingest.model import Clause, Region, SourceText, Span, overlaps
from ingest.readers.pdf_page import render_page
from ui.workspace import Workspace

_SCALE: Final = 1.6
_MARGIN_POINTS: Final = 2.0
_INK: Final = (250, 214, 92)
_EDGE: Final = (176, 35, 27)
# PDFium keeps state of its own and must not be entered by two threads.
_ONE_AT_A_TIME: Final = Lock()


def marked_regions(source: SourceText, clause: Clause, marks: Sequence[Span]) -> tuple[Region, ...]:
    """The regions of the page on which the marked words (else the clause) begin; empty where the file has no pages."""
    wanted = tuple(marks) or clause.spans
    found = [region for region in source.regions if overlaps([region.span], wanted)]
    if not found:
        return ()
    first = min(found, key=lambda region: region.span).page
    return tuple(region for region in found if region.page == first)


def page_image(workspace: Workspace, clause_id: str, marks: Sequence[Span]) -> bytes:
    """The page as a PNG. Raises UnknownDocumentError where there is no such clause or it stands on no page."""
    found = workspace.find_clause(clause_id)
    regions = marked_regions(found[2], found[1], marks) if found else ()
    if found is None or not regions:
        raise UnknownDocumentError(f"{clause_id} is not a clause on a page of a PDF in this library")
    document = found[0]
    data = workspace.store.original(document.source)
    with _ONE_AT_A_TIME:
        picture = render_page(data, regions[0].page, _SCALE, document.source)
    return _marked(picture, regions)


def _marked(picture: bytes, regions: Sequence[Region]) -> bytes:
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
    out = io.BytesIO()
    marked.save(out, format="PNG", optimize=False)
    return out.getvalue()
