"""``manifest.json``: what a store's folder holds, for people and for the check on opening."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index import disk
from index.errors import StoreError

FILE_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of one generation. ``corpus_hash`` changes with any file in the store."""

    format: int
    generation: int
    encoder: str
    encoder_revision: str
    dim: int
    corpus_hash: str
    files: int
    documents: int
    clauses: int
    passages: int
    checksums: dict[str, str] = field(default_factory=dict)
    """CRC-32 of each file that never changes once written, by its path in the folder."""


def checksums(folder: Path, within: Path, known: Mapping[str, str]) -> dict[str, str]:
    """The checksum of every unchanging file in the word index ``within``, those already ``known`` not read again.

    Its ``meta.json`` and lock files change with every commit and are left out; damage there shows on opening.
    """
    found: dict[str, str] = {}
    for file in sorted(within.iterdir()):
        if file.suffix not in (".json", ".lock"):
            name = file.relative_to(folder).as_posix()
            found[name] = known.get(name) or checksum(file)
    return found


def checksum(file: Path) -> str:
    """CRC-32 of a file's bytes, in hexadecimal."""
    crc = 0
    with file.open("rb") as opened:
        while block := opened.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return f"{crc:08x}"


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replaces the folder's manifest."""
    disk.replace(folder / FILE_NAME, (json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n").encode())


def read_manifest(folder: Path) -> Manifest | None:
    """The folder's manifest, None where there is none. Raises StoreError where it can't be read."""
    file = folder / FILE_NAME
    if not file.exists():
        return None
    try:
        return Manifest(**json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise StoreError(f"{file} is damaged ({error}); rebuild it with: policyqa rebuild --store {folder}") from error
