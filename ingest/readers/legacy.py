"""Older office formats (doc, wps, rtf, odt, xls) through LibreOffice, where it is installed.

LibreOffice runs without a window, with a profile of its own in a temporary folder (so that it asks nobody's settings
and two conversions don't meet), and with macros off, as is its default.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.model import SourceText
from ingest.readers import spreadsheet, word
from ingest.readers.limits import Budget
from ingest.readers.sniff import BY_SUFFIX, Format, suffix_of
from ingest.readers.wording import warning

_COMMANDS: Final = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
_TIMEOUT_S: Final = 120.0
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SHEETS: Final = frozenset((".xls",))


def read(data: bytes, budget: Budget) -> SourceText:
    """The text of the document as converted to docx or xlsx, with a warning that says so.

    Raises ReadError where LibreOffice is missing or can't convert the file.
    """
    if _ENCRYPTED in data:
        # A docx or xlsx with a password is no zip but the old container with the encrypted package inside.
        raise budget.refuse("encrypted", format="Office")
    suffix = suffix_of(budget.name)
    suffix = suffix if BY_SUFFIX.get(suffix) is Format.LEGACY else ".doc"
    target = "xlsx" if suffix in _SHEETS else "docx"
    command = next((found for name in _COMMANDS if (found := shutil.which(name))), None)
    if command is None:
        raise budget.refuse("needs_office", suffix=suffix, better=f".{target}")
    with tempfile.TemporaryDirectory(prefix="policyqa-") as folder:
        # A name of our own: the file's may begin with a dash or be too long.
        source = Path(folder) / f"source{suffix}"
        source.write_bytes(data)
        problem = _convert(command, source, target, Path(folder))
        converted = source.with_suffix(f".{target}")
        if problem or not converted.is_file():
            raise budget.refuse("conversion", detail=problem or "no output", better=f".{target}")
        budget.check_size(converted.stat().st_size)
        content = converted.read_bytes()
    extracted = spreadsheet.read(content, budget) if target == "xlsx" else word.read(content, budget)
    return replace(extracted, warnings=(*extracted.warnings, warning("converted", suffix=suffix)))


def _convert(command: str, source: Path, target: str, folder: Path) -> str:
    """Runs LibreOffice; what went wrong, or nothing. The process and its children are gone when this returns."""
    profile = (folder / "profile").as_uri()
    arguments = [command, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={profile}"]
    arguments += ["--convert-to", target, "--outdir", str(folder), str(source)]
    process = subprocess.Popen(  # noqa: S603 - a command that was looked up, and a file name of our own
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = process.wait(timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        return f"no result within {_TIMEOUT_S:g} s"
    return "" if code == 0 else f"exit status {code}"
