"""Everything that is read off a question before anything is searched."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.circumstances import background, without_background
from qa.document_kinds import kinds_in
from qa.followup import Standalone, make_standalone
from qa.intent import Intent, read_intent
from qa.language import Language, detect, plain
from qa.places import Label, bodies_in, labels_in, places_in, regions_in, years_in
from qa.spelling import Speller
from qa.terms import Term, question_terms, quoted
from qa.titles import Mention, Titles

_NUMBER_SAID = re.compile(r"\d\s*号")
_CARRIED = 0.4
"""How much a word of the turn before, or of what who asks says of themselves, counts beside what is asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood. ``search_text`` is what the search is given: spelling mended, history filled in."""

    question: str
    standalone: str
    search_text: str
    language: Language
    intent: Intent
    terms: tuple[Term, ...]
    mentions: tuple[Mention, ...]
    affinity: Mapping[str, float]
    labels: tuple[Label, ...]
    regions: tuple[str, ...]
    places: tuple[str, ...]
    """The regions, and every other place that the question names."""
    years: tuple[int, ...]
    bodies: tuple[str, ...]
    quoted: tuple[str, ...]
    unknown_titles: tuple[str, ...]
    defined: tuple[str, ...] = ()
    """What a definition is asked of, as the question puts it (统计标准 in 啥叫统计标准), and its official words."""
    corrections: tuple[tuple[str, str], ...] = ()
    kinds: tuple[str, ...] = ()
    """Sorts of documents that the question names without naming one: 条例, 规划, 解读."""
    earlier: tuple[str, ...] = ()
    """Ids of the documents that the conversation was about, where the question goes on from it."""

    @property
    def numbered(self) -> Mapping[str, str]:
        """The documents that the question names by their number, by id, with what it calls them."""
        return {mention.doc_id: mention.words for mention in self.mentions if _NUMBER_SAID.search(mention.words)}

    @property
    def named_documents(self) -> tuple[str, ...]:
        """Ids of the documents that the question names, surest first."""
        return tuple(mention.doc_id for mention in self.mentions)


def understand(question: str, history: Sequence[str], titles: Titles, speller: Speller) -> Asked:
    """Reads ``question`` against the names in the store. Never fails, whatever the characters."""
    language = detect(question)
    turn = make_standalone(question, history)
    mended, corrections = speller.mend(plain(turn.text))
    own = speller.mend(plain(turn.own))[0] if turn.carried else mended
    intent = read_intent(turn.own)
    if turn.substituted:
        before = read_intent(turn.text)
        intent = Intent(tuple(dict.fromkeys((*before.wants, *intent.wants))), before.count)
    mentions = titles.mentions(mended)
    terms = _terms(own, mended, turn, language, titles.english)
    return Asked(
        question=question,
        standalone=turn.text,
        search_text=_search_text(mended, terms, language),
        language=language,
        intent=intent,
        terms=terms,
        mentions=mentions,
        affinity=titles.affinity(mended),
        labels=labels_in(turn.own) or labels_in(turn.text),
        regions=regions_in(mended) or _regions_of_terms(terms),
        places=tuple(dict.fromkeys((*places_in(mended, speller.prints), *_regions_of_terms(terms)))),
        years=_years(turn, titles),
        bodies=bodies_in(mended),
        quoted=tuple(_mended(name, corrections) for name in quoted(turn.own) or quoted(turn.text)),
        unknown_titles=titles.unknown_titles(mended),
        defined=_defined(turn.own if language is not Language.EN else "", terms),
        corrections=corrections,
        kinds=kinds_in(mended),
    )


def _mended(words: str, corrections: Sequence[tuple[str, str]]) -> str:
    for typed, meant in corrections:
        words = words.replace(typed, meant)
    return words


def _terms(own: str, whole: str, turn: Standalone, language: Language, english: bool) -> tuple[Term, ...]:
    terms = {term.word: term for term in question_terms(own, language, english)}
    if background(own):
        asking = {term.word for term in question_terms(without_background(own), language, english)}
        terms = {
            word: term if word in asking else replace(term, weight=term.weight * _CARRIED)
            for word, term in terms.items()
        }
    if turn.carried:
        weight = 0.9 if turn.substituted else _CARRIED
        context = whole if turn.substituted else plain(turn.carried)
        for term in question_terms(context, language, english):
            terms.setdefault(term.word, replace(term, weight=term.weight * weight))
    return tuple(terms.values())


def _regions_of_terms(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Regions that an English question names: they appear among the Chinese counterparts of its words."""
    return tuple(dict.fromkeys(region for term in terms for region in regions_in(term.word)))


def _search_text(mended: str, terms: tuple[Term, ...], language: Language) -> str:
    if language is not Language.EN:
        return mended
    return " ".join((mended, *(term.word for term in terms if term.stands_for)))


_DEFINED = re.compile(
    r"(?:什么是|啥是|啥叫|什么叫|何谓|所谓)(?:的)?([^,,。??的]{2,14})"
    r"|([^,,。??里中的是]{2,14})(?:是什么意思|是啥意思|什么意思|啥意思|是个?啥"
    r"|是什么|指什么|指的是什么|指啥|怎么定义|如何定义|的定义|的含义|的概念|是指)"
)


def _defined(question: str, terms: tuple[Term, ...]) -> tuple[str, ...]:
    """The words that are to be defined; an English question's are the Chinese counterparts of its longest phrase."""
    found = [plain(a or b) for a, b in _DEFINED.findall(question)]
    if found:
        return tuple(found)
    official = sorted((t.word for t in terms if t.stands_for), key=len, reverse=True)
    return tuple(official[:1]) if not question else ()


_RELATIVE = {"今年": 0, "本年度": 0, "去年": -1, "上年度": -1, "前年": -2, "明年": 1}


def _years(turn: Standalone, titles: Titles) -> tuple[int, ...]:
    """The years that a question names; 今年 and 去年 count where a title of the store names that year."""
    named = years_in(turn.own) or years_in(turn.text)
    this_year = date.today().year
    asking = without_background(turn.own)
    relative = (this_year + step for word, step in _RELATIVE.items() if word in asking)
    return tuple(dict.fromkeys((*named, *(year for year in relative if year in titles.years))))
