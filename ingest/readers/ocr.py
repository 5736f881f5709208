"""Words from pictures with RapidOCR, an optional part of PolicyQA (``policyqa[ocr]``).

Its models are inside its wheel; nothing is fetched.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ingest.readers.limits import Budget
from ingest.readers.pdf_lines import Segment

SCALE: Final = 2.0
"""Pixels per point at which pages are recognised: 144 dpi, above which small print gains little."""
_SURE: Final = 0.5
"""Lines that RapidOCR is less sure of than this are specks and stamps."""
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Recognised:
    """Lines with their places in points, and the mean certainty from 0 to 1."""

    segments: tuple[Segment, ...]
    score: float


def installed() -> bool:
    """Whether RapidOCR and its engine can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def recognise(image: Any, budget: Budget, *, scale: float) -> Recognised:
    """The words in a PIL image of ``scale`` pixels a point. Raises MissingExtraError where OCR is not installed."""
    if not installed():
        raise budget.refuse_extra("needs_ocr")
    import numpy as np

    budget.check_time()
    with _ONE_AT_A_TIME:
        found = _engine()(np.asarray(image.convert("RGB")))
    if found.boxes is None or found.txts is None:
        return Recognised((), 0.0)
    kept = []
    scores = []
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score < _SURE or not text.strip():
            continue
        xs, ys = [float(c[0]) / scale for c in corners], [float(c[1]) / scale for c in corners]
        height = max(ys) - min(ys)
        # RapidOCR's boxes stand about a tenth of the type's height away from it on either side.
        kept.append(Segment((min(xs), min(ys), max(xs), max(ys)), round(height * 0.8, 1), text))
        scores.append(float(score))
    return Recognised(tuple(kept), sum(scores) / len(scores) if scores else 0.0)


@lru_cache(maxsize=1)
def _engine() -> Any:
    """The recogniser, loaded once (about a second). Its log goes nowhere: standard output holds JSON."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR()
