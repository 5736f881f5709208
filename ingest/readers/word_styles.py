"""What a Word paragraph's style says about it: outline level, numbering, whether it is the title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME: Final = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.I)
_TITLE_NAMES: Final = frozenset(("title", "标题", "標題", "文件标题", "公文标题"))
_CHAIN: Final = 20
"""Styles based on styles: Word itself allows eleven; a circle must end."""


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """Values that a style and those it is based on give; None or empty where none of them does.

    ``level`` counts from 1; ``owner`` is the style that holds the numbering, which levels refer to.
    """

    level: int | None = None
    title: bool = False
    number: str = ""
    number_level: int | None = None
    owner: str = ""


class Styles:
    """The paragraph styles of a document by their id."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._found: dict[str, ParagraphStyle] = {}
        self.default = ""
        if root is None:
            return
        for element in root.iterchildren(f"{W}style"):
            style_id = element.get(f"{W}styleId", "")
            if element.get(f"{W}type", "paragraph") == "paragraph":
                self._elements[style_id] = element
                if element.get(f"{W}default") in {"1", "true", "on"}:
                    self.default = style_id

    def __getitem__(self, style_id: str) -> ParagraphStyle:
        if style_id not in self._found:
            self._found[style_id] = self._resolve(style_id)
        return self._found[style_id]

    def _resolve(self, style_id: str) -> ParagraphStyle:
        level: int | None = None
        number, number_level, owner = "", None, ""
        title = False
        at = style_id
        for _ in range(_CHAIN):
            element = self._elements.get(at)
            if element is None:
                break
            name = (value(element, "name") or at).strip()
            title = title or name.lower() in _TITLE_NAMES
            properties = element.find(f"{W}pPr")
            if properties is not None:
                if level is None:
                    level = outline_level(properties)
                if not number and (found := properties.find(f"{W}numPr")) is not None:
                    number, owner = value(found, "numId") or "", at
                    number_level = small_int(value(found, "ilvl"))
            if level is None and (named := _HEADING_NAME.fullmatch(name)):
                level = int(named[1])
            at = value(element, "basedOn") or ""
        return ParagraphStyle(level, title, number, number_level, owner)


def outline_level(properties: etree._Element) -> int | None:
    """The outline level from 1 of a ``w:pPr``; 0 where it says "body text", None where it says nothing."""
    stored = small_int(value(properties, "outlineLvl"))
    if stored is None:
        return None
    return stored + 1 if 0 <= stored <= 8 else 0


def value(element: etree._Element, tag: str) -> str | None:
    """The ``w:val`` of a child, None where there is no such child."""
    child = element.find(W + tag)
    return None if child is None else child.get(f"{W}val")


def small_int(text: str | None) -> int | None:
    """A number of at most four digits; None for anything else."""
    return int(text) if text and re.fullmatch(r"\d{1,4}", text) else None
