"""Which lines of a laid-out page belong to one paragraph.

Told by layout: a line runs on when it reaches the column's right edge and the next one starts at the left edge where
paragraphs are indented, or carries no number of its own where they aren't; lines in the middle of the column that are
larger than the text are one title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ingest.readers.pdf_lines import Line

LABEL: Final = re.compile(
    r"\s*(?:第[一二三四五六七八九十百千零〇两\d]{1,9}[编章节条]|[一二三四五六七八九十百]{1,4}[、．.]"
    r"|[（(][一二三四五六七八九十百\d]{1,4}[)）]|\d{1,3}[、．)）]|\d{1,3}\.(?!\d)|\d{1,2}(?:\.\d{1,2}){1,4}\s"
    r"|[①-⑳⑴-⒇]|——|[-•●○■◆▪·]\s?|专栏\s*\d|附件\s*\d*\s*[:：]?|附录|[A-Za-z][.)]\s"
    r"|(?:Article|Section|Chapter|Part)\s+[\dIVX]+)"
)
_SUBTITLE: Final = re.compile(r"[（(〔【\[]|\d{4}\s*年|.{0,12}[〔﹝\[]\d{4}[〕﹞\]]")
_SENTENCE_END: Final = re.compile("[。！？!?；;：:]['\"”’」』）)]*$")
_LATIN_END: Final = re.compile("[!-~\u00a1-\u024f\u2010-\u201d]$")
_LATIN_START: Final = re.compile("[!-~\u00a1-\u024f\u2010-\u201d]")
_FIRST_WORD: Final = re.compile(r"[!-~\u00a1-\u024f]+")


@dataclass(frozen=True, slots=True)
class Habits:
    """What a document does: the size of its running text in points, whether it indents paragraphs."""

    body_size: float
    indents: bool


def habits(all_lines: Sequence[Line]) -> Habits:
    """The habits that most of the lines show."""
    sized = sorted((line.size, len(line.text)) for line in all_lines)
    half, seen, size = sum(n for _, n in sized) / 2, 0, 12.0
    for size, n in sized:  # noqa: B007 - the size at which half of the characters are passed
        seen += n
        if seen >= half:
            break
    body = [line for line in all_lines if abs(line.size - size) < 0.1 * size]
    indented = sum(1.4 * size < line.box[0] - line.left < 3 * size for line in body)
    return Habits(size, indented >= max(2, 0.05 * len(body)))


def runs_on(first: Line, before: Line, line: Line, shown: Habits, *, turned: bool) -> bool:
    """Whether ``line`` continues the paragraph that began with ``first`` and has ``before`` as its last line so far.

    ``turned`` is True where a column or page ends between the two.
    """
    same_size = abs(before.size - line.size) <= 0.12 * max(before.size, line.size)
    step = line.box[3] - before.box[3]
    title = _is_title(before, shown) and _is_title(line, shown) and line.box[0] - line.left > line.size
    if title and not turned and same_size and step < 2.1 * line.size:
        if before.text.count("《") > before.text.count("》"):
            return True
        return not (_SENTENCE_END.search(before.text) or LABEL.match(line.text) or _SUBTITLE.match(line.text))
    near = turned or step <= 1.4 * max(line.pitch, 1.2 * line.size)
    if not same_size or not near or before.right - before.box[2] >= _room_needed(line):
        return False
    at_edge = line.box[0] - line.left < line.size
    own_label = LABEL.match(line.text) is not None
    if shown.indents and not _hangs(first, before, line):
        # At the left edge a paragraph runs on, even with a line that begins "第十二条规定的"; unless this one, too,
        # began at the edge, as a title or an addressee does.
        return at_edge and not (own_label and first.box[0] - first.left < line.size)
    ended = turned and _SENTENCE_END.search(before.text) is not None
    return not own_label and not ended and (at_edge or _hangs(first, before, line))


def _hangs(first: Line, before: Line, line: Line) -> bool:
    """Whether the paragraph's number stands out to the left and its further lines stand under its words."""
    deeper = line.box[0] - line.left - (first.box[0] - first.left)
    if first is before:
        return 0.4 * line.size < deeper < 6 * line.size and LABEL.match(first.text) is not None
    return deeper > 0.4 * line.size and abs(line.box[0] - line.left - (before.box[0] - before.left)) < 0.3 * line.size


def _room_needed(line: Line) -> float:
    """The width that a line above must have left free for this line's first word not to fit there."""
    word = _FIRST_WORD.match(line.text)
    per_char = (line.box[2] - line.box[0]) / max(1, len(line.text))
    return max(1.9 * line.size, (len(word[0]) + 1.5) * per_char if word else 0.0)


def _is_title(line: Line, shown: Habits) -> bool:
    """Whether a line stands in the middle of its column in larger type; it may fill the column."""
    left, right = line.box[0] - line.left, line.right - line.box[2]
    return line.size > 1.12 * shown.body_size and abs(left - right) < 2 * line.size


def glue(before: str, after: str) -> str:
    """What joins two lines of a paragraph: a blank between words, nothing between ideographs or after a hyphen."""
    if before.endswith("-") and after[:1].islower():
        return ""
    return " " if _LATIN_END.search(before) and _LATIN_START.match(after) else ""
