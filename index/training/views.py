"""Training pairs: the many ways in which a record yields something like a question and something like its answer.

A view is a function from the data folder to pairs of texts. Neighbouring pairs of one law stay neighbours, so that a
batch can hold them together: articles of one law are the hardest negatives that cost nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.training.sources import BY_NAME, read_rows


class Pair(NamedTuple):
    """A question-like and an answer-like text. ``key`` decides on which side of the held-out line the pair falls;
    empty means the question itself.
    """

    query: str
    passage: str
    key: str = ""


Reader = Callable[[Path, random.Random], Iterator[Pair]]
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？\n]*")
_LITTLE = frozenset(
    re.findall(
        "[a-z]+",
        "shall may must with from that this these those such under other which where when there their them they "
        "have been being will into upon than then each either both same also only more most article paragraph "
        "subparagraph ",
    )
)
_OPENINGS = (
    "What is the", "What are the", "Who can", "Who is responsible for", "How do I", "How much is", "How long does",
    "When does", "Where can I", "Can I", "Is it allowed to", "Does the", "Do I need", "Which", "What happens if", "Why",
    "What does it say about", "Are there any", "How many", "Tell me about", "rules on", "requirements for",
)  # fmt: skip
_LONGEST = 600  # characters of a passage; what follows adds little to a mean of token vectors


@dataclass(frozen=True, slots=True)
class View:
    """A named stream of pairs from one source. ``block`` neighbouring pairs stay together in a batch."""

    name: str
    source: str
    pairs: Reader
    block: int = 1

    @property
    def research_only(self) -> bool:
        """True where the text behind it is for research use only."""
        return BY_NAME[self.source].research_only


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` with at least six characters, their end marks kept."""
    return [found.strip() for found in _SENTENCE.findall(text) if len(found.strip()) >= 6]


def _heading(name: str) -> Reader:
    def pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
        for row in read_rows(data, name):
            if len(row["text"]) < 12:
                continue
            section = re.sub(r"^.*第\s*\S+\s*[编章节編節]\s*", "", row.get("section") or "")
            yield Pair(f"{row.get('short') or row['law']} {section}", row["text"][:_LONGEST])

    return pairs


def _cloze(name: str, key: str = "text") -> Reader:
    """A sentence against the rest of its passage (inverse cloze task, Lee et al. 2019)."""

    def pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
        for row in read_rows(data, name):
            parts = sentences(row[key])
            if len(parts) < 2:
                continue
            chosen = rng.randrange(len(parts))
            rest = "".join(parts[:chosen] + parts[chosen + 1 :])
            yield Pair(parts[chosen], rest[:_LONGEST])

    return pairs


def _titled(name: str) -> Reader:
    """Two clauses of an article against the law's name and the whole article: what it is about, in its own words."""

    def pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
        for row in read_rows(data, name):
            clauses = [part for part in re.split(r"[，。；：、\n]", row["text"]) if 4 <= len(part) <= 30]
            if len(clauses) < 3:
                continue
            picked = sorted(rng.sample(range(len(clauses)), 2))
            query = "".join(clauses[index] for index in picked)
            yield Pair(query, f"{row.get('short') or row['law']}\n{row['text']}"[:_LONGEST])

    return pairs


def _columns(name: str, query: str = "query", passage: str = "positive") -> Reader:
    def pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
        for row in read_rows(data, name):
            left, right = row[query].strip(), row[passage].strip()[:_LONGEST]
            if left and right and left != right:
                yield Pair(left, right)

    return pairs


def _news(data: Path, rng: random.Random) -> Iterator[Pair]:
    for row in read_rows(data, "news_title_text"):
        text = re.sub(r"^.{0,20}消息[^：:]{0,12}[：:]", "", row["text"])[:400]
        if len(text) >= 40:
            yield Pair(row["title"], text)


