"""Fuzzes one target by atheris until told to stop; what it finds goes to the folder that it is started in."""

from __future__ import annotations

import sys
import tempfile

import atheris

with atheris.instrument_imports(include=["ingest", "qa"]):
    from tests.fuzz.targets import SEEDS, TARGETS

if __name__ == "__main__":
    name, *options = sys.argv[1:]
    atheris.Setup([sys.argv[0], *options, tempfile.mkdtemp(), str(SEEDS / name)], TARGETS[name])
    atheris.Fuzz()
