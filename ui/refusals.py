"""A refusal as the page shows it: without the addresses of the nearest clauses, which are a list of their own below."""

from __future__ import annotations

from typing import Final

from qa.wording import PHRASES

_LEADS: Final = tuple(phrase.split("{addresses}")[0] for phrase in PHRASES["have_nearest"])
_JOINTS: Final = {"，": "。", ",": "。", "；": "。", ";": "。"}


def without_nearest(text: str) -> str:
    """The text without its last sentence where that names the nearest clauses; any other text as it is."""
    for lead in _LEADS:
        head, found, _ = text.rpartition(lead)
        head = head.rstrip()
        if found and head:
            return head[:-1] + _JOINTS[head[-1]] if head[-1] in _JOINTS else head
    return text
