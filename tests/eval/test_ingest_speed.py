"""The ingest benchmark counts what it measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks.ingest import main


def test_speed_is_measured_on_the_files_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.txt").write_text(
            f"云溪市渔港办法{name}\n\n第一条 渔港由渔业局管理。\n\n第二条 本办法自公布之日起施行。\n", "utf-8"
        )
    assert main([str(tmp_path)]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["files"] == 2
    assert figures["clauses"] == 6
    assert 0 < figures["megabytes"] * 1e6 < 20_000
    assert figures["ingest_s"] >= 0
    assert figures["peak_mb"] > 10
