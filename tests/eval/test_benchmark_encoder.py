import json
from pathlib import Path

import pytest

from eval.benchmarks.encoder import in_traditional, main, measure
from index.encoder import load_encoder

TITLES = ["养犬登记", "老旧电梯", "夜间施工", "创业补贴"]


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    corpus = [
        {"id": f"c{n}", "title": f"{title}办法", "text": f"{title}由主管部门办理。"} for n, title in enumerate(TITLES)
    ]
    queries = [{"id": f"q{n}", "text": f"{title}找谁"} for n, title in enumerate(TITLES)]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    judged = "\n".join(["query-id\tcorpus-id\tscore", *(f"q{n}\tc{n}\t1" for n in range(len(TITLES)))])
    (tmp_path / "qrels.dev.tsv").write_text(judged, "utf-8")
    return tmp_path


def test_figures_cover_both_views_their_sum_and_traditional_questions(benchmark: Path) -> None:
    figures = measure(benchmark, load_encoder(), split="dev")
    assert set(figures.recall) == {"dense", "bm25", "fused", "traditional"}
    assert figures.recall["dense"]["recall@1"] == 1.0
    assert figures.recall["traditional"] == figures.recall["dense"]
    assert figures.queries == len(TITLES)
    assert figures.speed.passages_per_s > 0


def test_command_prints_json(benchmark: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--benchmark", str(benchmark)]) == 0
    assert json.loads(capsys.readouterr().out)["split"] == "dev"


def test_traditional_questions_are_written_in_other_characters() -> None:
    assert in_traditional(["电动车怎么处罚"]) == ["電動車怎麼處罰"]
