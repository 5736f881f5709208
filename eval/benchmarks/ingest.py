"""How fast files become a store on one core: parsing alone, and from the file to the searchable clause, with memory.

``python -m eval.benchmarks.ingest PATH...`` measures the files given; without a path, synthetic policies of about
``--megabytes``. Figures are megabytes of text in a minute of processor time, one process, one thread; the peak of
resident memory is the whole process's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.benchmarks.scale import write_files
from eval.benchmarks.synthetic import policies
from index.build import ingest_paths
from index.store import Store
from ingest.pipeline import parse_file

_POLICIES_IN_A_MEGABYTE = 80
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class IngestSpeed:
    """Megabytes of extracted text (UTF-8), seconds of processor time, and what follows from them."""

    files: int
    megabytes: float
    clauses: int
    parse_s: float
    parse_mb_per_minute: float
    ingest_s: float
    ingest_mb_per_minute: float
    peak_mb: float


def measure(paths: Sequence[Path]) -> IngestSpeed:
    """Parses every file, then ingests all into a new store in one process. Raises ReadError for an unreadable file."""
    files = sorted(file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,)) if file.is_file())
    text_bytes = clauses = 0
    started = time.process_time()
    for file in files:
        parsed = parse_file(file)
        text_bytes += len(parsed.source.text.encode("utf-8", "replace"))
        clauses += sum(len(document.clauses) for document in parsed.documents)
    parse_s = time.process_time() - started
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store", create=True) as store:
        store.encoder.encode(["预热"], "passage")
        started = time.process_time()
        ingest_paths(store, list(paths), processes=1)
        ingest_s = time.process_time() - started
    megabytes = text_bytes / 1e6
    return IngestSpeed(
        files=len(files),
        megabytes=round(megabytes, 6),
        clauses=clauses,
        parse_s=round(parse_s, 2),
        parse_mb_per_minute=round(60 * megabytes / max(parse_s, 1e-9), 1),
        ingest_s=round(ingest_s, 2),
        ingest_mb_per_minute=round(60 * megabytes / max(ingest_s, 1e-9), 1),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the figures as JSON, and returns 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", type=Path, nargs="*")
    parser.add_argument("--megabytes", type=float, default=2.0)
    chosen = parser.parse_args(arguments)
    for variable in _ONE_THREAD:
        os.environ.setdefault(variable, "1")
    with tempfile.TemporaryDirectory() as folder:
        paths = list(chosen.paths)
        if not paths:
            paths = [Path(folder) / "policies"]
            write_files(paths[0], policies(max(1, round(chosen.megabytes * _POLICIES_IN_A_MEGABYTE))))
        sys.stdout.write(json.dumps(asdict(measure(paths)), ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
