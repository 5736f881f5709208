"""A question's content words with weights, and the official words that stand for them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from index.tokens import without_little_words
from qa.language import Language, plain
from qa.lexicon import bodies, everyday, glossary, regions

_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z][a-z0-9+./-]*[a-z0-9+]|[a-z]|\d+(?:\.\d+)?%?")
_QUOTED = re.compile(r"[“\"「『‘']([^”\"」』’']{2,30})[”\"」』’']")
_LONGEST_EVERYDAY = 6


@dataclass(frozen=True, slots=True)
class Term:
    """A word to look for. ``weight`` is 1 for the question's own words, less for what only stands in for them.

    ``stands_for`` is the question's own word where this one is its official counterpart: the two are alternatives, and
    a text that has either has the term.
    """

    word: str
    weight: float = 1.0
    stands_for: str | None = None


@cache
def question_words() -> frozenset[str]:
    """Words that carry no matter of their own."""
    text = (resources.files("qa") / "data" / "question_words.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _segmenter() -> object:
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in sorted(_policy_words(), key=lambda word: (len(word), word)):  # each counts with those added before it
        tokenizer.add_word(word)
    return tokenizer


@cache
def _policy_words() -> frozenset[str]:
    """Chinese words of the word lists, which jieba's general dictionary partly lacks (区块链, 物联网)."""
    listed = {word for key, official in everyday().items() for word in (key, *official)}
    listed |= {plain(name) for names in (bodies(), regions()) for name in names.full}
    listed |= {plain(word) for official in glossary().values() for word in official}
    return frozenset(word for word in listed if 2 <= len(word) <= 8 and _WORD.fullmatch(word))


def known_word(word: str) -> bool:
    """Whether ``word`` is in the dictionary that `words` cuts by."""
    return bool(_segmenter().FREQ.get(word))  # type: ignore[attr-defined]


def log_frequency(word: str) -> float:
    """The logarithm of how often everyday Chinese has ``word`` among its words, as if once where it is unknown."""
    segmenter = _segmenter()
    return math.log(max(segmenter.FREQ.get(word, 0), 1) / segmenter.total)  # type: ignore[attr-defined]


def words(text: str) -> list[str]:
    """The words of a text in `plain` form, in order: Chinese words as jieba cuts them, Latin words, numbers."""
    found: list[str] = []
    segmenter = _segmenter()
    for run in _WORD.findall(text):
        if "\u3400" <= run[0] <= "\u9fff":
            found.extend(segmenter.lcut(run, HMM=False))  # type: ignore[attr-defined]
        else:
            found.append(run)
    return found


def quoted(question: str) -> tuple[str, ...]:
    """What the question puts in quotation marks, `plain`: a term of the text itself, to be met word for word."""
    return tuple(dict.fromkeys(plain(q).strip() for q in _QUOTED.findall(question)))


def question_terms(question: str, language: Language, english_texts: bool = False) -> tuple[Term, ...]:
    """The terms of ``question``, in order, with their official counterparts right after them.

    ``english_texts`` says that there are English documents: an English question's words then stand as stems, with other
    English words of the same meaning beside them.

    Question words are left out; a run of single characters that jieba leaves (碳 汇) is one term.
    """
    folded = plain(question)
    own = _own_words(folded)
    if language is Language.EN and english_texts:
        own = list(dict.fromkeys(map(_stem, own)))
    terms: dict[str, Term] = {}
    for word in own:
        terms.setdefault(word, Term(word))
    if language is Language.EN:
        for phrase, official in _translated(folded):
            for word in official:
                terms.setdefault(plain(word), Term(plain(word), 1.0 / len(official) ** 0.5, phrase))
            if english_texts:
                for word in dict.fromkeys(other for one in official for other in _english_for().get(one, ())):
                    terms.setdefault(word, Term(word, _ENGLISH_COUNTERPART, phrase))
    else:
        for found, official in _everyday_in(folded):
            for word in official:
                terms.setdefault(word, Term(word, 0.8, found))
    return tuple(terms.values())


