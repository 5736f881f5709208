"""Reads a file in a process of its own, with a bound on memory and time, so that no file can take the program down.

The answer comes back as JSON and is checked field by field: a parser that was taken over by a hostile file has no way
to make this process run anything, as an unpickled object would.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from typing import Any, Final

from ingest.errors import MissingExtraError, ReadError
from ingest.model import SourceText
from ingest.readers.limits import DEFAULT_LIMITS, MIB, Budget, Limits
from ingest.readers.sandbox_codec import source_from_json

MEMORY_BYTES: Final = 3 * 1024 * MIB
"""Address space of the process. Text recognition alone maps about 1.5 GiB."""
SECONDS: Final = 120.0
_STARTUP: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from ingest.readers.sandbox_worker import main; main()"
)
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def read_bytes_in_worker(
    name: str,
    data: bytes,
    *,
    limits: Limits = DEFAULT_LIMITS,
    memory_bytes: int = MEMORY_BYTES,
    seconds: float = SECONDS,
) -> SourceText:
    """What ``read_bytes`` gives, read by a process that is gone, with its children, when this returns.

    ``memory_bytes`` bounds the process's address space where the system can (not on Windows), ``seconds`` its life,
    its start of about 0.3 s included. Raises ReadError also where it takes more, or dies.
    """
    budget = Budget(name, limits)
    budget.check_size(len(data))
    process = subprocess.Popen(  # noqa: S603 - this interpreter, with our own module
        [sys.executable, "-c", _STARTUP, json.dumps(sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={**os.environ, **_ONE_THREAD},
    )
    order = {"name": name, "limits": asdict(limits), "memory_bytes": memory_bytes, "seconds": seconds}
    try:
        answer, _ = process.communicate(json.dumps(order).encode() + b"\n" + data, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise budget.refuse("too_slow", limit=f"{seconds:g}") from None
    finally:
        _end(process)
    try:
        reply = json.loads(answer)
    except ValueError:
        raise budget.refuse("crashed", detail=_cause(process.returncode)) from None
    return _unpack(reply, name, budget, memory_bytes)


def _unpack(reply: Any, name: str, budget: Budget, memory_bytes: int) -> SourceText:
    if not isinstance(reply, dict):
        raise budget.refuse("crashed", detail="no answer")
    if reply.get("memory"):
        raise budget.refuse("memory", limit=memory_bytes // MIB)
    if "problem" in reply:
        kind = MissingExtraError if reply.get("missing_extra") else ReadError
        raise kind(name, str(reply["problem"]), str(reply.get("advice", "")))
    try:
        return source_from_json(reply["source"], name)
    except (KeyError, TypeError, ValueError) as error:
        raise budget.refuse("crashed", detail=f"bad answer: {error}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and whatever it started, and collects it, so that nothing of it is left."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _cause(returncode: int) -> str:
    if returncode >= 0:
        return f"exit status {returncode}"
    try:
        return signal.Signals(-returncode).name
    except ValueError:
        return f"signal {-returncode}"
