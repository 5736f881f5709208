"""Pictures of documents (png, jpg, tif, bmp, webp): their words by text recognition, an optional part."""

from __future__ import annotations

import io
import warnings
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ingest.model import SourceText
from ingest.readers import ocr
from ingest.readers.assemble import TextBuilder
from ingest.readers.limits import Budget
from ingest.readers.pdf_glyphs import Frame
from ingest.readers.pdf_layout import PageFound, laid_out
from ingest.readers.pdf_write import write_pages
from ingest.readers.wording import warning

FORMAT: Final = "image"
MAX_PIXELS: Final = 120_000_000
"""An A3 sheet at 600 dpi has 70 million."""
_PAGE_WIDTH: Final = 595.0
"""Points that a picture's width is taken for: an A4 sheet."""


def read(data: bytes, budget: Budget) -> SourceText:
    """The words in the picture by layout, one page a frame.

    Raises ReadError where the picture is damaged or too large, MissingExtraError where OCR is not installed.
    """
    if not ocr.installed():
        raise budget.refuse_extra("needs_ocr")
    found, notes = [], []
    for number, frame in enumerate(_frames(data, budget), start=1):
        budget.check_pages(number)
        scale = max(0.5, frame.width / _PAGE_WIDTH)
        recognised = ocr.recognise(frame, budget, scale=scale)
        found.append(PageFound(recognised.segments, (), Frame(0, frame.width / scale, frame.height / scale)))
        notes.append(warning("recognised", page=number, score=f"{recognised.score:.2f}"))
    build = TextBuilder(budget)
    build.warnings += notes
    write_pages(laid_out(found), build, budget)
    return build.finish(f"image/{_kind(data)}")


def _frames(data: bytes, budget: Budget) -> list[Any]:
    """The picture's frames upright. Raises ReadError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the check below is the limit
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise budget.refuse("bomb", detail=f"{image.width} × {image.height}")
                return [ImageOps.exif_transpose(frame.convert("RGB")) for frame in ImageSequence.Iterator(image)]
    except Image.DecompressionBombError as error:
        raise budget.refuse("bomb", detail=str(error)[:80]) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise budget.refuse("broken", format=FORMAT, detail=str(error)[:100].split(" <")[0]) from error


def _kind(data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as image:
        return str(image.format or "unknown").lower()
