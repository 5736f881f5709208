"""Opens PDF files; the one place where pdfium is entered, since it serves one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.limits import Budget

FORMAT: Final = "PDF"
_PDFIUM: Final = threading.RLock()


@contextmanager
def open_pdf(data: bytes, budget: Budget) -> Iterator[Any]:
    """The opened document (``pypdfium2.PdfDocument``), while other threads wait.

    Raises ReadError where the file is encrypted or damaged, also when pdfium finds that out later.
    """
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
                raise budget.refuse("encrypted", format=FORMAT) from error
            raise budget.refuse("broken", format=FORMAT, detail=str(error)[:120]) from error
        try:
            if len(document) == 0:
                raise budget.refuse("broken", format=FORMAT, detail="no pages")
            yield document
        except pypdfium2.PdfiumError as error:
            raise budget.refuse("broken", format=FORMAT, detail=str(error)[:120]) from error
        finally:
            document.close()
