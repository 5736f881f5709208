"""A SourceText as JSON and back, every field checked on the way back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ingest.model import Region, SourceText, Span, Table


def source_to_json(source: SourceText) -> dict[str, Any]:
    """The source as lists, numbers and strings. Lone surrogates are replaced, since JSON text can't carry them."""
    plain = asdict(source)
    plain["text"] = source.text.encode("utf-8", "replace").decode("utf-8")
    return plain


def source_from_json(data: Any, name: str) -> SourceText:
    """The source that ``source_to_json`` wrote; ``name`` is taken from the caller and not from the data.

    Raises KeyError, TypeError or ValueError where the data is anything else: spans outside the text, wrong types.
    """
    text = _text(data["text"])

    def span(value: Any) -> Span:
        start, end = (_number(v) for v in value)
        if not 0 <= start <= end <= len(text):
            msg = f"span {start}–{end} lies outside a text of {len(text)} characters"
            raise ValueError(msg)
        return start, end

    def table(value: Any) -> Table:
        rows = tuple(tuple(None if cell is None else span(cell) for cell in row) for row in value["rows"])
        return Table(_number(value["header_rows"]), rows)

    def region(value: Any) -> Region:
        x0, top, x1, bottom = (float(v) for v in value["box"])
        return Region(_number(value["page"]), span(value["span"]), (x0, top, x1, bottom))

    return SourceText(
        name=name,
        text=text,
        media_type=_text(data["media_type"]),
        page_starts=tuple(span((start, start))[0] for start in data["page_starts"]),
        headings=tuple((span(where), _number(level)) for where, level in data["headings"]),
        tables=tuple(table(value) for value in data["tables"]),
        furniture=tuple(span(value) for value in data["furniture"]),
        regions=tuple(region(value) for value in data["regions"]),
        metadata={_text(key): _text(value) for key, value in data["metadata"].items()},
        warnings=tuple(_text(value) for value in data["warnings"]),
        markup=tuple(span(value) for value in data["markup"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        msg = f"{type(value).__name__} where a text belongs"
        raise TypeError(msg)
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        msg = f"{type(value).__name__} where a number belongs"
        raise TypeError(msg)
    return value
