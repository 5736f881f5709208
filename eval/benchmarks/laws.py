"""Questions about laws, regulations and reports: texts of another kind than those that the product grew up with.

``python -m eval.benchmarks.laws --data ../shared/training --out FOLDER`` rebuilds the documents of
``eval/benchmarks/laws.json`` from the articles in the data folder as text files, a folder for each question file:
``eval/questions/laws.training.jsonl`` (it teaches weights), ``laws.held-out.jsonl`` (it taught nothing) and
``regulations.training.jsonl`` (4,137 questions on 96 regulations, with the article and no facts, in folder
``regulations``: they taught the reranker, but for the fourteen regulations of R2954 to R3673). They are taken in and
asked about like any others: ``policyqa ingest FOLDER/training --store STORE``, ``policyqa eval --questions
… --store STORE``. The header lines (who adopted a law and when) were written for the benchmark; the encoder has seen
the articles in training, which flatters the search.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).with_suffix(".json")
_ARTICLES = ("law_articles_mainland.jsonl.gz", "law_articles_taiwan.jsonl.gz")
_REPORTS = "political_paragraphs.jsonl.gz"
_CHAPTER_AND_SECTION = re.compile(r"(第.{1,4}章 .+?) ?/? (第.{1,3}节 .+)$")
_SOURCE_NOTE = "根据《"
"""A report's paragraph that ends in a note of the collector's is left out."""


def build(data: Path, out: Path, documents: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """Writes each document as ``TITLE.txt`` into ``out`` and returns the files; ValueError names a title not in data.

    ``documents`` gives for each title its ``header`` lines, and optionally how many ``articles`` count (the data may
    append another text) or under which query a ``report``'s paragraphs are filed.
    """
    articles: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in _ARTICLES:
        for row in _rows(data / name):
            if row["law"] in documents:
                articles[row["law"]].append(row)
    reports = {about["report"]: title for title, about in documents.items() if "report" in about}
    paragraphs: dict[str, list[str]] = defaultdict(list)
    for row in _rows(data / _REPORTS):
        if row["query"] in reports:
            paragraphs[reports[row["query"]]] += _lines(row["positive"])
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for title, about in documents.items():
        if "report" in about:
            body = ["", *(line for line in paragraphs[title] if _SOURCE_NOTE not in line[-6:])]
        else:
            body = _law(articles[title][: about.get("articles")])
        if len(body) < 2:
            raise ValueError(f"{title} is not in {data}")
        file = out / f"{title}.txt"
        file.write_text("\n".join([title, *about["header"], *body]) + "\n", encoding="utf-8")
        written.append(file)
    return written


def _law(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """A law's lines: chapters and sections where they change, each article's number before its first line."""
    lines: list[str] = []
    before = chapter_before = ""
    for row in rows:
        section = str(row["section"]).strip()
        if section and section != before:
            before, heading = section, re.sub(r"\s+", " ", section)
            parted = _CHAPTER_AND_SECTION.match(heading)
            chapter, below = (parted[1], parted[2]) if parted else (heading, "")
            lines += ["", chapter] if chapter != chapter_before else []
            lines += [below] if below else []
            chapter_before = chapter
        first, *rest = _lines(row["text"])
        lines += [f"{row['article']}\u3000{first}", *rest]
    return lines


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main() -> None:
    """Builds both folders and prints what was written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files (*.jsonl.gz)")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    for name, documents in json.loads(DOCUMENTS.read_text(encoding="utf-8")).items():
        files = build(given.data, given.out / name, documents)
        print(json.dumps({"folder": str(given.out / name), "documents": len(files)}))  # noqa: T201


if __name__ == "__main__":
    main()
