"""``manifest.json``: what a store's folder holds, for people and for the check on opening."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
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
