"""What language and script a question is in, and the plain form in which questions and texts are compared."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from index.script_fold import fold, fold_table

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_QUOTED = re.compile(r"[“\"「《‘'][^”\"」》’']*[”\"」》’']")
_BRACKETS = str.maketrans("〔〕﹝﹞【】［］", "[][][][]")
_UNSQUEEZED = re.compile(r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff]")
_MARKS = frozenset("〔〕﹝﹞【】［］")


class Language(StrEnum):
    """How a reply is worded. Quotations stay in the script of the source whatever this says."""

    ZH = "zh"
    HANT = "zh-Hant"
    EN = "en"


def detect(question: str) -> Language:
    """The language of a question: English where its Latin words outnumber its Chinese characters, quoted ones aside.

    Traditional needs a character that only Traditional writing has; a text with none is Simplified.
    """
    chinese = len(_CJK.findall(_QUOTED.sub("", question)))
    if len(_LATIN_WORD.findall(question)) > chinese:
        return Language.EN
    table = fold_table()
    return Language.HANT if any(ord(c) in table and c not in _SHARED for c in question) else Language.ZH


_SHARED = frozenset("著乾於後裡台麼餘藉昇徵瞭")
"""Characters that Simplified texts print too (著名, 乾隆, 瞭望): on their own they say nothing about the script."""


def plain(text: str) -> str:
    """``text`` for comparison: NFKC, Simplified, lower case, one kind of bracket. Its length may differ."""
    return _short_plain(text) if len(text) <= _SHORT else plain_once(text)


_SHORT = 200


@lru_cache(maxsize=20_000)
def _short_plain(text: str) -> str:
    return plain_once(text)


def plain_once(text: str) -> str:
    """`plain` of a text that is not likely to come again soon, so that it takes no other's place in the cache."""
    folded = fold(unicodedata.normalize("NFKC", text))
    return (folded if _MARKS.isdisjoint(folded) else folded.translate(_BRACKETS)).lower()


def squeeze(text: str) -> str:
    """`plain` without anything but letters, digits and Chinese characters: for names that people punctuate freely."""
    return squeeze_plain(plain(text))


def squeeze_plain(folded: str) -> str:
    """`squeeze` of a text that is in `plain` form already."""
    return _UNSQUEEZED.sub("", folded)
