"""Which files a user means by a path: itself, or everything below a folder, and what each is called in a store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import ReadError

_ABOUT_FOLDER = re.compile(r"(?:README|LICEN[CS]E|CHANGELOG|NOTICE)(?:\.(?:md|txt|rst))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read. ``refused`` says why where it must not be, ``aside`` that it is about the folder it lies in."""

    name: str
    path: Path
    size_bytes: int = 0
    refused: str | None = None
    aside: bool = False


def find_files(paths: Iterable[Path]) -> list[FoundFile]:
    """The files, folders walked in order, each once.

    A file in a folder is called by its path from there, a single file by its name. Hidden files and Office's lock files
    are left out; a link that leads out of the folder is refused; a folder's own README, licence and change log are no
    policies and set aside (named by themselves they are read). Raises ReadError where a path does not exist or two
    files would have one name.
    """
    found: dict[str, FoundFile] = {}
    for path in paths:
        if path.is_dir():
            files: Iterable[FoundFile] = _below(path)
        elif path.exists():
            files = [FoundFile(path.name, path, path.stat().st_size)]
        else:
            raise ReadError(str(path), "there is no such file or folder", "Check the path")
        for file in files:
            other = found.setdefault(file.name, file)
            if other.path.resolve() != file.path.resolve():
                raise ReadError(
                    str(file.path),
                    f"{other.path} has the same name {file.name}",
                    "Ingest the folder above both, or give one of them another name",
                )
    return list(found.values())


def _below(folder: Path) -> Iterator[FoundFile]:
    root = folder.resolve()
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.startswith((".", "~$")):
                continue
            path = Path(place, name)
            called = path.relative_to(folder).as_posix()
            if not path.resolve().is_relative_to(root):
                yield FoundFile(called, path, refused="it is a link that leads out of the folder")
            else:
                aside = _ABOUT_FOLDER.fullmatch(name) is not None
                yield FoundFile(called, path, path.stat().st_size if path.exists() else 0, aside=aside)
