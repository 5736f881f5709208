"""A question that leans on the turns before it, made to stand alone, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.language import Language, detect
from qa.places import labels_in, regions_in, years_in
from qa.terms import question_terms, quoted, words

_LEANS = re.compile(
    r"^(?:那么?|其中|还有|另外|此外|它|他们|她|这|该|上述|前面|前述"
    r"|同样|反过来|换成|and\b|what about|how about|then\b|so\b)"
    r"|呢\s*[?？]?$|呢[,，]|它|上述|前者|后者|这[个项条份篇种些]"
    r"|该(?:文件|条|办法|规定|计划|通知)|\bit\b|\bthat one\b|\bthey\b",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?:那么|那|换成|and|what about|how about|so|then)\s*[,，]?\s*", re.IGNORECASE)
_TAIL = re.compile(r"(?:呢|怎么样|如何|又如何)?\s*[?？。.]*$")
_HEAD = re.compile(r"^(.{2,24}?)(?:里面|里头|里|中(?!小|国|央|心)|对(?!于|齐)|[,，:：]|规定的|的(?=.{4,}))")
_SHORT = 25
_LITTLE = 2


@dataclass(frozen=True, slots=True)
class Standalone:
    """``text`` can be understood without history; ``carried`` is the part that came from it, empty where none did.

    ``substituted`` is True where the new question only swaps one name in the last one (那上海呢?), so that the last
    question's words ask as much as its own.
    """

    text: str
    own: str
    carried: str = ""
    substituted: bool = False


def make_standalone(question: str, history: Sequence[str]) -> Standalone:
    """``question`` with what it leaves to the earlier user turns in ``history`` (oldest first) filled in."""
    previous = ""
    for turn in history:
        if turn.strip():
            previous = _join(turn.strip(), previous).text
    return _join(question.strip(), previous)


def _join(question: str, previous: str) -> Standalone:
    if not previous or not _leans(question):
        return Standalone(question, question)
    swapped = _swap(question, previous)
    if swapped:
        return Standalone(swapped, question, swapped, substituted=True)
    head = _HEAD.match(previous)
    topic = head[1] if head else re.sub(r"[?？。!！\s]+$", "", previous)
    own = _OPENING.sub("", question)
    return Standalone(f"{topic},{own}", question, previous)


def _leans(question: str) -> bool:
    """A question with a pointing word, or one that says too little by itself and names no document or article.

    Of questions that stand alone 97 in 100 have three words of matter or more, follow-ups without a pointing word one
    or two (the samples' and the compilation's training questions).
    """
    if _LEANS.search(question):
        return True
    if len(question) > _SHORT or "《" in question or labels_in(question):
        return False
    language = detect(question)
    if language is Language.EN:
        return True
    own = [t.word for t in question_terms(question, language) if t.stands_for is None and len(t.word) > 1]
    return len(own) <= _LITTLE and not regions_in(question)


def _swap(question: str, previous: str) -> str | None:
    """The previous question with one name exchanged for the new one of its kind, or None where there is no pair."""
    opened = _OPENING.sub("", question)
    if opened == question and "呢" not in question:
        return None
    first, separator, rest = opened.partition("呢")
    if not separator:
        first, rest = _TAIL.sub("", opened), ""
    first = first.strip(" ,，?？")
    rest = rest.lstrip("?？,，。 ")
    alike = _alike(first, previous)
    if alike:
        return _exchanged(previous, [alike], first, rest)
    for find in (_quoted_names, _label_names, _region_names, _year_names):
        new, old = find(first), find(previous)
        if len(new) == 1 and old and len(first) <= len(new[0]) + 6:
            return _exchanged(previous, old, new[0], rest)
    return None


def _exchanged(previous: str, old: Sequence[str], new: str, rest: str) -> str:
    replaced = previous
    for name in dict.fromkeys(old):
        replaced = replaced.replace(name, new)
    replaced = re.sub(r"[?？]+$", "", replaced)
    return f"{replaced},{rest}" if rest else f"{replaced}?"


_NAME_ENDS = "省市县区州镇乡业"
_LONGEST_NAME = 12
_BEFORE_NAMES = frozenset("的在到从是对年月里让给把由按")


def _alike(new: str, previous: str) -> str | None:
    """What ``new`` takes the place of in ``previous``: words with the same ending (青石区, 北苑区)."""
    if not 2 <= len(new) <= _LONGEST_NAME or new in previous:
        return None
    shared = 2 if len(new) > 2 and new[-1] not in _NAME_ENDS else 1
    at = previous.find(new[-shared:])
    if at < 1 or (shared == 1 and new[-1] not in _NAME_ENDS):
        return None
    stop, size = at + shared, 0
    for word in reversed(words(previous[:stop])):
        if size >= len(new) or (size and word in _BEFORE_NAMES):
            break
        size += len(word)
    old = previous[max(0, stop - size) : stop]
    return old if 2 <= len(old) <= _LONGEST_NAME else None


def _quoted_names(text: str) -> list[str]:
    return [name for name in quoted(text) if name in text]


def _region_names(text: str) -> list[str]:
    return [region for region in regions_in(text) if region in text]


def _label_names(text: str) -> list[str]:
    return [label.printed for label in labels_in(text) if label.printed in text]


def _year_names(text: str) -> list[str]:
    return [str(year) for year in years_in(text) if str(year) in text]
