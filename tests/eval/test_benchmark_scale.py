"""The speed and scale benchmark, on a library small enough for a test: what it reports, not how fast it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks.crowd import crowd
from eval.benchmarks.growth import plot, read_figures, table
from eval.benchmarks.scale import bench
from eval.benchmarks.synthetic import policies, questions
from eval.errors import EvaluationError
from index.encoder import load_encoder

CONTRACT = [
    "clauses",
    "ingest_clauses_per_s",
    "search_p50_ms",
    "ask_p50_ms",
    "ask_p95_ms",
    "floor_p50_ms",
    "recall_at_10",
    "disk_mb",
    "rss_mb",
    "cold_ask_s",
    "update_s",
    "concurrent",
    "peers",
]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_bench_reports_what_the_contract_names_and_goes_on_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLICYQA_SECOND_LOOK", "never")  # thousands of questions are asked
    said: list[str] = []
    figures = bench(400, load_encoder(), tmp_path / "bench", asked=20, say=said.append)
    assert set(CONTRACT) <= figures.keys()
    assert set(figures["concurrent"]) == {"1", "8", "32", "128"}
    assert all(level["errors"] == 0 for level in figures["concurrent"].values())
    assert set(figures["peers"]) == {"tutorial", "bm25s", "faiss"}
    assert figures["recall_at_10"] == 1.0
    assert set(figures["ingest_stages_clauses_per_s"]) == {"read", "encode", "commit"}
    again = bench(400, load_encoder(), tmp_path / "bench", asked=20, say=said.append)
    assert again["clauses"] > 300
    assert "ingest_s" not in again
    json.dumps(figures)


def test_crowd_counts_every_question_and_every_error() -> None:
    asked: list[str] = []

    def ask(question: str) -> None:
        asked.append(question)
        if question == "3":
            raise ValueError(question)

    figures = crowd(ask, 4, [str(number) for number in range(10)])
    assert sorted(asked, key=int) == [str(number) for number in range(10)]
    assert figures["errors"] == 1


def test_smaller_library_is_the_beginning_of_a_larger_one() -> None:
    assert [file.data for file in policies(3)] == [file.data for file in policies(7)][:3]
    assert questions(5) == questions(5)
    assert questions(5, seed=1) != questions(5)


def test_outputs_of_several_sizes_make_one_table_and_a_plot(tmp_path: Path) -> None:
    for clauses in (10_000, 1_000):
        figures = {"clauses": clauses, "ask_p50_ms": clauses / 500, "concurrent": {"32": {"p95_ms": 1234.5}}}
        (tmp_path / f"{clauses}.json").write_text(json.dumps(figures), encoding="utf-8")
    runs = read_figures([tmp_path / "10000.json", tmp_path / "1000.json"])
    lines = table(runs).splitlines()
    assert lines[0] == "| clauses | 1,000 | 10,000 |"
    assert "| ask p50, ms | 2 | 20 |" in lines
    assert "| 32 users, never pausing, p95, ms | 1,234 | 1,234 |" in lines
    plot(runs, tmp_path / "growth.svg")
    assert "<svg" in (tmp_path / "growth.svg").read_text(encoding="utf-8")


def test_file_that_is_no_output_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"a\.json holds no output"):
        read_figures([tmp_path / "a.json"])
