"""How long questions take, one at a time and many at once; how much memory and disk that needs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.metrics.latency import percentile


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds of one question over many."""

    p50_ms: float
    p95_ms: float
    p99_ms: float

    @classmethod
    def of(cls, times_ms: Sequence[float]) -> Latency:
        """The percentiles of at least one time."""
        p50, p95, p99 = (percentile(times_ms, percent) or 0.0 for percent in (50, 95, 99))
        return cls(p50, p95, p99)


def one_at_a_time(ask: Callable[[str], object], questions: Sequence[str], *, warm_up: int = 5) -> Latency:
    """Asks each question in turn, after a few that don't count."""
    for question in questions[:warm_up]:
        ask(question)
    times: list[float] = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return Latency.of(times)


def in_turn(
    ways: Sequence[Callable[[str], object]], questions: Sequence[str], *, warm_up: int = 5
) -> list[tuple[Latency, Latency]]:
    """For each way of asking its times and its processor times, which tell more where the machine has other things to
    do; each question goes to all ways in turn.
    """
    for question in questions[:warm_up]:
        for ask in ways:
            ask(question)
    times: list[list[float]] = [[] for _ in ways]
    busy: list[list[float]] = [[] for _ in ways]
    for question in questions:
        for ask, took, used in zip(ways, times, busy, strict=True):
            started, before = time.perf_counter(), time.process_time()
            ask(question)
            used.append((time.process_time() - before) * 1000)
            took.append((time.perf_counter() - started) * 1000)
    return [(Latency.of(took), Latency.of(used)) for took, used in zip(times, busy, strict=True)]


_PROBE = """
import json, sys, time
from pathlib import Path
from index.store import Store
from qa.assistant import Assistant
with Store.open(Path(sys.argv[1])) as store:
    assistant = Assistant(store)
    assistant.warm_up()
    for question in json.loads(sys.argv[2]):
        assistant.ask(question)
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    print(next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0))
"""


def resident_mb(folder: Path, questions: Sequence[str]) -> float:
    """Megabytes that a fresh process holds once it has warmed up and answered; 0 where the system doesn't say."""
    return float(_python("-c", _PROBE, str(folder), json.dumps(list(questions))))


def cold_ask_s(folder: Path, question: str) -> float:
    """Seconds that ``policyqa ask`` takes from a cold start."""
    started = time.perf_counter()
    reply: dict[str, Any] = json.loads(_python("-m", "ui.cli", "ask", question, "--store", str(folder), "--json"))
    took = time.perf_counter() - started
    if "kind" not in reply:
        msg = f"policyqa ask did not answer {question}"
        raise RuntimeError(msg)
    return took


def _python(*arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603  our own modules


def disk_mb(folder: Path) -> float:
    """Megabytes of every file below the folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
