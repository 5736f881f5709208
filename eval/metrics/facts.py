"""Fact recall and completeness: does the answer show what it must?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.reply import MARKER

_BETWEEN_DIGITS = re.compile(r"(?<=\d)\x00+(?=\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")


def folded(text: str) -> str:
    """The text as facts are looked up in it: NFKC, lower case, no white space, punctuation or symbols.

    Two things that a bare removal would spoil are kept: a decimal point and ``%`` belong to their number, and where
    punctuation stood between two digits a bar keeps the numbers apart (``(2)5个`` must not read ``25个``). Thousands
    separators go.
    """
    kept: list[str] = []
    normal = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).casefold())
    for i, char in enumerate(normal):
        decimal_point = char == "." and normal[i - 1 : i].isdigit() and normal[i + 1 : i + 2].isdigit()
        if decimal_point or char in "%‰" or unicodedata.category(char)[0] not in "ZPSC":
            kept.append(char)
        else:
            kept.append("\0")
    return _BETWEEN_DIGITS.sub("|", "".join(kept)).replace("\0", "")


def shows(text: str, spellings: Sequence[str]) -> bool:
    """Whether any accepted spelling of a fact is in the text; citation markers do not count as text.

    A number is found as a whole: ``5个`` is not in ``15个``, ``5%`` not in ``0.5%``.

    >>> shows("由5个大类[1]组成", ["5个大类"]), shows("由15个大类组成", ["5个大类"])
    (True, False)
    """
    haystack = folded(MARKER.sub("", text))
    return any(_stands_in(haystack, folded(spelling)) for spelling in spellings)


def fact_recall(text: str, must: Sequence[Sequence[str]]) -> float | None:
    """Share of the facts that a complete answer shows which this one shows, 0 to 1.

        recall = |{ f in must : some accepted spelling of f is in the text }| / |must|

    Edge rule: None where no fact is asked for; left out of means. A refusal's text is judged as empty by the caller.

    >>> fact_recall("2020年起", [["2020年"], ["杭州"]])
    0.5
    """
    if not must:
        return None
    return sum(shows(text, spellings) for spellings in must) / len(must)


def complete(text: str, must: Sequence[Sequence[str]]) -> float | None:
    """1.0 where every fact is shown, else 0.0; None where no fact is asked for."""
    recall = fact_recall(text, must)
    return None if recall is None else float(recall == 1.0)


def _stands_in(haystack: str, needle: str) -> bool:
    if not needle:
        return False
    start = haystack.find(needle)
    while start >= 0:
        if not _cuts_number(haystack, start, start + len(needle)):
            return True
        start = haystack.find(needle, start + 1)
    return False


def _cuts_number(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isdigit() and (before[-1:].isdigit() or (before[-1:] == "." and before[:1].isdigit())):
        return True
    return text[end - 1].isdigit() and (after[:1].isdigit() or (after[:1] == "." and after[1:].isdigit()))