def _own_words(folded: str) -> list[str]:
    skipped = question_words()
    own: list[str] = []
    run = ""
    for word in words(folded):
        alone = len(word) == 1 and "\u3400" <= word <= "\u9fff"
        if word in skipped or (alone and not run and word in skipped):
            if len(run) > 1:
                own.append(run)
            run = ""
        elif alone:
            run += word
        else:
            if run:
                own.append(run)
                run = ""
            own.append(word)
    if run:
        own.append(run)
    return own


def in_chinese_words(question: str) -> str:
    """An English question's telling words, and behind them the Chinese ones for its phrases; as it is where the
    glossary has none.
    """
    known = dict.fromkeys(plain(word) for _, official in _translated(plain(question)) for word in official)
    return " ".join((*without_little_words(question).split(), *known)) if known else question


def _everyday_in(folded: str) -> list[tuple[str, tuple[str, ...]]]:
    """Everyday words in the question, longest first at each place, each with its official counterparts."""
    table = everyday()
    found: list[tuple[str, tuple[str, ...]]] = []
    position = 0
    while position < len(folded):
        for length in range(min(_LONGEST_EVERYDAY, len(folded) - position), 0, -1):
            piece = folded[position : position + length]
            if piece in table and (length > 1 or _stands_alone(folded, position)):
                found.append((piece, table[piece]))
                position += length
                break
        else:
            position += 1
    return found


def _stands_alone(folded: str, position: int) -> bool:
    """Whether a one-character everyday word (罚, 奖) is a word of its own there, by jieba's reading of the question."""
    at = 0
    for word in words(folded):
        at = folded.find(word, at)
        if at == position and len(word) == 1:
            return True
        at += len(word)
    return False


def _translated(folded: str) -> list[tuple[str, tuple[str, ...]]]:
    """English phrases in the question, longest first, each with its Chinese words."""
    table = glossary()
    tokens = re.findall(r"[a-z][a-z0-9-]*|\d+", folded.replace("'s", "").replace("’s", ""))
    found: list[tuple[str, tuple[str, ...]]] = []
    position = 0
    while position < len(tokens):
        for length in range(min(4, len(tokens) - position), 0, -1):
            phrase = " ".join(tokens[position : position + length])
            known = next((form for form in _forms(phrase) if form in table), None)
            if known:
                found.append((known, table[known]))
                position += length
                break
        else:
            position += 1
    return found


@cache
def _english_for() -> dict[str, tuple[str, ...]]:
    """Chinese word → the stems of the single English words that it translates: fraud and cheating meet in 骗取."""
    found: dict[str, list[str]] = {}
    for phrase, official in glossary().items():
        if len(phrase) >= _SHORTEST_ENGLISH and _ENGLISH_WORD.fullmatch(phrase):
            for word in official:
                found.setdefault(word, []).append(_stem(phrase))
    return {word: tuple(dict.fromkeys(stems)) for word, stems in found.items() if len(stems) <= _MOST_ENGLISH}


def _stem(word: str) -> str:
    """The beginning that an English word's forms share (recogni for recognised and recognition); others as they are."""
    if len(word) < _SHORTEST_ENGLISH or not _ENGLISH_WORD.fullmatch(word):
        return word
    shortest = min((form for form in _forms(word) if len(form) >= _SHORTEST_ENGLISH), key=len, default=word)
    return shortest.removesuffix("e")[:_STEM] if len(shortest) > _SHORTEST_ENGLISH else shortest


_ENGLISH_WORD = re.compile(r"[a-z]+")
_SHORTEST_ENGLISH, _STEM, _MOST_ENGLISH = 4, 7, 8
_ENGLISH_COUNTERPART = 0.6


def _forms(phrase: str) -> tuple[str, ...]:
    """The phrase, and without its ending: policies → policy, funded → fund, funding → fund, fine-d → fine."""
    forms = [phrase]
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")):
        if phrase.endswith(ending) and len(phrase) > len(ending) + 2:
            forms.append(phrase[: -len(ending)] + instead)
    return tuple(forms)
