"""The training files: what each holds, its licence, and how to read it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class TrainingDataError(Exception):
    """The data folder lacks something; ``str(error)`` says which file."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the data folder. ``research_only`` marks text that its owner has not opened for every use."""

    name: str
    origin: str
    licence: str
    research_only: bool = False

    @property
    def file_name(self) -> str:
        """The file's name in the data folder."""
        return f"{self.name}.jsonl.gz"


SOURCES: tuple[Source, ...] = (
    Source("law_articles_mainland", "LawRefBook/Laws", "official texts, no copyright"),
    Source("law_articles_taiwan", "kong0107/mojLawSplitJSON", "official texts, no copyright"),
    Source("parallel_law_zh_en", "kong0107/mojLawSplitJSON", "official texts, no copyright"),
    Source("parallel_tatoeba", "Tatoeba exports", "CC BY 2.0 FR"),
    Source("parallel_cedict", "CC-CEDICT", "CC BY-SA 4.0"),
    Source("parallel_python_docs", "python/python-docs-zh-cn", "PSF licence / CC0 translations"),
    Source("political_paragraphs", "aldohemsn/chinese-political-corpora", "official texts, no copyright"),
    Source("pairs_abstracts", "CSL", "Apache-2.0"),
    Source("pairs_legal_consultations", "LawBench", "Apache-2.0"),
    Source("pairs_squad_zh", "pluto-junzeng/ChineseSquad", "CC BY-SA 4.0"),
    Source("pairs_statutes_stard_train", "oneal2000/STARD, train split", "MIT"),
    Source("stard_train_answers", "oneal2000/STARD, train split (answers of LeCoQA)", "MIT"),
    Source("pairs_drcd_traditional", "DRCD dev", "CC BY-SA 3.0"),
    Source("pairs_cmrc", "CMRC 2018 trial", "CC BY-SA 4.0"),
    Source(
        "news_title_text", "china-data/xwlb and like", "repository MIT, text of its broadcaster", research_only=True
    ),
    Source("pairs_paraphrase", "AFQMC, ATEC, LCQMC, BQ, OPPO", "research sets", research_only=True),
    Source("pairs_kbqa", "NLPCC 2016 KBQA", "research set", research_only=True),
    Source("pairs_policy_questions", "疫情政务问答 competition", "competition data", research_only=True),
    Source("pairs_web_query_title", "QBQTC", "research set", research_only=True),
    Source("pairs_citizen_mail", "2020 Taidi Cup C", "competition data", research_only=True),
    Source("synonym_groups", "哈工大同义词词林 (guotong1988/chinese_dictionary)", "research use", research_only=True),
)
BY_NAME = {source.name: source for source in SOURCES}


def read_rows(data: Path, name: str) -> Iterator[Row]:
    """The records of one file, in order. Raises `TrainingDataError` where the file is missing or a line is broken."""
    if name == "stard_train_answers":
        yield from _train_answers(data.parent / "benchmarks" / "stard" / "queries.jsonl")
        return
    file = data / BY_NAME[name].file_name
    if not file.is_file():
        raise TrainingDataError(f"{data} has no {file.name}; give the training data folder with --data")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise TrainingDataError(f"{file.name}, line {number}: {error}") from error
            yield row


def _train_answers(file: Path) -> Iterator[Row]:
    """Answers to STARD's questions, of the train split only; the benchmark stands beside the data folder."""
    if not file.is_file():
        raise TrainingDataError(f"{file} is missing; put the STARD benchmark beside the training data")
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train" and isinstance(row.get("answer_lecoqa"), str):
            yield {"query": row["text"], "answer": row["answer_lecoqa"]}


def texts_of(row: Row) -> Iterator[str]:
    """Every running text of a record, for counting words."""
    for key in ("query", "positive", "text", "title", "zh", "en", "law", "section"):
        value = row.get(key)
        if isinstance(value, str):
            yield value
    if "words" in row:
        yield from row["words"]
