"""The word lists in ``qa/data``: everyday words, English policy terms, regions and public bodies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from qa.language import plain


@dataclass(frozen=True, slots=True)
class Names:
    """Full names with their short names. ``full[short]`` is the tuple of full names that a short name may stand for."""

    shorts: dict[str, tuple[str, ...]]
    full: dict[str, tuple[str, ...]]


def _rows(name: str) -> list[tuple[str, tuple[str, ...]]]:
    text = (resources.files("qa") / "data" / name).read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, _, values = line.partition("\t")
            rows.append((key.strip(), tuple(values.split())))
    return rows


@cache
def everyday() -> dict[str, tuple[str, ...]]:
    """Everyday word → what official texts say instead."""
    return {plain(key): tuple(plain(v) for v in values) for key, values in _rows("everyday.tsv")}


@cache
def glossary() -> dict[str, tuple[str, ...]]:
    """English word or phrase, lower case → Chinese words."""
    return {key.lower(): values for key, values in _rows("glossary_en.tsv")}


@cache
def regions() -> Names:
    """Provinces. One-character names (沪) are listed too; they count only where the text around makes them names."""
    return _names("regions.tsv")


@cache
def bodies() -> Names:
    """Ministries and other bodies of the centre."""
    return _names("bodies.tsv")


@cache
def other_places() -> frozenset[str]:
    """Cities and countries."""
    return frozenset(name for _, names in _rows("places.tsv") for name in names)


def _names(file: str) -> Names:
    shorts: dict[str, tuple[str, ...]] = {}
    full: dict[str, tuple[str, ...]] = {}
    for name, names in _rows(file):
        shorts[name] = names
        for one in (name, *names):
            full[one] = (*full.get(one, ()), name)
    return Names(shorts, full)
