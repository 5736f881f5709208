"""Quotation literalness: are the words shown as a quotation the words of the source?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ingest.model import SourceText, Span, overlaps

_REPEATS_OF_FURNITURE = 3


def is_literal(quote: str, spans: Sequence[Span], source: SourceText) -> bool:
    """Whether a quotation is what its spans hold, apart from white space, markup and whole lines of page furniture.

    Markup is what the reader marked as signs of the format (Markdown's ``**``).
    Furniture is what the reader marked as such, a line of digits alone, or a line that the source prints at least
    three times (a running header). Nothing else may be missing, and nothing may be added or changed. Spans that lie
    outside the text are not literal.
    """
    if not spans or any(not 0 <= start < end <= len(source.text) for start, end in spans):
        return False
    wanted = _squeezed(quote)
    held = "".join(_words(source, start, end) for start, end in spans)
    if wanted == held:
        return True
    repeated = Counter(line.strip() for line in source.text.split("\n") if line.strip())
    kept: list[str] = []
    for start, end in spans:
        offset = start
        for line in source.text[start:end].split("\n"):
            span = (offset, offset + len(line))
            offset += len(line) + 1
            furniture = line.strip().isdigit() or repeated[line.strip()] >= _REPEATS_OF_FURNITURE
            if not furniture and not (line.strip() and overlaps([span], source.furniture)):
                kept.append(_words(source, *span))
    return wanted == "".join(kept)


def quotation_literalness(literal: Sequence[bool]) -> float | None:
    """Share of an answer's quotations that are literal, 0 to 1; None where nothing is quoted.

    >>> quotation_literalness([True, False])
    0.5
    """
    return sum(literal) / len(literal) if literal else None


def _words(source: SourceText, start: int, end: int) -> str:
    """The characters of a span without markup and white space."""
    inside = [(max(a, start), min(b, end)) for a, b in source.markup if a < end and start < b]
    kept: list[str] = []
    position = start
    for a, b in sorted(inside):
        kept.append(source.text[position:a])
        position = max(position, b)
    kept.append(source.text[position:end])
    return _squeezed("".join(kept))


def _squeezed(text: str) -> str:
    return "".join(text.split())
