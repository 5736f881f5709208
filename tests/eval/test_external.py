from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.beir import Entry, load_benchmark
from eval.errors import QuestionFileError
from eval.external import corpus_files, measure, query_measures, run_external

from .test_baselines import CharacterEncoder

CORPUS = [
    {"_id": "d1", "title": "", "text": "停放车辆应当有序"},
    {"_id": "d2", "title": "押金", "text": "押金应当专户存放"},
    {"_id": "d3", "title": "", "text": "投放数量每年公布"},
]
QUERIES = [{"_id": "q1", "text": "押金放在哪里"}, {"_id": "q2", "text": "每年投放多少"}, {"_id": "q3", "text": "无关"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td2\t1\nq2\td3\t2\nq2\td1\t1\nq3\td1\t0\n"


def benchmark_folder(folder: Path, qrels: str = QRELS, where: str = "qrels/test.tsv") -> Path:
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, CORPUS)).encode()))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / where).parent.mkdir(exist_ok=True)
    (folder / where).write_text(qrels)
    return folder


def test_a_folder_is_read_with_graded_judgements(tmp_path: Path) -> None:
    benchmark = load_benchmark(benchmark_folder(tmp_path))
    assert [e.id for e in benchmark.corpus] == ["d1", "d2", "d3"]
    assert benchmark.qrels == {"q1": {"d2": 1.0}, "q2": {"d3": 2.0, "d1": 1.0}}
    assert benchmark.queries == {"q1": "押金放在哪里", "q2": "每年投放多少"}


def test_a_split_names_its_own_judgements(tmp_path: Path) -> None:
    folder = benchmark_folder(tmp_path, "q1\td2\t1\n", "qrels.dev.tsv")
    assert load_benchmark(folder, "dev").qrels == {"q1": {"d2": 1.0}}
    with pytest.raises(QuestionFileError, match=r"qrels\.train\.tsv"):
        load_benchmark(folder, "train")


@pytest.mark.parametrize(
    ("qrels", "message"),
    [
        ("q1\td9\t1\n", "lacks 'd9'"),
        ("q9\td1\t1\n", "lacks 'q9'"),
        ("q1 d2 1\n", "line 1"),
        ("q1\td2\t0\n", "no judgement"),
    ],
)
def test_bad_judgements_are_named(tmp_path: Path, qrels: str, message: str) -> None:
    with pytest.raises(QuestionFileError, match=message):
        load_benchmark(benchmark_folder(tmp_path, qrels))


def test_missing_and_malformed_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match="not a folder"):
        load_benchmark(tmp_path / "absent")
    with pytest.raises(QuestionFileError, match=r"corpus\.jsonl"):
        load_benchmark(tmp_path)
    folder = benchmark_folder(tmp_path)
    (folder / "queries.jsonl").write_text('{"_id": "q1"}\n')
    with pytest.raises(QuestionFileError, match=r"queries\.jsonl, line 1: field 'text'"):
        load_benchmark(folder)


def test_measures_by_hand() -> None:
    got = query_measures(["x", "b", "a"], {"a": 1.0, "b": 1.0, "c": 1.0})
    assert got["recall1"] == 0.0
    assert got["recall5"] == pytest.approx(2 / 3)
    assert got["mrr10"] == 0.5


def test_a_system_is_measured_over_all_queries(tmp_path: Path) -> None:
    benchmark = load_benchmark(benchmark_folder(tmp_path))
    row = measure("always d2", lambda query: ["d2"], benchmark)
    assert row.measures["recall1"].mean == 0.5
    assert row.measures["recall1"].count == 2


def test_the_corpus_of_one_law_becomes_one_document() -> None:
    entries = [
        Entry("L1", "", "第一条的文字", "自行车法", ("第一章", "第一条")),
        Entry("L2", "", "第二条的文字", "自行车法", ("第一章", "第二条")),
        Entry("N1", "通知", "通知的文字"),
    ]
    (file,) = corpus_files(entries)
    law, notice = file.documents
    assert [c.clause_id for c in law.clauses] == ["L1", "L2"]
    assert (law.title, notice.title) == ("自行车法", "通知")
    for document in file.documents:
        for clause in document.clauses:
            ((start, end),) = clause.spans
            assert file.source.text[start:end] == clause.text


def test_all_systems_run_over_a_benchmark(tmp_path: Path) -> None:
    (tmp_path / "toy").mkdir()
    benchmark = load_benchmark(benchmark_folder(tmp_path / "toy"))
    result = run_external(benchmark, CharacterEncoder(), work=tmp_path)  # type: ignore[arg-type]
    assert [row.name for row in result.rows] == ["BM25, character pairs", "dense alone", "policyqa search"]
    assert all(row.measures["recall100"].mean == 1.0 for row in result.rows[1:])
    assert result.to_json()["texts"] == 3
    assert [p.name for p in tmp_path.iterdir()] == ["toy"]
