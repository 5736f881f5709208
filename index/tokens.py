"""Texts → the terms that the lexical index counts: Chinese characters and their pairs, English words, numbers.

Characters and pairs together, measured on ``../shared/questions`` over the compilation's clauses by BM25 alone
(questions with odd index / even index, 63 and 62): hit@5 .75/.66, against .60/.60 for pairs alone, .67/.58 for
jieba's words alone and .76/.66 for characters, pairs and words; on 600 questions to 2,205 statutes hit@10 .62, .60, .60
and .61. So jieba, whose dictionary takes 0.7 s to load, is left out.
"""

from __future__ import annotations

import re
import unicodedata

from index.script_fold import fold

_HAN = "㐀-鿿豈-﫿\U00020000-\U000323af"
_ANY_HAN = re.compile(rf"[{_HAN}]")
_RUN = re.compile(rf"[{_HAN}]+|[a-z]+|\d+(?:\.\d+)*")


def normal(text: str) -> str:
    """``text`` for comparing: compatibility forms resolved (NFKC), lower case, Simplified characters."""
    return fold(unicodedata.normalize("NFKC", text).lower())


def terms(text: str) -> list[str]:
    """The terms of a text, repeats included.

    A run of Chinese characters gives each character and each pair of neighbours; an English word its stem; a number
    itself (``39.2``).
    """
    found: list[str] = []
    for run in _RUN.findall(normal(text)):
        if run[0] > "\x7f":
            found.extend(run)
            found.extend(map(str.__add__, run, run[1:]))
        elif run[0].isdigit():
            found.append(run)
        else:
            found.append(stem(run))
    return found


# English words that carry no matter. In a store of Chinese texts they are rare, so BM25 would take them for telling.
_LITTLE = frozenset(
    re.findall(
        "[a-z]+",
        "a about after all also am an and any are as at be because been before being between both but by can "
        "could did do does during each for from had has have her his how i if in into is it its may me might more "
        "most must my no not of on once one only or other our out over own shall she should so some such than "
        "that the their them then there these they this those through to too under until up us very was we were "
        "what when where which while who whom whose why will with within would you your ",
    )
)
_ENGLISH_RUN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)*")


def query_terms(question: str) -> list[str]:
    """The different terms of a question, in order; an English question's little words are left out where any stays."""
    plain = unicodedata.normalize("NFKC", question)
    return list(dict.fromkeys(terms(plain if _ANY_HAN.search(plain) else without_little_words(plain))))


def without_little_words(question: str) -> str:
    """An English question without the words that carry no matter, as it is where none would stay.

    A word in capitals is a name (IT, WHO) and stays.
    """
    names = not question.isupper()

    def telling(run: str) -> bool:
        return run.lower() not in _LITTLE or (names and len(run) > 1 and run.isupper())

    if not any(map(telling, _ENGLISH_RUN.findall(question))):
        return question
    return _ENGLISH_RUN.sub(lambda run: run[0] if telling(run[0]) else "", question)


def stem(word: str) -> str:
    """An English word without its plural or tense ending: ``policies`` → ``policy``, ``granted`` → ``grant``."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing"):
        return word[:-3]
    if len(word) > 4 and word.endswith("ed"):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
    return word
