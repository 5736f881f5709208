"""The command line as a shell sees it: exit codes, what is printed where, what --help imports."""

import subprocess
import sys
from pathlib import Path

import pytest


def policyqa(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False, timeout=100)


def test_help_names_every_command_of_the_contract() -> None:
    shown = policyqa("--help")
    assert shown.returncode == 0
    for command in ("ingest", "remove", "outline", "source", "search", "ask", "eval", "serve", "bench"):
        assert f" {command} " in shown.stdout


def test_help_imports_no_heavy_library() -> None:
    code = "import sys, ui.cli; ui.cli._add_commands(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "torch",
        "faiss",
        "gradio",
        "sentence_transformers",
        "tantivy",
        "langchain_core",
        "numpy",
        "jieba",
        "fastapi",
    }
    assert heavy.isdisjoint(loaded)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "--nope"], "--nope"),
        (["ask"], "QUESTION"),
        (["search"], "QUERY"),
        (["search", "x", "-k", "0"], "-k"),
        (["frobnicate"], "frobnicate"),
        (["ask", "x", "--as-of", "tomorrow"], "as_of"),
        (["ask", "--batch", "nowhere.jsonl"], "nowhere.jsonl"),
        (["ingest", "nowhere.txt"], "nowhere.txt"),
        (["ask", "x", "--store", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_one_line_on_stderr_and_exit_code_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    if arguments[0] == "ingest":
        arguments = [*arguments, "--store", str(tmp_path / "store")]
    ended = policyqa(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
    assert said in ended.stderr


def test_an_encoder_folder_that_is_not_there_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    (tmp_path / "a.md").write_text("# 办法\n\n第一条 自公布之日起施行。\n", encoding="utf-8")
    refused = policyqa("ingest", "a.md", "--store", "store", "--encoder", str(gone), cwd=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert str(gone) in refused.stderr
