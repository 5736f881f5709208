"""What the product is made of: locked versions with hashes, and every package's licence.

    python deploy/supply_chain.py lock        # requirements.lock, requirements-all.lock
    python deploy/supply_chain.py licences    # docs/licences.md

Both run by ``make lock`` and ``make licences``.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = {"requirements.lock": (), "requirements-all.lock": ("--all-extras",)}
_OLDEST_PYTHON: Final = "3.11.2"  # Debian 12
_GPU: Final = re.compile(r"^(nvidia-|cuda-|triton==)")
_LINE: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?P<rest>.*)")
_HEAD: Final = """\
# Made by `make lock` from pyproject.toml and constraints.txt.
# pip install --require-hashes -r {name} && pip install --no-deps .
# On Linux torch is the build without CUDA, for x86-64 and Python {python}: give pip PyTorch's index for it, as README
# says. For graphics cards, other Pythons and processors there: pip install -c constraints.txt instead.
"""
_CLASSIFIER: Final = "License :: OSI Approved :: "
_LONGEST_LICENCE: Final = 60
_NOT_STATED: Final = "元数据未写 / its metadata do not say"
_ELSEWHERE: Final = "只用于其他系统 / for other systems only"


def lock(name: str, options: tuple[str, ...]) -> str:
    """The text of a lock file: every package at the version of constraints.txt, with the hashes of all its files."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", _OLDEST_PYTHON]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--constraints", "constraints.txt", *options, "pyproject.toml"]
    found = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  fixed
    blocks = re.split(r"\n(?=\S)", found.rstrip("\n"))
    kept = [_with_processor_build(block) for block in blocks if not _GPU.match(block)]
    return _HEAD.format(name=name, python=".".join(map(str, sys.version_info[:2]))) + "\n".join(kept) + "\n"


def _with_processor_build(block: str) -> str:
    """torch for Linux as the build without CUDA, which lies outside the registry, with the hash of what pip takes."""
    if not block.startswith("torch=="):
        return block
    pin = block.split(maxsplit=1)[0]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, f"{pin}+cpu"]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  fixed words and a pin of ours
        (wheel,) = Path(folder).iterdir()
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    elsewhere = block.replace(pin, f"{pin} ; sys_platform != 'linux'", 1)
    return f"{elsewhere}\n{pin}+cpu ; sys_platform == 'linux' \\\n    --hash=sha256:{digest}"


def locked(text: str) -> dict[str, str]:
    """``{name: version}`` of a lock or constraints file, names in lower case with dashes, builds left out."""
    found = (_LINE.match(line) for line in text.splitlines())
    return {normal(match["name"]): match["version"].removesuffix("+cpu") for match in found if match}


def normal(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(facts: dict[str, Any]) -> str:
    """What a package's own metadata says of its licence, in the form of ``importlib.metadata``'s ``json``."""
    if stated := facts.get("license_expression"):
        return str(stated)
    classified = [one.removeprefix(_CLASSIFIER) for one in facts.get("classifier", ()) if one.startswith(_CLASSIFIER)]
    if classified:
        return "; ".join(sorted(classified))
    first = (facts.get("license") or "").strip().split("\n")[0]
    return first if 0 < len(first) <= _LONGEST_LICENCE else _NOT_STATED


def _facts(pins: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The metadata of each package: of the installed one, else what the registry has, where it has one for here."""
    found: dict[str, dict[str, Any]] = {}
    for name, version in pins.items():
        try:
            found[name] = metadata(name).json
        except PackageNotFoundError:
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-", "--no-deps"]
            command += ["--ignore-installed", f"{name}=={version}"]
            told = subprocess.run(command, check=False, capture_output=True, text=True).stdout  # noqa: S603  a pin of ours
            if told:
                found[name] = json.loads(told)["install"][0]["metadata"]
    return found


def licences() -> str:
    """The text of docs/licences.md."""
    core = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    every = locked((ROOT / "requirements-all.lock").read_text(encoding="utf-8"))
    lines = [_LICENCES_HEAD, *_table(core), "\n## 可选与开发 Extras and development\n", *_table(every, without=core)]
    return "\n".join(lines) + "\n"


def _table(pins: dict[str, str], without: dict[str, str] | None = None) -> list[str]:
    rows = ["| 包 package | 版本 version | 许可 licence |", "|---|---|---|"]
    listed = {name: version for name, version in sorted(pins.items()) if name not in (without or ())}
    facts = _facts(listed)
    for name, version in listed.items():
        said = licence_of(facts[name]).replace("|", "/") if name in facts else _ELSEWHERE
        rows.append(f"| {name} | {version} | {said} |")
    return rows


_LICENCES_HEAD: Final = """\
# 所用软件的许可 Licences of what is used

由 `make licences` 从各包自己的元数据写成;版本与 `requirements.lock`、`requirements-all.lock` 一致,由测试核对。
Written by `make licences` from each package's own metadata; a test holds the versions to those of the lock files.

- 没有 AGPL,也没有 GPL。No AGPL and no GPL.
- 运行部分的 MPL:certifi、orjson、tqdm;可选部分的 LGPL:psycopg(`postgres`);开发用的 LGPL 与 MPL:fpdf2、hypothesis、
  pathspec、fqdn。都照原样安装、由 Python 导入,不作改动,也不并入本项目。
  MPL among what runs: certifi, orjson, tqdm. LGPL among the extras: psycopg (`postgres`). For development, LGPL and
  MPL: fpdf2, hypothesis, pathspec, fqdn. All are installed as they are and imported; none is changed or merged in here.
- torch 的 CUDA 版另带 NVIDIA 的专有库,不在此列;CPU 版没有。
  The CUDA build of torch brings proprietary libraries of NVIDIA, not listed here; the processor build brings none.

## 运行 What runs
"""


def main(task: str) -> None:
    """Writes the files of one task."""
    if task == "lock":
        for name, options in LOCKS.items():
            (ROOT / name).write_text(lock(name, options), encoding="utf-8")
    elif task == "licences":
        (ROOT / "docs" / "licences.md").write_text(licences(), encoding="utf-8")
    else:
        sys.exit(f"{task} is neither lock nor licences")


if __name__ == "__main__":
    main(*sys.argv[1:2] or ("",))
