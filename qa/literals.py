"""What a sentence must not get wrong: its numbers, dates, document numbers, titles, names. Taken out for comparing."""

from __future__ import annotations

import re

from ingest.numerals import number
from qa.language import plain, squeeze
from qa.places import bodies_in, regions_in

_NUMERAL = r"\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+(?:点[零〇一二三四五六七八九]+)?"
_UNIT = (
    "%|‰|个百分点|万亿元|万亿|亿元|万元|千元|百元|元|亿|万|个工作日|工作日|年|个月|月|日|天|小时|分钟|周|倍|家|个|项|条|款|章|节|人|名"
    "|户|次|批|类|种|件|台|辆|套|米|公里|平方米|吨|级|位|分|号|期|届"
)
_FIGURE = re.compile(rf"百分之({_NUMERAL})|({_NUMERAL})\s*(?:多|余)?\s*({_UNIT})?")
_TITLE = re.compile(r"[《〈]([^》〉]{2,80})[》〉]")
_QUOTED = re.compile(r"[“「『\"]([^”」』\"]{2,60})[”」』\"]")
_DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[\[(](?:19|20)\d{2}[\])]\s*(?:第\s*)?\d{1,5}\s*号")
_LATIN = re.compile(r"[a-z][a-z0-9-]{1,}", re.IGNORECASE)
_IDIOMS = re.compile(
    r"一(?:般|些|定|并|律|样|致|直|切|方面|旦|起|体|系列|带一路|网通办|站式|把手)|统一|唯一|进一步|之一|十分|万一|千万(?=要|别)|三农|两化"
)


def figures(text: str) -> set[tuple[float, str]]:
    """The numbers in ``text`` as (value, unit), in whatever way they are printed: 5万元 and 五万元 are (50000, 元)."""
    folded = _IDIOMS.sub("#", _DOC_NUMBER.sub("#", plain(text)))
    found: set[tuple[float, str]] = set()
    for match in _FIGURE.finditer(folded):
        printed, unit = (match[1], "%") if match[1] else (match[2], match[3] or "")
        value = _value(printed)
        if value is None or (not unit and not printed[0].isdigit() and len(printed) == 1):
            continue
        for mark, times in (("万亿", 1e12), ("亿", 1e8), ("万", 1e4), ("千", 1e3), ("百", 1e2)):
            if unit.startswith(mark):
                value, unit = value * times, unit[len(mark) :]
                break
        found.add((round(value, 6), unit.removeprefix("个") if len(unit) > 1 else unit))
    return found


def _value(printed: str) -> float | None:
    if printed[0].isdigit():
        return float(printed.replace(",", ""))
    whole, _, fraction = printed.partition("点")
    value = number(whole)
    if value is None:
        return None
    digits = "".join(str(number(c) or 0) for c in fraction)
    return float(f"{value}.{digits}") if digits else float(value)


def names(text: str) -> set[str]:
    """Titles, document numbers, quoted terms, bodies, regions and Latin words in ``text``, in `squeeze` form."""
    folded = plain(text)
    found = {squeeze(one) for one in _TITLE.findall(text)}
    found |= {squeeze(one) for one in _QUOTED.findall(text)}
    found |= {squeeze(one) for one in _DOC_NUMBER.findall(folded)}
    found |= {squeeze(one) for one in _LATIN.findall(folded)}
    found |= set(regions_in(text))
    return {one for one in found if one}


def unborne_figures(sentence: str, *sources: str) -> set[str]:
    """The figures of ``sentence`` that no source has, as value and unit; a bare number may take any unit."""
    held: set[tuple[float, str]] = set()
    for source in sources:
        held |= figures(source)
    values = {value for value, _ in held}
    return {
        f"{value:g}{unit}"
        for value, unit in figures(sentence)
        if (value, unit) not in held and not (value in values and (not unit or (value, "") in held))
    }


def unborne_names(sentence: str, *sources: str) -> set[str]:
    """The names of ``sentence`` that no source has."""
    held = squeeze(" ".join(sources))
    return {name for name in names(sentence) if name not in held} | {
        body for body in bodies_in(sentence) if not set(bodies_in(" ".join(sources))) & {body}
    }
