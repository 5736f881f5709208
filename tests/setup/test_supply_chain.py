"""What the product is made of: locked, hashed, free to use, and silent towards the outside."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-all.lock")


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return loaded("supply_chain")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_none_an_address(name: str) -> None:
    lines = [line for line in text(name).splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"\S+==\S+( ;.*?)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in lines)
    pins = [number for number, line in enumerate(lines) if "==" in line and not line.startswith(" ")]
    assert pins
    assert all(lines[number + 1].startswith("    --hash=") for number in pins)
    assert "://" not in "\n".join(lines)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_and_constraints_name_the_same_versions(tool: ModuleType, name: str) -> None:
    pinned = tool.locked(text("constraints.txt"))
    assert {package: pinned.get(package) for package in tool.locked(text(name))} == tool.locked(text(name))


def test_constraints_pin_nothing_that_is_not_locked(tool: ModuleType) -> None:
    assert set(tool.locked(text("constraints.txt"))) == set(tool.locked(text("requirements-all.lock")))


def test_locks_hold_what_the_project_asks_for(tool: ModuleType) -> None:
    extras = [one for listed in PROJECT["optional-dependencies"].values() for one in listed]
    for name, asked in (("requirements.lock", PROJECT["dependencies"]), ("requirements-all.lock", extras)):
        held = tool.locked(text(name))
        for requirement in map(Requirement, asked):
            if requirement.name != PROJECT["name"]:
                assert requirement.specifier.contains(held[tool.normal(requirement.name)]), f"{requirement} in {name}"


def test_the_list_of_licences_names_what_is_locked(tool: ModuleType) -> None:
    listed = dict(re.findall(r"(?m)^\| (\S+) \| (\S+) \|", text("docs/licences.md")))
    listed.pop("包", None)
    assert listed == tool.locked(text("requirements-all.lock"))


def test_nobody_is_bound_by_agpl_or_gpl(tool: ModuleType) -> None:
    said = dict(re.findall(r"(?m)^\| (\S+) \| \S+ \| (.+) \|$", text("docs/licences.md")))
    strong = {name: licence for name, licence in said.items() if re.search(r"(?<!L)GPL|Affero", licence)}
    assert strong == {}
    weak = {name for name in tool.locked(text("requirements.lock")) if re.search(r"LGPL|MPL|Mozilla", said[name])}
    assert weak == {"certifi", "orjson", "tqdm"}


def test_the_bill_of_materials_names_every_locked_package(tool: ModuleType, tmp_path: Path) -> None:
    pytest.importorskip("cyclonedx_py", reason="pip install policyqa[supply]")
    target = tmp_path / "sbom.json"
    command = ["-m", "cyclonedx_py", "requirements", "requirements.lock", "--pyproject", "pyproject.toml"]
    subprocess.run([sys.executable, *command, "-o", str(target)], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(target.read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert {tool.normal(one["name"]) for one in bill["components"]} == set(tool.locked(text("requirements.lock")))
    assert bill["metadata"]["component"]["name"] == PROJECT["name"]


QUIET = """
import ipaddress, json, sys
from pathlib import Path

outside = []

def listen(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    try:
        near = host is None or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = host in ("localhost", b"localhost")
    if not near:
        outside.append([event, str(host)])

sys.addaudithook(listen)
from fastapi.testclient import TestClient
from qa.settings import Settings
from ui.server import create_app

folder = Path(sys.argv[1])
with TestClient(create_app(folder, Settings(store=folder)), base_url="http://127.0.0.1") as client:
    text = "云溪市泊位办法\\n\\n第一条 泊位每小时收费三元。\\n"
    assert client.post("/api/documents", files={"files": ("泊位.txt", text.encode())}).status_code == 200
    assert client.post("/api/ask", json={"question": "泊位怎么收费?"}).json()["kind"] == "answer"
    import time
    for _ in range(600):
        if client.get("/config").status_code == 200:
            break
        time.sleep(0.1)
    page = client.get("/config").json()
    assert client.get("/").status_code == 200
time.sleep(1)  # what reports in the background has had its chance
import os
print(json.dumps([outside, page["analytics_enabled"], os.environ["HF_HUB_OFFLINE"]]))
"""


@pytest.mark.slow
def test_a_service_looks_up_and_calls_nobody(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUIET, str(tmp_path / "store")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outside, analytics, offline = json.loads(done.stdout.splitlines()[-1])
    assert outside == []
    assert analytics is False
    assert offline == "1"


def test_an_advisory_concerns_the_versions_that_it_names() -> None:
    found = loaded("advisories")
    github = {"Some_Package": [{"id": "GHSA-1", "cve": "CVE-1", "v": ">=2.0,<2.4.1", "advisory": "opens doors"}]}
    pyup = {
        "$meta": {},
        "some-package": [{"id": "pyup.io-1", "cve": None, "specs": ["<1.0", "==3.0"], "advisory": "x"}],
    }
    first, second = (next(found.advisories("kept", data)) for data in (github, pyup))
    assert {one.package for one in (first, second)} == {"some-package"}
    assert [v for v in ("1.9", "2.0", "2.4.0rc1", "2.4.1") if first.concerns(v)] == ["2.0", "2.4.0rc1"]
    assert [v for v in ("0.9", "1.0", "3.0") if second.concerns(v)] == ["0.9", "3.0"]


def test_an_advisory_that_cannot_be_compared_counts() -> None:
    found = loaded("advisories")
    assert found.Advisory("a", "b", ("every version",), "c", "d").concerns("1.0")


def test_everything_locked_is_looked_up_by_its_registry_name() -> None:
    found = loaded("advisories").pins(text("requirements-all.lock"))
    assert {"pyyaml", "torch", "pdfminer-six", "gradio"} <= {package for package, _ in found}
    assert not any("+" in version for _, version in found)
