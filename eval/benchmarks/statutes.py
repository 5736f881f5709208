"""Articles found in clean statutes: precision and recall over whole laws joined from their articles, and the speed.

``python -m eval.benchmarks.statutes CORPUS.jsonl.gz`` joins the lines of a statute-retrieval corpus (``law``,
``article``, ``text``, ``section``) back into laws, in the order of their numbers, and parses each as a text file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.model import ParsedFile, SourceText
from ingest.numerals import NUMERAL, number
from ingest.pipeline import parse_source

_ARTICLE = re.compile(rf"第({NUMERAL})条(?:之({NUMERAL}))?")
_BETWEEN_UNITS = re.compile(rf"(?<=\S)\s+(?=第{NUMERAL}(?:分编|编|章|节)\s)")


@dataclass(frozen=True, slots=True)
class Found:
    """Articles that are in the laws, that the parser found, and that are both; and how fast it was on one core."""

    laws: int
    articles: int
    found: int
    right: int
    split: int
    """Laws in which the parser saw more than one document."""
    megabytes: float
    seconds: float

    @property
    def precision(self) -> float:
        """Articles right / found, 0 to 1; 1 where none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Articles right / in the laws, 0 to 1; 1 where there are none."""
        return self.right / self.articles if self.articles else 1.0

    @property
    def megabytes_per_minute(self) -> float:
        """UTF-8 megabytes parsed in a minute."""
        return self.megabytes / self.seconds * 60 if self.seconds else 0.0


def laws_of(path: Path) -> dict[str, list[Mapping[str, Any]]]:
    """Law → its articles in the order of their numbers. Raises OSError and ValueError for a file that is none."""
    laws: dict[str, list[Mapping[str, Any]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            laws.setdefault(article["law"], []).append(article)
    return {law: sorted(articles, key=_by_number) for law, articles in laws.items()}


def _by_number(article: Mapping[str, Any]) -> tuple[int, int]:
    match = _ARTICLE.fullmatch(article["article"])
    if match is None:
        return (0, 0)
    return number(match[1]) or 0, (number(match[2]) or 0) if match[2] else 0


def joined(law: str, articles: Sequence[Mapping[str, Any]]) -> str:
    """A law as a text: its title, and its articles under those headings that change from one to the next."""
    return "\n".join((law, "", *_lines(articles))) + "\n"


def _lines(articles: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    open_units: list[str] = []
    for article in articles:
        units = _BETWEEN_UNITS.split(article["section"]) if article.get("section") else []
        same = 0
        while same < min(len(units), len(open_units)) and units[same] == open_units[same]:
            same += 1
        yield from units[same:]
        open_units = units
        yield f"{article['article']}\u3000{article['text']}"


def measure(laws: Mapping[str, Sequence[Mapping[str, Any]]]) -> Found:
    """Parses every law and counts its articles by their printed numbers."""
    articles = found = right = split = size = 0
    seconds = 0.0
    for law, members in laws.items():
        text = joined(law, members)
        size += len(text.encode())
        began = time.process_time()
        parsed = parse_source(SourceText(name=f"{law}.txt", text=text))
        seconds += time.process_time() - began
        want = Counter(article["article"] for article in members)
        have = articles_in(parsed)
        articles += want.total()
        found += have.total()
        right += (want & have).total()
        split += len(parsed.documents) != 1
    return Found(len(laws), articles, found, right, split, size / 1e6, seconds)


def articles_in(parsed: ParsedFile) -> Counter[str]:
    """The labels of articles in a file, each with how often it is one."""
    return Counter(
        clause.label
        for document in parsed.documents
        for clause in document.clauses
        if _ARTICLE.fullmatch(clause.label) is not None
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures as JSON and returns 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    found = measure(laws_of(parser.parse_args(arguments).corpus))
    figures = asdict(found) | {
        "precision": round(found.precision, 5),
        "recall": round(found.recall, 5),
        "megabytes_per_minute": round(found.megabytes_per_minute, 1),
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
