"""Many users at once: those who never pause, and those who look at what they were told before they ask on."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from eval.benchmarks.synthetic import questions
from eval.benchmarks.timing import Latency

if TYPE_CHECKING:
    from index.store import Store
    from qa.settings import Settings

Ask = Callable[[str], object]

USERS = (1, 8, 32, 128)
_SEATS = 2
"""Questions worked on at a time, as by `policyqa serve` with one process on two processors; the others wait."""
_LEAST_QUESTIONS = 60
_EACH = 2
_EACH_PAUSING = 4
_PAUSE_S = (1.0, 2.0)
"""Between an answer and the next question, evenly distributed: users who hardly read."""


def crowds(ask: Ask, seed: int = 0, users: tuple[int, ...] = USERS) -> dict[str, dict[str, float]]:
    """The contract's ``concurrent`` figures: so many users who never pause, new questions each time."""
    return {
        str(count): crowd(ask, count, questions(max(_LEAST_QUESTIONS, _EACH * count), seed=seed + 1000 * count))
        for count in users
    }


def pausing(ask: Ask, users: int, seed: int = 0) -> dict[str, float]:
    """The same for ``users`` who pause for one to two seconds before each of their questions."""
    return crowd(ask, users, questions(_EACH_PAUSING * users, seed=seed + 77), pause_s=_PAUSE_S)


def crowd(ask: Ask, users: int, asked: list[str], pause_s: tuple[float, float] | None = None) -> dict[str, float]:
    """``users`` threads share the questions; milliseconds with the wait in line, answers a second, errors."""
    queue = iter(asked)
    turn = threading.Lock()
    times: list[float] = []
    errors: list[Exception] = []

    def user(number: int) -> None:
        dice = random.Random(number)
        while True:
            if pause_s:
                time.sleep(dice.uniform(*pause_s))
            with turn:
                question = next(queue, None)
            if question is None:
                return
            started = time.perf_counter()
            try:
                line.submit(ask, question).result()
            except Exception as error:  # noqa: BLE001  counted and reported: a benchmark has to see them all
                errors.append(error)
            times.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    started = time.perf_counter()
    with ThreadPoolExecutor(_SEATS) as line:  # whose queue is a fair line, which a semaphore's is not
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    took = time.perf_counter() - started
    latency = Latency.of(times)
    return {
        "p50_ms": round(latency.p50_ms, 2),
        "p95_ms": round(latency.p95_ms, 2),
        "per_s": round(len(times) / took, 1),
        "errors": len(errors),
    }


def open_bench_store(settings: Settings) -> Store:
    """The store that the settings name, for processes of their own."""
    from index.encoder import load_encoder
    from index.store import Store

    return Store.open(settings.store, load_encoder(settings.encoder))
