"""Texts → the terms that the lexical index counts: pairs of Chinese characters, English words, numbers."""

from __future__ import annotations

import re
import unicodedata

from index.script_fold import fold

_RUN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]+|[a-z]+|\d+(?:\.\d+)*")
_HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]")


def normal(text: str) -> str:
    """``text`` for comparing: compatibility forms resolved (NFKC), lower case, Simplified characters."""
    return fold(unicodedata.normalize("NFKC", text).lower())


def terms(text: str) -> list[str]:
    """The terms of a text, in order, repeats included.

    A run of Chinese characters gives its overlapping pairs, a single character itself; an English word its stem of
    plural and tense endings; a number itself (``39.2``).
    """
    found: list[str] = []
    for run in _RUN.findall(normal(text)):
        if _HAN.match(run):
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
            if len(run) == 1:
                found.append(run)
        elif run.isdigit() or "." in run:
            found.append(run)
        else:
            found.append(stem(run))
    return found


def stem(word: str) -> str:
    """An English word without its plural or tense ending: ``policies`` → ``policy``, ``applied`` → ``apply``."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith("ed"):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
    return word
