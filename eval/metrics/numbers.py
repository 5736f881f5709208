"""Numbers with ground: is every number of an answer in a clause that it cites there?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from eval.sentences import sentences
from qa.reply import MARKER, Citation

_NUMBER = re.compile(
    r"\d+(?:\.\d+)?%?|[一二三四五六七八九十百千万亿零〇两]{2,}|[一二三四五六七八九十](?=[年月日天元条款项家个倍成%])"
)
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_ITEM = re.compile(r"^\s*(?:[-•·]|[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.、](?!\d))", re.M)
_LIST_NUMBER = re.compile(r"^\s*[（(]?\d{1,2}[)）.、](?!\d)\s*", re.M)


def numbers_in(text: str) -> tuple[str, ...]:
    """A text's numbers, in order: Arabic ones with a following ``%``, Chinese ones of two digits or with a unit."""
    normal = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))
    return tuple(found.group() for found in _NUMBER.finditer(normal))


def number_support(answer: str, citations: Sequence[Citation], question: str = "") -> float | None:
    """Share of the numbers in an answer's sentences that stand in what it cites, 0 to 1.

    A number counts as supported where a citation of the same sentence has it in its quotation, its clause or its
    address (path, title, document number); a sentence without a marker may lean on any citation. Left out: numbers
    that the question names, list numbers at line starts, and the count of the answer's own list items where a line
    that ends with a colon announces it (``共列3项:``).

        support = |supported numbers| / |numbers|

    Edge rule: None where the answer states no number (or cites nothing); left out of means. An invented number shows
    here at once, whatever else the answer gets right.
    """
    if not citations:
        return None
    known = {*numbers_in(question), *_own_counts(answer)}
    held = {c.marker: _held(c) for c in citations}
    total = supported = 0
    for sentence in sentences(answer):
        markers = [int(m) for m in MARKER.findall(sentence) if int(m) in held] or list(held)
        stated = [n for n in numbers_in(_LIST_NUMBER.sub("", MARKER.sub(" ", sentence))) if n not in known]
        total += len(stated)
        supported += sum(1 for n in stated if any(n in held[m] for m in markers))
    return supported / total if total else None


def _own_counts(answer: str) -> tuple[str, ...]:
    items = len(_ITEM.findall(answer))
    announced = any(line.rstrip().endswith((":", "：")) for line in answer.split("\n"))
    return (str(items),) if items and announced else ()


def _held(citation: Citation) -> frozenset[str]:
    address = (citation.document.title, citation.document.number or "", *citation.clause.path)
    return frozenset(n for text in (citation.quote, citation.clause.text, *address) for n in numbers_in(text))
