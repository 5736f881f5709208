"""Many users for minutes on a real service: wrong answers, failed requests and memory that grows.

Users ask, search, put files in, replace and remove them, all over loopback against ``policyqa serve`` in a process of
its own. Before that, with nobody else there, every question is asked once; under load each answer must be the same,
word for word and clause for clause, though the files of the users come and go beside it. What a user has just put in
must be found in its newest wording only, and what was removed must not be found.

How rare a word is depends on everything in the library, so near ties in a small one do turn with the users' files in
it. An answer that differs is therefore asked for again, quietly, with none, one, two… of those files beside the
library: where one of these states gives it word for word it was right for its moment and counts as ``shifted``, else
it is ``wrong``.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.benchmarks.served import Served
from eval.benchmarks.soak_users import Differing, Tally, User, Words, answer_of, collection, note
from index.build import ingest_paths
from index.store import Store
from index.verify import verify
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.wire import reply_json

if TYPE_CHECKING:
    import httpx

    from index.encoder import Encoder

_SAMPLE_S = 1.0


def soak(
    sources: Sequence[Path],
    questions: Sequence[str],
    encoder: Encoder,
    *,
    users: int = 64,
    minutes: float = 10.0,
    pause_s: float = 1.0,
    seed: int = 0,
) -> dict[str, Any]:
    """Figures of ``users`` at work for so many minutes over the library of ``sources``, each pausing between requests.

    ``wrong`` counts answers that no quiet run gives and files not found as put in, ``server_errors`` every 5xx
    but a 503 ``busy`` with Retry-After, which is the service holding its line and counted as ``busy``.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "store"
        with Store.open(folder, encoder, create=True) as store:
            ingest_paths(store, list(sources))
        with Served(folder, Path(temporary) / "service.log") as served:
            with served.client() as client:
                quiet = _quiet(client, questions)
            memory = [(0.0, served.resident_mb)]
            tally, held = _load(served, quiet, memory, users, minutes, pause_s, seed)
            with served.client() as client:
                afterwards = _quiet(client, questions) if not held else None
            errors_logged = served.errors_logged()
        damaged = len(verify(folder))
        shifted = _explained(folder, encoder, tally.differing, users)
        tally.wrong(answer for answer in tally.differing if answer not in shifted)
        return {
            "users": users,
            "minutes": minutes,
            **tally.figures(),
            "shifted": sum(answer in shifted for answer in tally.differing),
            "wrong_afterwards": None if afterwards is None else sum(quiet[q] != afterwards[q] for q in quiet),
            "errors_logged": errors_logged,
            "damaged_files": damaged,
            "memory": _memory(memory),
        }


def _quiet(client: httpx.Client, questions: Sequence[str]) -> dict[str, tuple[object, ...]]:
    """Each question's answer with nobody else there."""
    return {question: answer_of(client.post("/api/ask", json={"question": question}).json()) for question in questions}


def _load(
    served: Served,
    quiet: dict[str, tuple[object, ...]],
    memory: list[tuple[float, float]],
    users: int,
    minutes: float,
    pause_s: float,
    seed: int,
) -> tuple[Tally, int]:
    """What the users counted, and how many of their files are left once each has put its own away."""
    tally = Tally()
    started = time.monotonic()
    end = started + minutes * 60
    words = Words(seed)
    crowd = [User(number, served, quiet, tally, random.Random(seed * 1000 + number), words) for number in range(users)]
    threads = [threading.Thread(target=user.work, args=(end, pause_s)) for user in crowd]
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        time.sleep(_SAMPLE_S)
        memory.append((time.monotonic() - started, served.resident_mb))
    for thread in threads:
        thread.join()
    with served.client() as client:
        for user in crowd:
            user.put_away(client)
        left = collection(client) & {user.file_name for user in crowd}
    return tally, len(left)


def _explained(folder: Path, encoder: Encoder, differing: Sequence[Differing], users: int) -> set[Differing]:
    """Those of the differing answers that the library gives, unhurried, with some number of users' files in it."""
    wanted = set(differing)
    found: set[Differing] = set()
    with Store.open(folder, encoder) as store:
        assistant = Assistant(store)
        for number in range(users + 1):
            for question in sorted({question for question, _ in wanted - found}):
                found.add((question, answer_of(reply_json(assistant.ask(question)))))
            data = note(number, "甲乙丙丁戊己庚").encode()
            store.ingest(parse_bytes(f"soak-{number}.txt", data), data)
    return found & wanted


def _memory(samples: Sequence[tuple[float, float]]) -> dict[str, float]:
    """Megabytes of the service's process and its children at the start, in the first and last quarter and at most.

    ``slope_mb_per_min`` is the least-squares line over the second half: what is loaded once is loaded by then.
    """
    values = [megabytes for _, megabytes in samples]
    quarter = max(1, len(values) // 4)
    late = samples[len(samples) // 2 :]
    middle_s = sum(second for second, _ in late) / len(late)
    spread = sum((second - middle_s) ** 2 for second, _ in late)
    middle_mb = sum(megabytes for _, megabytes in late) / len(late)
    slope = sum((second - middle_s) * (megabytes - middle_mb) for second, megabytes in late) / spread if spread else 0.0
    return {
        "start_mb": round(values[0], 1),
        "first_quarter_mb": round(sum(values[:quarter]) / quarter, 1),
        "last_quarter_mb": round(sum(values[-quarter:]) / quarter, 1),
        "most_mb": round(max(values), 1),
        "slope_mb_per_min": round(slope * 60, 2),
    }
