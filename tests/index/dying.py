"""Work that dies at one of its steps, as a process does that is killed or loses its power."""

from __future__ import annotations

import os
from collections.abc import Callable

from index import disk


def die_at(stop: int, work: Callable[[], object]) -> bool:
    """Works in a child process that dies at its ``stop``-th step; False where it had fewer steps."""
    child = os.fork()
    if child == 0:
        seen = 0

        def observe(_: str) -> None:
            nonlocal seen
            seen += 1
            if seen == stop:
                os._exit(17)

        code = 1
        try:
            with disk.observed(observe):
                work()
            code = 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 17), f"the work itself failed: {code}"
    return code == 17
