"""The commands end to end, on a small store with the bundled encoder and the real assistant."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.cli import app
from eval.question_set import write_questions
from eval.service import EvaluationService
from index.build import ingest_paths
from index.encoder import load_encoder
from index.store import Store

from .conftest import FILE, QUESTIONS, TEXT

runner = CliRunner()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``store``, ``bikes.jsonl`` about it, and ``other.jsonl`` about documents that it lacks."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / FILE).write_text(TEXT, "utf-8")
    with Store.open(folder / "store", load_encoder(None), create=True) as store:
        ingest_paths(store, [folder / FILE])
    write_questions(folder / "bikes.jsonl", QUESTIONS.questions)
    (folder / "other.jsonl").write_text(
        json.dumps({"id": "a", "question": "?", "gold": [{"doc": "停车场条例", "path": ["第一条"]}]}), "utf-8"
    )
    return folder


def call(*arguments: str | Path) -> tuple[int, str, str]:
    result = runner.invoke(app, [str(a) for a in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_a_run_prints_json_and_nothing_else(place: Path) -> None:
    code, out, err = call("--store", place / "store", "--questions", place / "bikes.jsonl", "--json")
    assert code == 0, err
    run = json.loads(out)
    assert run["set"]["questions"] == 4
    assert run["scores"]["hit5"] == 1.0
    assert [item["id"] for item in run["items"]] == ["q1", "q2", "q3", "q4"]
    assert set(run["slices"]) == {"half", "type", "lang", "document"}


def test_a_run_is_saved_reported_and_compared(place: Path) -> None:
    for name in ("a.json", "b.json"):
        code, out, err = call(
            "--store", place / "store", "--questions", place / "bikes.jsonl", "--save", place / name,
            "--report", place / "r.html",
        )  # fmt: skip
        assert code == 0, err
        assert "hit10" in out
    assert (place / "r.html").read_text("utf-8").startswith("<!doctype html>")
    assert not (place / "a.json.part").exists()
    code, out, _ = call("--compare", place / "a.json", place / "b.json", "--json")
    assert code == 0
    assert json.loads(out)["flips"] == []


def test_a_gate_that_is_missed_gives_exit_code_one(place: Path) -> None:
    common = ("--store", place / "store", "--questions", place / "bikes.jsonl", "--json")
    assert call(*common, "--require", "hit10=.9", "--require", "p95_ms<=600000")[0] == 0
    code, _, err = call(*common, "--require", "false_refusal<=0", "--require", "mrr10=1.5")
    assert code == 1
    assert "mrr10" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--questions", "absent.jsonl"), "absent.jsonl"),
        (("--questions", "bad.jsonl"), "bad.jsonl, line 1: field 'goal' is unknown"),
        (("--questions", "other.jsonl"), "停车场条例"),
        (("--questions", "bikes.jsonl", "--require", "speed=1"), "speed"),
        (("--compare", "absent.json", "absent.json"), "absent.json"),
        (("robustness", "--view", "loud"), "loud"),
        (("external", "."), "corpus.jsonl"),
        (("draft", "--out", "bikes.jsonl"), "bikes.jsonl exists"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(
    place: Path, arguments: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    monkeypatch.setenv("POLICYQA_STORE", str(place / "store"))
    (place / "bad.jsonl").write_text('{"id": "a", "question": "?", "goal": []}', "utf-8")
    code, out, err = call(*arguments)
    assert code == 2, out + err
    assert out == ""
    assert message in err
    assert len(err.strip().split("\n")) == 1


def test_a_missing_store_names_the_folder(place: Path) -> None:
    code, _, err = call("--store", place / "nowhere", "--questions", place / "bikes.jsonl")
    assert code == 2
    assert "nowhere" in err


def test_a_set_is_validated_against_the_store(place: Path) -> None:
    assert call("validate", place / "bikes.jsonl", "--store", place / "store")[0] == 0
    code, out, _ = call("validate", place / "other.jsonl", "--store", place / "store", "--json")
    assert code == 1
    assert json.loads(out)["findings"][0]["field"] == "gold[0]"


def test_baselines_stand_side_by_side(place: Path) -> None:
    code, out, err = call("baselines", "--store", place / "store", "--questions", place / "bikes.jsonl", "--json")
    assert code == 0, err
    systems = [row["system"] for row in json.loads(out)["systems"]]
    assert systems[0].startswith("tutorial")
    assert systems[-1] == "policyqa"
    assert systems[4:6] == ["policyqa search (fused)", "+ reranker"]


def test_drafts_are_written_and_valid(place: Path) -> None:
    drafts = place / "drafts.jsonl"
    code, _, err = call("draft", "--out", drafts, "--store", place / "store", "--count", "8")
    assert code == 0, err
    assert call("validate", drafts, "--store", place / "store")[0] == 0


def test_robustness_runs_on_a_view(place: Path) -> None:
    code, out, err = call(
        "robustness", "--store", place / "store", "--questions", place / "bikes.jsonl", "--view", "typos", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["views"][0]["count"] == 4


def test_the_page_can_run_a_set_over_its_open_store(place: Path) -> None:
    service = EvaluationService()
    assert {"samples", "digital-economy-2021"} <= set(service.sets())
    seen: list[int] = []
    with Store.open(place / "store") as store:
        result = service.run(store, place / "bikes.jsonl", lambda done, total, label: seen.append(done))
    assert seen == [1, 2, 3, 4]
    assert result.scores["hit5"] == 1.0
    assert {o.id for o in result.failed} == {o.id for o in result.run.outcomes if not o.right}
    assert result.by_type[0].by == "type"
    assert "wall" in result.latency_ms
    assert result.to_json()["set"]["name"] == "bikes.jsonl"


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from eval.cli import app; "
        "print(*sorted({'numpy', 'faiss', 'torch', 'langchain_core', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
