"""What a serving process frees goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

# Threads that each free large arrays between small objects that stay; prints megabytes resident before and after.
WORK = """
import sys, threading
import numpy as np
if sys.argv[1] == "small":
    from qa.heap import keep_heap_small
    assert keep_heap_small()
kept = []
def work():
    for _ in range(60):
        arrays = [np.ones(size) for size in (30_000, 200_000, 400_000, 60_000) * 3]
        kept.append([bytes(300) for _ in range(40)])
        del arrays
before = threading.active_count()
threads = [threading.Thread(target=work) for _ in range(24)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1]) // 1024)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a matter of glibc's")
def test_memory_that_many_threads_freed_goes_back() -> None:
    def resident_mb(how: str) -> int:
        """The least of three runs: how threads fall to arenas is chance, and varies what one run holds by half."""
        command = [sys.executable, "-c", WORK, how]
        return min(int(subprocess.check_output(command, cwd=Path(__file__).parents[2])) for _ in range(3))

    assert resident_mb("small") < 0.75 * resident_mb("default")
