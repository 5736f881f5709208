"""A sentence in Chinese and in English in one string, which whoever shows it may cut down to one of them.

What reading a file says is kept with the document and printed by programs that know no reader's language, hence both.
"""

from __future__ import annotations

from typing import Final

_BETWEEN: Final = " / "


def both(chinese: str, english: str) -> str:
    """``中文 / English``."""
    return f"{chinese}{_BETWEEN}{english}"


def sides(text: str) -> tuple[str, str]:
    """(Chinese, English) of what ``both`` made; a text in one language is given for both.

    Values that hold the separator themselves stand in both halves, so the cut is in the middle.
    """
    parts = text.split(_BETWEEN)
    if len(parts) % 2:
        return text, text
    half = len(parts) // 2
    return _BETWEEN.join(parts[:half]), _BETWEEN.join(parts[half:])
