"""The process that ``sandbox`` starts: takes one file on standard input, answers on standard output, ends."""

from __future__ import annotations

import json
import math
import os
import sys
from typing import Any

from ingest.errors import MissingExtraError, ReadError
from ingest.readers.dispatch import read_bytes
from ingest.readers.limits import Limits
from ingest.readers.sandbox_codec import source_to_json


def main() -> None:
    """Reads an order (one line of JSON) and a file, and writes the answer as JSON."""
    answer_to = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get into the answer
    order = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    bound(order["memory_bytes"], order["seconds"])
    answer_to.write(json.dumps(_answer(order, data)).encode())
    answer_to.flush()
    # Not sys.exit: at an exhausted limit even tidying up can hang.
    os._exit(0)


def _answer(order: dict[str, Any], data: bytes) -> dict[str, Any]:
    try:
        return {"source": source_to_json(read_bytes(order["name"], data, limits=Limits(**order["limits"])))}
    except ReadError as error:
        if isinstance(error.__cause__, MemoryError):
            return {"memory": True}
        missing = isinstance(error, MissingExtraError)
        return {"problem": error.problem, "advice": error.advice, "missing_extra": missing}
    except MemoryError:
        return {"memory": True}


def bound(memory_bytes: int, seconds: float) -> None:
    """Limits this process's address space and processor time, and forbids core dumps; does nothing on Windows."""
    try:
        import resource
    except ImportError:
        return
    cpu_s = math.ceil(seconds) + 5
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
