"""A store backed up, brought back, damaged, found damaged and rebuilt, all from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli import app
from ui.maintenance import add_to

runner = CliRunner()
TEXT = "云溪市停车收费办法(虚构示例)\n\n第一条 小型汽车停车首小时收费三元。\n第二条 新能源汽车首两小时免费。\n"


@pytest.fixture(scope="module", autouse=True)
def _commands() -> None:
    if "backup" not in {command.callback.__name__ for command in app.registered_commands if command.callback}:
        add_to(app)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    file = tmp_path / "停车.txt"
    file.write_text(TEXT, encoding="utf-8")
    folder = tmp_path / "store"
    assert runner.invoke(app, ["ingest", str(file), "--store", str(folder)]).exit_code == 0
    return folder


def ask(store: Path) -> dict[str, object]:
    shown = runner.invoke(app, ["ask", "新能源车停车免费多久", "--store", str(store), "--json"])
    assert shown.exit_code == 0, shown.output
    reply: dict[str, object] = json.loads(shown.stdout)
    return reply


def test_a_restored_store_answers_as_the_one_that_was_backed_up(store: Path, tmp_path: Path) -> None:
    archive, copy = tmp_path / "backup.zip", tmp_path / "copy"
    assert runner.invoke(app, ["backup", str(archive), "--store", str(store)]).exit_code == 0
    assert runner.invoke(app, ["restore", str(archive), "--store", str(copy)]).exit_code == 0
    assert runner.invoke(app, ["check", "--store", str(copy)]).exit_code == 0
    before, after = ask(store), ask(copy)
    assert before["answer"] == after["answer"]
    assert before["citations"] == after["citations"]


def test_restoring_over_a_store_is_refused_and_leaves_it_alone(store: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.zip"
    runner.invoke(app, ["backup", str(archive), "--store", str(store)])
    before = ask(store)["answer"]
    assert runner.invoke(app, ["restore", str(archive), "--store", str(store)]).exit_code == 2
    assert ask(store)["answer"] == before


def test_a_damaged_index_file_is_named_and_rebuild_mends_it(store: Path) -> None:
    before = ask(store)["answer"]
    vectors = max(store.rglob("*.f16"), key=lambda file: file.stat().st_size)
    data = bytearray(vectors.read_bytes())
    data[len(data) // 2] ^= 0xFF
    vectors.write_bytes(bytes(data))
    found = runner.invoke(app, ["check", "--store", str(store), "--json"])
    assert found.exit_code == 2
    assert json.loads(found.stdout)["damaged"][0]["file"] == vectors.name
    assert runner.invoke(app, ["rebuild", "--store", str(store)]).exit_code == 0
    assert runner.invoke(app, ["check", "--store", str(store)]).exit_code == 0
    assert ask(store)["answer"] == before
