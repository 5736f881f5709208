"""How well a clause fits what a question names: its document, province, year, body, quoted words, kind of answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from qa.document_kinds import of_kind
from qa.fixed import Fixed, numbered
from qa.intent import Want, shape_found
from qa.language import Language, plain
from qa.library import Shelf, View
from qa.lists import announces
from qa.places import regions_in, years_in
from qa.question import Asked


def document_fit(asked: Asked, doc_id: str) -> tuple[float, float]:
    """The certainty that the question names that document, and 1 where it names others only."""
    certainty = next((m.certainty for m in asked.mentions if m.doc_id == doc_id), 0.0)
    return certainty, 1.0 if asked.mentions and not certainty else 0.0


_ANNUAL = re.compile(r"(?<![\d-])((?:19|20)\d{2})年(?:度|(?!\s*[-—至])(?=.{0,12}(?:工作|要点|指南|名单|通报|计划$)))")
"""A title that is about one year (2026年度…指南), unlike one that spans several or is only dated."""


@lru_cache(maxsize=50_000)
def annual_years(title: str) -> frozenset[int]:
    """The year that a title is about, where it is about one."""
    found = _ANNUAL.search(plain(title))
    return frozenset((int(found[1]),)) if found else frozenset()


@lru_cache(maxsize=50_000)
def _regions_of(text: str) -> frozenset[str]:
    return frozenset(regions_in(text))


@lru_cache(maxsize=50_000)
def _years_of(text: str) -> frozenset[int]:
    return frozenset(years_in(text))


def region_fit(asked: Asked, view: View) -> float:
    """1 where the clause's place in the outline or its document is about an asked place, -1 where about another."""
    if not asked.places:
        return 0.0
    wanted = set(asked.regions)
    place = " ".join((view.path, view.title, view.document.region or ""))
    if any(name in place for name in asked.places) or wanted & _regions_of(place):
        return 1.0
    if any(name in view.text for name in asked.places) or wanted & _regions_of(view.text):
        return 0.6
    return -1.0 if _regions_of(place) else -0.3


def year_fit(asked: Asked, view: View) -> float:
    """1 where the clause names an asked year, less where only its heading does, below 0 for other years."""
    if not asked.years:
        return 0.0
    years = _years_of(view.text)
    if years & set(asked.years):
        return 1.0
    around = _years_of(" ".join((view.path, view.document.title)))
    annual = annual_years(view.document.title)
    if annual:
        return 1.0 if annual & set(asked.years) else -1.0
    return 0.5 if around & set(asked.years) else -0.3 if years else 0.0


def body_fit(asked: Asked, view: View) -> float:
    """1 where an asked body issued the document."""
    if not asked.bodies:
        return 0.0
    issuers = plain(" ".join(view.document.issuers))
    return 1.0 if any(plain(body) in issuers or plain(body) in view.title for body in asked.bodies) else 0.0


def quoted_fit(asked: Asked, view: View) -> float:
    """The share of the quoted words that the clause holds word for word."""
    if not asked.quoted:
        return 0.0
    held = [1.0 if q in view.text else 0.8 if q in view.path else 0.0 for q in asked.quoted]
    return sum(held) / len(held)


def shape_fits(asked: Asked, texts: Sequence[str]) -> list[float]:
    """For each text the share of the wanted kinds of answer that it holds anything like; 0.5 where none is wanted."""
    wants = [want for want in asked.intent.wants if want not in (Want.YES_NO, Want.COMPARISON, Want.FACT)]
    if not wants:
        return [0.5] * len(texts)
    found = [[shape_found(want, text) for text in texts] for want in wants]
    return [sum(of_text) / len(wants) for of_text in zip(*found, strict=True)]


def definition_fit(asked: Asked, view: View) -> float:
    """1 where a sentence says what an asked word is (统计标准是…, 本办法所称家用电器,是指…)."""
    if not asked.intent.has(Want.DEFINITION):
        return 0.0
    subjects = asked.quoted or asked.defined
    if any(_defines(subject, text) for subject in subjects for text in view.sentence_texts):
        return 1.0
    return 0.8 if any(is_entry(subject, view) for subject in subjects) else 0.0


