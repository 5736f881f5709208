"""The tokenizer: words and characters with their frequencies, read by most probable path (a unigram model).

A greedy longest match turns a whole clause into one unknown token as soon as it holds one rare character, and cuts
发展中国家 into 发展 + 中国 + 家; the most probable path does neither.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from index.script_fold import fold
from index.tokens import stem

UNKNOWN = "[UNK]"
_WORDS = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)?|[\u3400-\u9fff]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST_WORD = 8  # characters; longer dictionary entries are names of single bodies or laws


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each Chinese dictionary word, single character, English word and number occurs."""
    import jieba

    jieba.setLogLevel(60)
    words: Counter[str] = Counter()
    for text in texts:
        for piece in _WORDS.findall(fold(text).lower()):
            if piece[0] > "\u3000":
                words.update(jieba.cut(piece, HMM=False))
                words.update(piece)
            else:
                words[piece] += 1
    return words


def build_tokenizer(words: Counter[str], size: int, *, least_count: int = 3) -> Tokenizer:
    """A tokenizer of at most ``size`` tokens. Token 0 is the unknown one, which punctuation and rare signs become.

    All characters that occur twice are kept, then the most frequent words; single letters, digits and frequent
    beginnings and endings of English words see to it that an unseen English word is read in pieces.
    """
    characters = [word for word, count in words.items() if len(word) == 1 and count >= 2]
    basics = [*_LETTERS, *"0123456789", *_english_pieces(words, 2_000)]
    kept = dict.fromkeys([*characters, *basics])
    for word, count in words.most_common():
        if len(kept) >= size - 1 or count < least_count:
            break
        if len(word) <= _LONGEST_WORD or word.isascii():
            kept.setdefault(word)
    total = math.log(sum(words.values()))
    entries = [(UNKNOWN, 0.0)]
    for word in kept:
        # A part of an English word must lose against any word that is spelled out in full.
        rare = word.isascii() and word in basics
        score = math.log(0.01 if rare else max(words[word], 0.5)) - total
        entries.append((word, score - (4.0 if len(word) == 1 else 0.0)))
    tokenizer = Tokenizer(models.Unigram(entries, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    return tokenizer


def _english_pieces(words: Counter[str], size: int) -> list[str]:
    pieces: Counter[str] = Counter()
    for word, count in words.items():
        if word.isascii() and word.isalpha():
            for length in range(2, min(6, len(word))):
                pieces[word[:length]] += count
                pieces[word[-length:]] += count
    return [piece for piece, _ in pieces.most_common(size)]


def parts_of(token: str, vocabulary: dict[str, int]) -> Iterator[int]:
    """The tokens inside a Chinese token of several characters (劳动合同: 劳, 动, 合, 同, 劳动, 合同).

    For an English word the words that it is a form of (licensing: license; meetings: meeting, meet).
    """
    if token.isascii():
        yield from _base_form(token, vocabulary)
        return
    if len(token) < 2:
        return
    for length in range(1, len(token)):
        for start in range(len(token) - length + 1):
            found = vocabulary.get(token[start : start + length])
            if found is not None:
                yield found


_LEAST_BASE = 4  # letters; shorter ones are as often another word (during, sing)


def _base_form(token: str, vocabulary: dict[str, int]) -> Iterator[int]:
    if not token.isalpha() or len(token) < _LEAST_BASE:
        return
    base = stem(token)
    doubled = base[:-1] if base[-1] == base[-2] else base
    stems = (base, f"{base}e", doubled) if base != token else ()
    for form in (*american_forms(token), *stems):
        if len(form) >= _LEAST_BASE and form in vocabulary and form != token:
            yield vocabulary[form]
            yield from _base_form(form, vocabulary)
            return


_SPELLINGS = (
    ("isations", "izations"),
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("ises", "izes"),
    ("ise", "ize"),
)
_SPELT_APART = {
    **{f"{word}our": f"{word}or" for word in ("lab", "fav", "hon", "behavi", "neighb", "col", "harb", "endeav")},
    **{f"{word}re": f"{word}er" for word in ("cent", "theat", "met", "kilomet", "lit", "fib")},
    **{f"{word}ence": f"{word}ense" for word in ("lic", "def", "off")},
    "programme": "program",
    "fulfil": "fulfill",
    "enrol": "enroll",
    "cheque": "check",
    "catalogue": "catalog",
}


def american_forms(word: str) -> Iterator[str]:
    """What ``word`` would be if it were in British spelling (centre: center)."""
    single = word.removesuffix("s")
    if single in _SPELT_APART:
        yield _SPELT_APART[single] + word[len(single) :]
    for british, american in _SPELLINGS:
        if word.endswith(british):
            yield word.removesuffix(british) + american


def british_forms(word: str) -> Iterator[str]:
    """What ``word`` would be in British spelling if it is in American (organization: organisation)."""
    for british, american in _SPELLINGS:
        if word.endswith(american):
            yield word.removesuffix(american) + british


def words_spelt_apart() -> Iterator[str]:
    """British words whose ending doesn't follow from the American one, and their plurals."""
    for word in _SPELT_APART:
        yield from (word, f"{word}s")
