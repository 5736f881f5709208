"""How long each stage of an answer took."""

from __future__ import annotations

import time


class Clock:
    """Runs from its making. `lap` names the stage that just ended."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Adds the time since the last lap to ``stage``."""
        now = time.perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def timings(self) -> dict[str, float]:
        """Milliseconds by stage, and ``total``."""
        return {**self._laps, "total": (time.perf_counter() - self._started) * 1000}