def is_entry(subject: str, view: View) -> bool:
    """Whether the clause is a glossary's entry for a word: 4.8 无人工厂 lights-out factory, 边缘数据中心:…"""
    name = _ENTRY_NUMBER.sub("", view.step)
    return name.startswith(subject) and not _CHINESE.match(name, len(subject))


_ENTRY_NUMBER = re.compile(r"^[\d.、()一二三四五六七八九十\s]*[“\"]?")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _defines(subject: str, text: str) -> bool:
    at = text.find(subject)
    while at >= 0:
        if _IS.match(text, at + len(subject)) or _IS_BEFORE.search(text, 0, at):
            return True
        at = text.find(subject, at + 1)
    return False


_IS_BEFORE = re.compile(r"(?:属于|称为|叫做|统称|简称)[“\"]?$")
_IS = re.compile(r"[^,。;]{0,6}[,:”\"」]?\s*(?:是指|系指|指的是|是(?!否|不是)|即|,指)")


def kind_fit(asked: Asked, view: View) -> float:
    """1 where the clause's document is of a sort that the question names (条例, 规划, 解读), -0.3 where of another."""
    if not asked.kinds or asked.mentions:
        return 0.0
    return 1.0 if any(of_kind(view.document, kind) for kind in asked.kinds) else -0.3


def count_fit(asked: Asked, view: View, shelf: Shelf) -> float:
    """How well a clause holds the number of things that a question counts (五条重点产业链), 0 to 1.

    1 where it heads as many clauses, 0.8 where one sentence lists as many, 0.6 where it prints that number of anything.
    """
    count = asked.intent.count
    if count is None:
        return 0.0
    if len(shelf.below(view.document.doc_id, view.clause.clause_id)) == count:
        return 1.0
    if any(sentence.count("、") == count - 1 or numbered(sentence) == count for sentence in view.sentence_texts):
        return 0.8
    return 0.6 if _PRINTED_COUNT[count].search(view.text) else 0.0


_HAN_DIGITS = "零一二三四五六七八九十"
_PRINTED_COUNT = {
    n: re.compile(rf"(?<![\d第{_HAN_DIGITS}])(?:{n}|{_written})(?![\d.%年月日{_HAN_DIGITS}])")
    for n in range(2, 31)
    for _written in (
        _HAN_DIGITS[n]
        if n <= 10
        else f"{_HAN_DIGITS[n // 10] if n >= 20 else ''}十{_HAN_DIGITS[n % 10] if n % 10 else ''}",
    )
}


def list_fit(asked: Asked, view: View, shelf: Shelf) -> float:
    """Where a list is asked for: 1 for a clause that announces its items, 0.7 for one that lists in a sentence."""
    if not asked.intent.has(Want.LIST, Want.PROCEDURE):
        return 0.0
    if announces(view) and len(shelf.below(view.document.doc_id, view.clause.clause_id)) >= 2:
        return 1.0
    return 0.7 if view.fixed.lists else 0.0


def no_matter(asked: Asked, fixed: Fixed) -> float:
    """1 where the clause only names or announces: a title block, or an opening (如下:) that no list was asked of."""
    if fixed.names:
        return 0.0 if asked.intent.has(Want.BODY, Want.DATE, Want.DOCUMENT_NUMBER) else fixed.names
    return 0.0 if asked.intent.has(Want.LIST, Want.PROCEDURE) else fixed.announces


def liability_fit(asked: Asked, fixed: Fixed) -> float:
    """1 where a clause says what follows a breach and that is asked, -1 where it is not: then the duty answers."""
    if not fixed.liability:
        return 0.0
    asks = asked.intent.has(Want.PENALTY) or bool(_LIABILITY_ASKED.search(plain(asked.standalone)))
    return 1.0 if asks else -1.0


_LIABILITY_ASKED = re.compile(r"责任|赔|拘留|违法|违反|判[几刑]|坐牢|liab|violat|breach|illegal")


def script_fit(asked: Asked, fixed: Fixed) -> float:
    """-1 where the document is in Traditional characters and the question in Simplified, or the other way about."""
    if asked.language is Language.EN:
        return 0.0
    return 0.0 if (asked.language is Language.HANT) == bool(fixed.traditional) else -1.0
