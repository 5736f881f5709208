"""Chinese and English text in sentences, as spans."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.model import Span
from qa.reply import MARKER

_ENDS = re.compile(r"[。！？!?；;…]+[”’」』）)\"]*|(?<![\d.])\.(?=\s|$)[”’)\"]*|\n+")
_TITLE = re.compile(r"《[^《》\n]{1,80}(?:《[^《》\n]{1,80}》[^《》\n]{0,80})?》")
_TRAILING = re.compile(rf"(?:\s*(?:{MARKER.pattern}))+")


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The spans of the sentences, in order, without surrounding white space.

    A sentence ends at 。！？；… (and their closing quotation marks), at an English full stop before white space, or at
    a line break. Citation markers that follow the stop belong to the sentence before it: ``…办理。[1]``. A semicolon
    ends one because official Chinese strings independent items with it. A stop inside a title's 《》 ends nothing.
    """
    masked = _TITLE.sub(lambda title: "x" * len(title.group()), text)
    spans: list[Span] = []
    start = position = 0
    while position < len(text):
        stop = _ENDS.search(masked, position)
        end = stop.end() if stop else len(text)
        if marker := _TRAILING.match(text, end):
            end = marker.end()
        _keep(text, start, end, spans)
        start = position = max(end, position + 1)
    return tuple(spans)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences themselves.

    >>> sentences("一是简化手续。[1]二是降低费用[2]。")
    ('一是简化手续。[1]', '二是降低费用[2]。')
    """
    return tuple(text[start:end] for start, end in sentence_spans(text))


def _keep(text: str, start: int, end: int, spans: list[Span]) -> None:
    piece = text[start:end]
    if MARKER.sub("", piece).strip():
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, start + len(piece.rstrip())))


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer without its markers, and the markers that stand for it."""

    text: str
    markers: tuple[int, ...]


def statements(answer: str) -> tuple[Statement, ...]:
    """What an answer states, sentence by sentence, with the citations of each.

    A quotation of several sentences carries its marker at the end: a sentence without a marker takes those of the next
    marked sentence of its line. Left out, since they state nothing of their own, are lines without a marker that only
    name a source (they begin with a dash), head a table, or announce what follows (they end with a colon).
    """
    found: list[Statement] = []
    for paragraph in answer.split("\n"):
        if not MARKER.search(paragraph) and _names_or_announces(paragraph.strip()):
            continue
        marked: tuple[int, ...] = ()
        lines: list[Statement] = []
        for sentence in reversed(sentences(paragraph)):
            own = tuple(dict.fromkeys(int(m) for m in MARKER.findall(sentence)))
            marked = own or marked
            text = MARKER.sub("", sentence).strip()
            if any(char.isalnum() for char in text):
                lines.append(Statement(text, marked))
        found += reversed(lines)
    return tuple(found)


def _names_or_announces(line: str) -> bool:
    return line.startswith(("—", "–", "|")) or line.endswith((":", "："))
