"""Spans as links and buttons carry them."""

from __future__ import annotations

from typing import Final

from ingest.model import Span

_MOST_MARKS: Final = 200


def read_marks(value: object) -> tuple[Span, ...]:
    """Spans from ``"12-40,50-61"`` as links and buttons carry them; what is not a span is left out."""
    spans = []
    for part in str(value or "").split(",")[:_MOST_MARKS]:
        start, _, end = part.partition("-")
        if start.isdigit() and end.isdigit() and int(start) < int(end):
            spans.append((int(start), int(end)))
    return tuple(spans)
