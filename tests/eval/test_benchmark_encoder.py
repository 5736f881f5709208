import json
from pathlib import Path

import numpy as np
import pytest

from eval.benchmarks.encoder import in_traditional, main, measure
from eval.benchmarks.pooling import with_count_power
from index.encoder import load_encoder


def test_figures_cover_both_views_their_sum_and_traditional_questions(benchmark: Path) -> None:
    figures = measure(benchmark, load_encoder(), split="dev")
    assert set(figures.recall) == {"dense", "bm25", "fused", "traditional"}
    assert figures.recall["dense"]["recall@1"] == 1.0
    assert figures.recall["traditional"] == figures.recall["dense"]
    assert figures.queries == 4
    assert figures.speed.passages_per_s > 0


def test_counting_each_token_as_often_as_it_occurs_is_the_encoder_s_own_way() -> None:
    texts = ["补贴补贴补贴申请", "谁可以申请？", ""]
    own, root = with_count_power(None, 1.0), with_count_power(None, 0.5)
    assert np.allclose(own.encode(texts, "passage"), load_encoder().encode(texts, "passage"), atol=1e-5)
    subsidy = own.encode(["补贴"], "query")[0]
    assert own.encode(texts, "passage")[0] @ subsidy > root.encode(texts, "passage")[0] @ subsidy
    assert own.revision != root.revision


def test_command_prints_json(benchmark: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--benchmark", str(benchmark)]) == 0
    assert json.loads(capsys.readouterr().out)["split"] == "dev"


def test_traditional_questions_are_written_in_other_characters() -> None:
    assert in_traditional(["电动车怎么处罚"]) == ["電動車怎麼處罰"]
