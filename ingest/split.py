"""A file's lines → one part for each document in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ingest.furniture import contents_titles
from ingest.lines import Line
from ingest.model import SourceText

_SHORT = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One document's lines in printed order, without furniture; ``title_lines`` of them print its title."""

    title: str
    lines: tuple[Line, ...]


def split_documents(source: SourceText, lines: list[Line]) -> list[Part]:
    """The documents of a file, in printed order. A file without any sign of a second document is one."""
    body = [line for line in lines if not line.furniture]
    if not body:
        return []
    starts = _starts(lines, body)
    if not starts:
        return [Part(_own_title(source, body), tuple(body))]
    parts = []
    order = sorted(starts)
    for n, at in enumerate(order):
        until = order[n + 1] if n + 1 < len(order) else len(body)
        parts.append(Part(starts[at], tuple(body[at:until])))
    return parts


def _starts(lines: list[Line], body: list[Line]) -> dict[int, str]:
    """Index in ``body`` → title, for each title of the table of contents that the body prints."""
    starts: dict[int, str] = {}
    for title in contents_titles(lines):
        wanted = bare(title)
        for i, _line in enumerate(body):
            joined = ""
            for j in range(i, min(i + 4, len(body))):
                if len(body[j].text) > _SHORT:
                    break
                joined += bare(body[j].text)
                if joined == wanted and i not in starts:
                    starts[i] = title
                    break
    return starts


def bare(text: str) -> str:
    """The characters that count when two printings of a title are compared."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def _own_title(source: SourceText, body: list[Line]) -> str:
    for line in body[:6]:
        if line.label is None and len(line.text) <= _SHORT and not line.text.startswith(("来源", "（", "(")):
            return line.text
    return source.name.rsplit(".", 1)[0]
