"""Safe HTML from unsafe text: whatever comes from files, questions and models is escaped here, and only here.

No Markdown is interpreted: a ``![](http://…)`` in a policy or an answer is shown as those characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from ingest.model import Span
from ui.words import Words

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_STATUSES: Final = frozenset(("in_force", "draft", "trial", "amended", "repealed", "superseded", "expired", "not_yet"))


def esc(value: object) -> str:
    """``value`` as text that is safe between tags and inside quoted attributes.

    Control characters and direction overrides go, since they can make a file name read as another.
    """
    return escape(_CONTROL.sub("", str(value)), quote=True)


def attributes(**values: object) -> str:
    """`` name="value"`` for each value that is not None; underscores become hyphens, True stands alone."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        spelt = name.rstrip("_").replace("_", "-")
        parts.append(f" {spelt}" if value is True else f' {spelt}="{esc(value)}"')
    return "".join(parts)


def shorten(text: str, most: int) -> str:
    """``text`` on one line, cut with an ellipsis after ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip("，,、；; ") + "…"


def highlighted(text: str, offset: int, marks: Iterable[Span]) -> str:
    """``text``, which begins at ``offset`` of its source, escaped, with the characters of ``marks`` in ``<mark>``."""
    pieces = []
    at = 0
    for start, end in merged(marks):
        first, last = max(start - offset, at), min(end - offset, len(text))
        if first >= last:
            continue
        pieces.append(esc(text[at:first]))
        pieces.append(f"<mark>{esc(text[first:last])}</mark>")
        at = last
    pieces.append(esc(text[at:]))
    return "".join(pieces)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans sorted, those that touch joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def badge(status: str, words: Words) -> str:
    """A document's status as a small label; its colour never says what the word does not."""
    known = status if status in _STATUSES else "unknown"
    return f'<span class="badge" data-status="{known}">{esc(words("status." + known))}</span>'


def kind_name(kind: str, words: Words) -> str:
    """A document kind in the reader's language; a kind this page does not know is shown as it is."""
    try:
        return words(f"kind.{kind}")
    except KeyError:
        return kind


def size_name(size_bytes: int) -> str:
    """Bytes for people: ``512 B``, ``3.4 MB``."""
    size = float(size_bytes)
    for unit in ("B", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
