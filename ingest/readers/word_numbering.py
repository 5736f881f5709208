"""The numbers that Word prints before paragraphs and keeps out of their text: 第一章, (一), 1.1, ①.

Follows ECMA-376 part 1, 17.9: a paragraph names a numbering (``w:numId``) and a level (``w:ilvl``), by itself or
through its style; a numbering refers to an abstract one that holds the levels' formats, and paragraphs of the same
abstract numbering count together unless a numbering overrides where a level starts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from ingest.readers.numbering import numeral

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET: Final = "•"
_PLACE: Final = re.compile(r"%([1-9])")
_LEVELS: Final = 9


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart_after: int | None = None
    legal: bool = False
    paragraph_style: str = ""


@dataclass(slots=True)
class _Numbering:
    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numberer:
    """Counts through a document's paragraphs in order and gives each its printed number."""

    def __init__(self, numbering: etree._Element | None) -> None:
        self._numberings: dict[str, _Numbering] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._overridden: set[tuple[str, int]] = set()
        if numbering is not None:
            self._load(numbering)

    def _load(self, root: etree._Element) -> None:
        abstracts: dict[str, dict[int, _Level]] = {}
        links: dict[str, str] = {}
        definitions: dict[str, str] = {}
        for element in root.iterchildren(f"{W}abstractNum"):
            number = element.get(f"{W}abstractNumId", "")
            abstracts[number] = {_int(lvl.get(f"{W}ilvl"), 0): _level(lvl) for lvl in element.iterchildren(f"{W}lvl")}
            if (link := _value(element, "numStyleLink")) is not None:
                links[number] = link
            if (name := _value(element, "styleLink")) is not None:
                definitions[name] = number
        for element in root.iterchildren(f"{W}num"):
            abstract = _value(element, "abstractNumId") or ""
            abstract = definitions.get(links.get(abstract, ""), abstract)
            found = _Numbering(abstract, dict(abstracts.get(abstract, {})))
            for override in element.iterchildren(f"{W}lvlOverride"):
                at = _int(override.get(f"{W}ilvl"), 0)
                for lvl in override.iterchildren(f"{W}lvl"):
                    found.levels[at] = _level(lvl)
                if (start := _value(override, "startOverride")) is not None:
                    found.starts[at] = _int(start, 1)
            self._numberings[element.get(f"{W}numId", "")] = found

    def level_of_style(self, number: str, style: str) -> int:
        """The level that a numbering ties to a paragraph style; 0 where it ties none."""
        found = self._numberings.get(number)
        levels = found.levels if found else {}
        return next((at for at, level in levels.items() if style and level.paragraph_style == style), 0)

    def next(self, number: str, at: int) -> str:
        """What Word prints before the next paragraph of that numbering and level, with the blank that follows it.

        Empty where the numbering is unknown or prints nothing. Bullets come as ``• ``, whatever their font.
        """
        found = self._numberings.get(number)
        if found is None or not 0 <= at < _LEVELS or at not in found.levels:
            return ""
        level = found.levels[at]
        if level.style == "bullet":
            return f"{BULLET} "
        counts = self._counts[found.abstract]
        if at in found.starts and (number, at) not in self._overridden:
            self._overridden.add((number, at))
            counts[at] = found.starts[at]
        else:
            counts[at] = counts.get(at, found.starts.get(at, level.start) - 1) + 1
        for deeper in [d for d in counts if d > at]:
            after = found.levels[deeper].restart_after if deeper in found.levels else None
            if after is None or (after > 0 and at < after):
                del counts[deeper]

        def place(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            shown = found.levels.get(other, level)
            count = counts.get(other, shown.start)
            return numeral(count, "decimal" if level.legal else shown.style)

        printed = "" if level.style == "none" and "%" in level.text else _PLACE.sub(place, level.text)
        if not printed.strip():
            return ""
        return printed + ("" if level.suffix == "nothing" or printed.endswith(("、", "）", " ")) else " ")


def _level(element: etree._Element) -> _Level:
    # A style newer than the schema stands in mc:AlternateContent, its plainer fallback last.
    style = next((e.get(f"{W}val", "decimal") for e in reversed([*element.iter(f"{W}numFmt")])), "decimal")
    restart = _value(element, "lvlRestart")
    legal = element.find(f"{W}isLgl")
    return _Level(
        start=_int(_value(element, "start"), 1),
        style=style,
        text=_value(element, "lvlText") or "",
        suffix=_value(element, "suff") or "tab",
        restart_after=None if restart is None else _int(restart, 0),
        legal=legal is not None and legal.get(f"{W}val", "1") not in {"0", "false", "off"},
        paragraph_style=_value(element, "pStyle") or "",
    )


def _value(element: etree._Element, tag: str) -> str | None:
    child = element.find(W + tag)
    return None if child is None else child.get(f"{W}val")


def _int(value: str | None, default: int) -> int:
    return int(value) if value and re.fullmatch(r"-?\d{1,8}", value) else default
