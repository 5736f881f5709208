"""Provinces, years, public bodies and numbered labels that a text names."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ingest.numerals import number
from qa.language import plain
from qa.lexicon import bodies, other_places, regions

_LABEL = re.compile(
    r"第\s*([零〇一二三四五六七八九十百千两\d]{1,8})\s*(编|章|节|条|款|项|部分)(?:之([一二三四五六七八九十]))?"
    r"|(专栏|附件|附录|附表|表)\s*([零〇一二三四五六七八九十\d]{1,3})(?![\d个])"
    r"|\b(article|chapter|section|annex|appendix)\s+(\d{1,4})(?!\d)"
)
_ENGLISH = {"article": "条", "chapter": "章", "section": "节", "annex": "附件", "appendix": "附录"}
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?!\d|号|[\])]\s*第?\s*\d+\s*号)|([二一][〇零○九][〇零○一二三四五六七八九]{2})年"
)


@dataclass(frozen=True, slots=True)
class Label:
    """A numbered place that a question points at: ``kind`` 条, ``value`` 45, ``sub`` 1 for 第四十五条之一."""

    kind: str
    value: int
    sub: int
    printed: str


@cache
def _region_pattern() -> re.Pattern[str]:
    names = [name for name in regions().full if len(name) >= 2]
    return re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))


@cache
def _body_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted((re.escape(plain(n)) for n in bodies().full), key=len, reverse=True)))


def regions_in(text: str) -> tuple[str, ...]:
    """Provinces named in ``text`` by their short names (浙江, 内蒙古), in order, each once. 川渝 names two."""
    found: dict[str, None] = {}
    folded = plain(text)
    for match in _region_pattern().finditer(folded):
        found[short_region(match[0])] = None
    for pair in re.findall(
        r"[京津沪渝冀晋苏浙皖闽赣鲁豫鄂湘粤琼川蜀黔滇陕甘藏桂]{2,3}(?=比|两|三|地|之|各|、|和|与|$)", folded
    ):
        for letter in pair:
            found[short_region(letter)] = None
    return tuple(found)


@cache
def short_region(name: str) -> str:
    """浙江 for 浙江省, 浙 and 浙江; the name itself where it is no province."""
    full = regions().full.get(name)
    return regions().shorts[full[0]][0] if full else name


def years_in(text: str) -> tuple[int, ...]:
    """Years named in ``text``, in order, each once; the year inside a document number is none."""
    found: dict[int, None] = {}
    for match in _YEAR.finditer(plain(text)):
        value = int(match[1]) if match[1] else number(match[2])
        if value and 1900 <= value <= 2100:
            found[value] = None
    return tuple(found)


def bodies_in(text: str) -> tuple[str, ...]:
    """Full names of public bodies that ``text`` names in full or in short, each once."""
    found: dict[str, None] = {}
    for match in _body_pattern().finditer(plain(text)):
        for full in bodies().full.get(match[0], ()):
            found[full] = None
    return tuple(found)


def labels_in(text: str) -> tuple[Label, ...]:
    """Numbered places named in ``text``: 第四十五条, 第12条之一, 专栏4, Article 7."""
    found: dict[Label, None] = {}
    for match in _LABEL.finditer(plain(text)):
        kind = match[2] or match[4] or _ENGLISH[match[6]]
        value = number(match[1] or match[5] or match[7])
        if value is not None:
            found[Label(kind, value, number(match[3]) or 0 if match[3] else 0, match[0])] = None
    return tuple(found)


_ANY_PLACE = re.compile(
    r"(?:^|(?<=[,,。??、;在到于从的和与跟为那说]))([\u4e00-\u9fff]{2,4}?)(?:省"
    r"|市|自治州|自治区|县)(?![场值民级面价政长委区直])"
)
_NO_PLACE = re.compile(
    r"[我咱你本该全各哪这那每某外跨两几他它城股超都门里年月日]|上市"
    r"|地级|省级|直辖|试点|其他|一些|所有|不同|所在|国家|[东西中]部"
)


def places_in(text: str, printed: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """Every place that ``text`` names: provinces, known cities and countries, and whatever it calls 省, 市, 县 or 区.

    ``printed`` says whether the store prints a word: of 分到海棠县 only 海棠县 is a name that it knows.
    """
    folded = plain(text)
    found = dict.fromkeys(regions_in(text))
    found |= dict.fromkeys(name for name in sorted(other_places()) if name in folded)
    known = _printed_places(folded, printed) if printed is not None else []
    found |= dict.fromkeys(known)
    for match in _ANY_PLACE.finditer(folded):
        if not _NO_PLACE.search(match[1]) and not any(match[1].endswith(name[:-1]) for name in known):
            found[short_region(match[1])] = None
    return tuple(found)


_DIVISION = re.compile(r"(?<=[\u4e00-\u9fff]{2})[县区旗镇乡](?!域|别|间|分|块链)")
_LONGEST_NAME = 4
_COMMON = re.compile(
    r"[各该本我全哪那这两每某市县省城郊园小社地山景辖]区|[各该本我全哪那这两每某]县|[各该本村乡]镇"
    r"|(?:示范|试验|实验|先行|先导|开发|保税|自贸|功能|集聚|产业|服务|聚集|行政|办公|居民|核心|特)区"
)


def _printed_places(folded: str, printed: Callable[[str], bool]) -> list[str]:
    """Counties, districts and towns whose names the store prints, the longest name at each place."""
    names = []
    for match in _DIVISION.finditer(folded):
        for length in range(_LONGEST_NAME, 1, -1):
            name = folded[max(0, match.end() - length) : match.end()]
            if len(name) == length and _HAN.fullmatch(name) and printed(name):
                if length > 2 and not _COMMON.search(name):
                    names.append(name)
                break
    return names


_HAN = re.compile(r"[\u4e00-\u9fff]+")
