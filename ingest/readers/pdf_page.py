"""Pages of a PDF as pictures: for the reader view of the page, and for text recognition."""

from __future__ import annotations

import io
from typing import Any, Final

from ingest.readers.limits import Budget
from ingest.readers.pdf_open import open_pdf

MAX_PIXELS: Final = 40_000_000
"""A page may claim to be 5 metres wide; its picture is scaled down to this many pixels."""


def render_page(data: bytes, page: int, scale: float = 1.5, name: str = "file.pdf") -> bytes:
    """One page as a PNG. ``page`` counts from 1; ``scale`` is pixels per point (1.5 is 108 dpi).

    A region's box in points times ``scale`` is its place in the picture, unless the page is so large that the picture
    had to be made smaller. Raises ReadError where the file can't be opened and IndexError where it has no such page.
    """
    budget = Budget(name)
    with open_pdf(data, budget) as document:
        if not 1 <= page <= len(document):
            msg = f"{name} has pages 1 to {len(document)}; page {page} was asked for"
            raise IndexError(msg)
        opened = document[page - 1]
        try:
            out = io.BytesIO()
            page_image(opened, scale).save(out, format="PNG")
            return out.getvalue()
        finally:
            opened.close()


def page_image(page: Any, scale: float) -> Any:
    """An opened page as a PIL image of at most ``MAX_PIXELS``."""
    width, height = page.get_size()
    largest = (MAX_PIXELS / max(1.0, width * height)) ** 0.5
    return page.render(scale=min(scale, largest)).to_pil()
