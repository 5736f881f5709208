"""Retrieval benchmarks as BEIR-style folders: ``corpus.jsonl``, ``queries.jsonl`` (or ``.gz``) and ``qrels.tsv``."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import QuestionFileError


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a benchmark's corpus. ``group`` is the work it is in (a law's name), ``path`` its place there."""

    id: str
    title: str
    text: str
    group: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A corpus, the queries that have judgements, and for each query the grades of its relevant texts."""

    name: str
    split: str
    corpus: tuple[Entry, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, float]]


def load_benchmark(folder: Path, split: str = "") -> Benchmark:
    """The benchmark in a folder, with the judgements of a split.

    The judgements are read from ``qrels.SPLIT.tsv`` or ``qrels/SPLIT.tsv``; without a split from ``qrels.tsv`` or
    ``qrels/test.tsv``. Grades of 0 mean not relevant and are left out, as are queries without a relevant text. Raises
    QuestionFileError, naming file, line and field, for anything missing or malformed.
    """
    if not folder.is_dir():
        raise QuestionFileError(folder, None, None, "is not a folder")
    corpus = tuple(_entry(raw, path, n) for path, n, raw in _records(folder, "corpus.jsonl"))
    texts = {_id(raw, path, n): _field(raw, "text", path, n) for path, n, raw in _records(folder, "queries.jsonl")}
    qrels = _qrels(folder, split)
    known = {entry.id for entry in corpus}
    for query, grades in qrels.items():
        if query not in texts:
            raise QuestionFileError(folder / "queries.jsonl", None, "id", f"lacks {query!r}, which the judgements name")
        if lost := next((d for d in grades if d not in known), None):
            raise QuestionFileError(folder / "corpus.jsonl", None, "id", f"lacks {lost!r}, which the judgements name")
    return Benchmark(folder.name, split or "all", corpus, {q: texts[q] for q in qrels}, qrels)


def _records(folder: Path, name: str) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    path = next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)
    if path is None:
        raise QuestionFileError(folder / name, None, None, "is missing (nor is there a .gz of it)")
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise QuestionFileError(path, number, None, f"is not valid JSON ({error.msg})") from error
            if not isinstance(record, dict):
                raise QuestionFileError(path, number, None, "is not a JSON object")
            yield path, number, record


def _entry(raw: dict[str, Any], path: Path, line: int) -> Entry:
    law, section, article = (str(raw.get(name) or "") for name in ("law", "section", "article"))
    return Entry(
        id=_id(raw, path, line),
        title=str(raw.get("title") or ""),
        text=_field(raw, "text", path, line),
        group=law,
        path=tuple(label for label in (section, article) if label),
    )


def _id(raw: dict[str, Any], path: Path, line: int) -> str:
    return _field(raw, "_id" if "_id" in raw else "id", path, line)


def _field(raw: dict[str, Any], name: str, path: Path, line: int) -> str:
    if not isinstance(raw.get(name), str):
        raise QuestionFileError(path, line, name, "is missing or no string")
    return str(raw[name])


def _qrels(folder: Path, split: str) -> dict[str, dict[str, float]]:
    names = [f"qrels.{split}.tsv", f"qrels/{split}.tsv"] if split else ["qrels.tsv", "qrels/test.tsv"]
    path = next((folder / name for name in names if (folder / name).is_file()), None)
    if path is None:
        raise QuestionFileError(folder / names[0], None, None, f"is missing (nor is there a {names[1]})")
    qrels: dict[str, dict[str, float]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        columns = line.split("\t")
        if not line.strip() or (number == 1 and columns[0] == "query-id"):
            continue
        try:
            query, document, grade = columns[0], columns[1], float(columns[2])
        except (IndexError, ValueError) as error:
            raise QuestionFileError(path, number, None, "is not query-id, corpus-id, score with tabs") from error
        if grade > 0:
            qrels.setdefault(query, {})[document] = grade
    if not qrels:
        raise QuestionFileError(path, None, None, "holds no judgement above 0")
    return qrels
