"""One Word paragraph: its printed words, number, level, and the text boxes and notes that hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from ingest.readers.word_numbering import Numberer
from ingest.readers.word_styles import Styles, outline_level, small_int, value

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED: Final = frozenset((f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}instrText", f"{W}delText", _FALLBACK))
_MAX_HEADING_CHARS: Final = 120
"""A paragraph longer than this is text, whatever outline level somebody gave it."""
_OFF: Final = frozenset(("0", "false", "off"))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one paragraph prints. ``label`` is its automatic number with the blank after it.

    ``lines`` are split at manual line breaks; ``level`` is 0 for body text; ``boxes`` are elements with blocks of
    their own; ``notes`` the footnotes called in it.
    """

    label: str
    lines: tuple[str, ...]
    level: int = 0
    title: bool = False
    boxes: tuple[etree._Element, ...] = ()
    notes: tuple[str, ...] = ()


class ParagraphReader:
    """Reads paragraphs in document order, which automatic numbers count in."""

    def __init__(self, styles: Styles, numberer: Numberer) -> None:
        self._styles = styles
        self._numberer = numberer
        self._footnotes: dict[str, str] = {}
        self._endnotes: dict[str, str] = {}
        self._notes_seen = 0
        self.endnotes: list[str] = []

    def add_notes(self, root: etree._Element | None, *, endnotes: bool) -> None:
        """Makes a footnotes or endnotes part known."""
        if root is None:
            return
        kind, target = ("endnote", self._endnotes) if endnotes else ("footnote", self._footnotes)
        for note in root.iterchildren(W + kind):
            if note.get(f"{W}type") in {None, "normal"}:
                words = ["".join(_Words(p).parts).replace("\n", " ") for p in note.iter(f"{W}p")]
                target[note.get(f"{W}id", "")] = " ".join(word.strip() for word in words if word.strip())

    def read(self, element: etree._Element) -> Paragraph:
        """The paragraph as printed. Advances the count of its numbering."""
        words = _Words(element)
        lines = tuple(line for line in "".join(words.parts).split("\n") if line.strip(" \t\u3000\xa0"))
        style_id, number, at, direct_level = self._properties(element)
        style = self._styles[style_id or self._styles.default]
        label = ""
        # Word prints a number also before an empty paragraph of a list, and counts it.
        if number and number != "0":
            label = self._numberer.next(number, at)
        level = direct_level if direct_level is not None else (style.level or 0)
        if sum(map(len, lines)) > _MAX_HEADING_CHARS:
            level = 0
        return Paragraph(
            label=label,
            lines=lines,
            level=level,
            title=style.title,
            boxes=tuple(words.boxes),
            notes=tuple(self._note(kind, key) for kind, key in words.notes),
        )

    def _properties(self, element: etree._Element) -> tuple[str, str, int, int | None]:
        """Style id, numbering id, numbering level and direct outline level of a paragraph."""
        properties = element.find(f"{W}pPr")
        style_id = "" if properties is None else value(properties, "pStyle") or ""
        style = self._styles[style_id or self._styles.default]
        number, at = style.number, style.number_level
        if at is None:
            at = self._numberer.level_of_style(number, style.owner)
        if properties is None:
            return style_id, number, at, None
        direct = properties.find(f"{W}numPr")
        if direct is not None:
            number = value(direct, "numId") or number
            direct_at = small_int(value(direct, "ilvl"))
            at = direct_at if direct_at is not None else at
        return style_id, number, at, outline_level(properties)

    def _note(self, kind: str, key: str) -> str:
        self._notes_seen += 1
        line = f"注{self._notes_seen}：{(self._endnotes if kind == 'endnote' else self._footnotes).get(key, '')}"
        if kind == "footnote":
            return line
        self.endnotes.append(line)
        return ""


class _Words:
    """Collects a paragraph's characters; text boxes and note calls beside them."""

    def __init__(self, paragraph: etree._Element) -> None:
        self.parts: list[str] = []
        self.boxes: list[etree._Element] = []
        self.notes: list[tuple[str, str]] = []
        self._walk(paragraph)

    def _walk(self, element: etree._Element) -> None:
        for child in element:
            if child.tag in _SKIPPED or (child.tag == f"{W}r" and _hidden(child)):
                continue
            if child.tag == f"{W}txbxContent":
                self.boxes.append(child)
            elif child.tag == f"{W}t":
                self.parts.append(child.text or "")
            elif child.tag in _SIGNS:
                self.parts.append(_SIGNS[child.tag])
            elif child.tag == f"{W}br":
                self.parts.append("\n" if child.get(f"{W}type") in {None, "textWrapping"} else "")
            elif child.tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
                kind = "footnote" if child.tag == f"{W}footnoteReference" else "endnote"
                self.notes.append((kind, child.get(f"{W}id", "")))
            elif child.tag == f"{W}sym":
                self.parts.append(_symbol(child))
            elif child.tag != f"{W}p":
                self._walk(child)


_SIGNS: Final = {f"{W}tab": " ", f"{W}ptab": " ", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def _hidden(run: etree._Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "1") not in _OFF


def _symbol(element: etree._Element) -> str:
    """A character of a symbol font; those in the private range mean nothing without the font."""
    code = element.get(f"{W}char", "")
    try:
        point = int(code, 16)
    except ValueError:
        return ""
    return chr(point) if 0x20 <= point < 0xE000 and not 0xD800 <= point < 0xE000 else ""