def _consultations(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A lay question against the reply, and against each legal ground that the reply quotes."""
    for row in read_rows(data, "pairs_legal_consultations"):
        reply = re.sub(r"^(回答|答案)[:：]", "", row["positive"])
        advice, _, grounds = reply.partition("法律依据")
        yield Pair(row["query"], advice[:_LONGEST])
        if len(grounds) >= 20:
            yield Pair(row["query"], grounds.lstrip(":：")[:_LONGEST])
            yield Pair(advice[:_LONGEST], grounds.lstrip(":：")[:_LONGEST], row["query"])


def _statute_answers(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A jurist's answer to a train question against each statute for it: advice and statute in their own words."""
    answers = {row["query"]: row["answer"] for row in read_rows(data, "stard_train_answers")}
    for row in read_rows(data, "pairs_statutes_stard_train"):
        if row["query"] in answers:
            yield Pair(answers[row["query"]], row["positive"], row["query"])


def _glosses(data: Path, rng: random.Random) -> Iterator[Pair]:
    for row in read_rows(data, "parallel_cedict"):
        senses = [re.sub(r"\([^)]*\)", "", sense).strip() for sense in row["en"].split(";")]
        yield Pair(row["zh"], " ".join(sense for sense in senses[:4] if sense) or row["en"])


def _english_sentences(data: Path, rng: random.Random) -> Iterator[Pair]:
    """An English sentence of an article against the whole Chinese article: a short text finds a long one."""
    for row in read_rows(data, "parallel_law_zh_en"):
        parts = [part for part in re.split(r"(?<=[.;:])\s+", row["en"]) if len(part) >= 25]
        if len(parts) >= 2:
            yield Pair(rng.choice(parts)[:300], row["zh"][:_LONGEST], row["en"])


def _english_words(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A few words of an English article, half the time put as a question, against the Chinese article."""
    for row in read_rows(data, "parallel_law_zh_en"):
        words = [word for word in re.findall(r"[A-Za-z][a-z-]{3,}", row["en"]) if word.lower() not in _LITTLE]
        if len(words) < 4 or len(row["zh"]) < 15:
            continue
        start, count = rng.randrange(len(words) - 2), rng.randint(2, 7)
        window = words[start : start + count * 2]  # neighbours are about one thing
        picked = [window[at] for at in sorted(rng.sample(range(len(window)), min(count, len(window))))]
        opening = rng.choice(_OPENINGS) if rng.random() < 0.5 else ""
        yield Pair(f"{opening} {' '.join(picked)}".strip(), row["zh"][:_LONGEST], row["en"])


def _senses(data: Path, rng: random.Random) -> Iterator[Pair]:
    """Each sense of a dictionary entry against the Chinese word: one English word finds its Chinese ones."""
    for row in read_rows(data, "parallel_cedict"):
        senses = [re.sub(r"\([^)]*\)|\[[^\]]*\]", "", sense).strip() for sense in re.split(r"[;/]", row["en"])]
        for sense in senses[:3]:
            if 3 <= len(sense) <= 40 and "variant" not in sense and "surname" not in sense:
                yield Pair(re.sub(r"^(to be|to|the|an?) ", "", sense), row["zh"], row["zh"])


def _synonyms(data: Path, rng: random.Random) -> Iterator[Pair]:
    for row in read_rows(data, "synonym_groups"):
        words = list(row["words"])
        rng.shuffle(words)
        yield from (Pair(*both) for both in zip(words[::2], words[1::2], strict=False))


VIEWS: tuple[View, ...] = (
    View("law_heading", "law_articles_mainland", _heading("law_articles_mainland"), block=8),
    View("law_cloze", "law_articles_mainland", _cloze("law_articles_mainland"), block=4),
    View("law_titled", "law_articles_mainland", _titled("law_articles_mainland"), block=4),
    View("taiwan_heading", "law_articles_taiwan", _heading("law_articles_taiwan"), block=8),
    View("taiwan_cloze", "law_articles_taiwan", _cloze("law_articles_taiwan"), block=4),
    View("law_en", "parallel_law_zh_en", _columns("parallel_law_zh_en", "en", "zh"), block=4),
    View("law_en_sentence", "parallel_law_zh_en", _english_sentences, block=4),
    View("law_en_words", "parallel_law_zh_en", _english_words, block=4),
    View("tatoeba", "parallel_tatoeba", _columns("parallel_tatoeba", "en", "zh")),
    View("cedict", "parallel_cedict", _glosses),
    View("cedict_senses", "parallel_cedict", _senses),
    View("python_docs", "parallel_python_docs", _columns("parallel_python_docs", "en", "zh")),
    View("political_cloze", "political_paragraphs", _cloze("political_paragraphs", "positive")),
    View("abstracts", "pairs_abstracts", _columns("pairs_abstracts")),
    View("consultations", "pairs_legal_consultations", _consultations),
    View("squad", "pairs_squad_zh", _columns("pairs_squad_zh")),
    View("drcd", "pairs_drcd_traditional", _columns("pairs_drcd_traditional")),
    View("cmrc", "pairs_cmrc", _columns("pairs_cmrc")),
    View("statutes", "pairs_statutes_stard_train", _columns("pairs_statutes_stard_train")),
    View("statute_answers", "stard_train_answers", _statute_answers),
    View("news", "news_title_text", _news),
    View("paraphrase", "pairs_paraphrase", _columns("pairs_paraphrase")),
    View("kbqa", "pairs_kbqa", _columns("pairs_kbqa")),
    View("policy", "pairs_policy_questions", _columns("pairs_policy_questions")),
    View("web", "pairs_web_query_title", _columns("pairs_web_query_title")),
    View("citizen_mail", "pairs_citizen_mail", _columns("pairs_citizen_mail")),
    View("synonyms", "synonym_groups", _synonyms),
)
VIEW_BY_NAME = {view.name: view for view in VIEWS}
