"""Speed at a size: a store of synthetic policies made, asked, changed and compared with doing it by hand."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.benchmarks.crowd import crowds, open_bench_store, pausing
from eval.benchmarks.peers import Peer, by_hand, tutorial
from eval.benchmarks.synthetic import ARTICLES, SyntheticFile, policies, questions
from eval.benchmarks.timing import Latency, cold_ask_s, disk_mb, in_turn, one_at_a_time, resident_mb
from index.build import ingest_paths
from index.passages import passages_of
from index.prepare import prepare
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.pool import PooledAssistant
from qa.settings import Settings

if TYPE_CHECKING:
    from index.encoder import Encoder

_CLAUSES_PER_POLICY = ARTICLES + 6
_PEERS_TO = 200_000
"""Clauses up to which the peers are measured: beyond, bm25s needs more memory than the store and its own minutes."""
_RECALL_QUESTIONS = 50
"""Comparing one question with a million vectors takes about a second."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of the exact ten nearest passages that a search finds, 0 to 1; ties with the tenth count as found."""

    at_10: float


def bench(
    clauses: int,
    encoder: Encoder,
    folder: Path | None = None,
    *,
    asked: int = 200,
    crowded: bool = True,
    say: Say = print,
) -> dict[str, Any]:
    """The contract's figures for a store of about so many clauses, made in ``folder`` (default: a temporary one).

    ``crowded`` False leaves out many users at once, which takes most of the time in a large store.
    """
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        return _bench(clauses, encoder, place, asked, crowded, say)


def _bench(clauses: int, encoder: Encoder, place: Path, asked: int, crowded: bool, say: Say) -> dict[str, Any]:
    files = max(1, round(clauses / _CLAUSES_PER_POLICY))
    sources = place / "policies"
    written = write_files(sources, policies(files))
    say(f"{files} policies, {written / 1e6:.1f} MB")
    store_folder = place / "store"
    questions_asked = questions(asked)
    figures: dict[str, Any] = {}
    with Store.open(store_folder, encoder, create=True) as store:
        started = time.perf_counter()
        report = ingest_paths(store, [sources])
        took = time.perf_counter() - started
        stats = store.stats
        figures |= {"clauses": stats.clauses, "passages": stats.passages, "files": files}
        if report.count("added") == files:
            figures |= {
                "ingest_s": round(took, 2),
                "ingest_clauses_per_s": round(stats.clauses / took, 1),
                "ingest_files_per_s": round(files / took, 1),
                "ingest_mb_per_s": round(written / 1e6 / took, 3),
            }
        figures["ingest_stages_clauses_per_s"] = ingest_stages(encoder)
        say(f"{stats.clauses} clauses ingested in {took:.1f} s, by stage {figures['ingest_stages_clauses_per_s']}")
        figures |= _serving(store, questions_asked, say)
        figures |= _changing(store)
        if crowded:
            figures |= _crowded(store, say)
    figures["disk_mb"] = round(disk_mb(store_folder), 1)
    figures["rss_mb"] = round(resident_mb(store_folder, questions_asked[:20]), 1)
    figures["cold_ask_s"] = round(cold_ask_s(store_folder, questions_asked[0]), 2)
    say(f"{figures['disk_mb']} MB on disk, {figures['rss_mb']} MB resident, cold in {figures['cold_ask_s']} s")
    if figures["clauses"] <= _PEERS_TO:
        with Store.open(store_folder, encoder) as store:
            figures |= _compared(store, sources, encoder, asked, say)
    return figures


def write_files(folder: Path, files: Iterator[SyntheticFile]) -> int:
    """Writes the files below ``folder``, a thousand to a subfolder; bytes written."""
    written = 0
    for position, file in enumerate(files):
        below = folder / f"{position // 1000:04}"
        below.mkdir(parents=True, exist_ok=True)
        path = below / file.name
        if not path.exists():  # a bench that goes on where it was stopped, or measures a store again
            path.write_bytes(file.data)
        written += len(file.data)
    return written


def _serving(store: Store, asked: list[str], say: Say) -> dict[str, Any]:
    assistant = Assistant(store, Settings(store=store.folder))
    assistant.warm_up()
    (search, search_cpu), (ask, ask_cpu) = in_turn((store.search, assistant.ask), asked)
    figures: dict[str, Any] = {**_named("search", search), **_named("ask", ask)}
    figures |= {**_named("search_cpu", search_cpu), **_named("ask_cpu", ask_cpu)}
    figures["ask_stages_ms"] = stages([assistant.ask(question).timings_ms for question in questions(40, seed=3)])
    say(f"search {search}, ask {ask}, of the processor {ask_cpu}, {figures['ask_stages_ms']}")
    figures["search_stages_ms"] = stages([store.search(question).timings_ms for question in asked])
    figures["recall_at_10"] = round(recall(store, asked).at_10, 4)
    say(f"recall@10 {figures['recall_at_10']}")
    return figures


def _crowded(store: Store, say: Say) -> dict[str, Any]:
    """Many users at once, answered by threads of this process, and by two processes; ``p95_to_alone`` has the slowest
    twentieth of 32 users' answers over the median of one user's.
    """
    assistant = Assistant(store, Settings(store=store.folder))
    assistant.warm_up()
    figures: dict[str, Any] = {
        "concurrent": crowds(assistant.ask),
        "concurrent_pausing": {"32": pausing(assistant.ask, 32)},
    }
    alone_ms = figures["concurrent"]["1"]["p50_ms"]
    figures["p95_to_alone"] = {
        name: round(figures[key]["32"]["p95_ms"] / alone_ms, 2)
        for name, key in (("32_never_pausing", "concurrent"), ("32_pausing", "concurrent_pausing"))
    }
    pool = PooledAssistant(store, Settings(store=store.folder), 2, open_bench_store)
    try:
        pool.warm_up()
        crowds(pool.ask, seed=9, users=(32,))  # while the processes make the clauses ready
        figures["concurrent_workers"] = crowds(pool.ask, seed=1, users=(1, 32))
    finally:
        pool.close()
    say(f"{figures}")
    return figures


def ingest_stages(encoder: Encoder, files: int = 100) -> dict[str, float]:
    """Clauses a second of each stage by itself, in one process: read and cut up, encode and count words, commit."""
    made = [(file.name, file.data) for file in policies(files, seed=9)]
    started = time.perf_counter()
    parsed = [(parse_bytes(name, data), data) for name, data in made]
    read = time.perf_counter()
    ready = [prepare(file, data, encoder) for file, data in parsed]
    prepared = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary, Store.open(Path(temporary) / "s", encoder, create=True) as store:
        opened = time.perf_counter()
        store.put(ready)
        committed = time.perf_counter()
        count = store.stats.clauses
    took = {"read": read - started, "encode": prepared - read, "commit": committed - opened}
    return {stage: round(count / seconds, 0) for stage, seconds in took.items()}


def _named(name: str, latency: Latency) -> dict[str, float]:
    return {
        f"{name}_p50_ms": round(latency.p50_ms, 2),
        f"{name}_p95_ms": round(latency.p95_ms, 2),
        f"{name}_p99_ms": round(latency.p99_ms, 2),
    }


def stages(timings: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median milliseconds of each stage that any of the timings has."""
    names = dict.fromkeys(name for timing in timings for name in timing)
    return {name: round(float(np.median([timing.get(name, 0.0) for timing in timings])), 3) for name in names}


def recall(store: Store, asked: list[str]) -> Recall:
    """How much of the exact search by meaning the store's index finds, over the first fifty questions."""
    asked = asked[:_RECALL_QUESTIONS]
    found = 0
    with store.state() as snapshot:
        for question in asked:
            query = store.encoder.encode([question], "query")[0]
            exact = np.concatenate(
                [
                    np.asarray(snapshot.vectors[start : start + 65_536], dtype=np.float32) @ query
                    for start in range(0, snapshot.rows, 65_536)
                ]
            )
            if snapshot.live is not None:
                exact[~snapshot.live] = -2
            tenth = np.sort(exact)[-10] if len(exact) >= 10 else exact.min()
            found += sum(cosine >= tenth - 1e-6 for _, cosine in snapshot.nearest(query, 10, snapshot.live))
    return Recall(float(found) / (10 * len(asked)))


def _changing(store: Store) -> dict[str, float]:
    """Seconds to read, encode and replace one policy until a search sees it, twice; and of the first question then."""
    figures: dict[str, float] = {}
    assistant = Assistant(store, Settings(store=store.folder))
    assistant.ask("补贴多少")
    for name in ("update_s", "update_again_s"):
        file = store.files()[0].name
        data = next(policies(1, seed=time.time_ns())).data
        started = time.perf_counter()
        store.ingest(parse_bytes(file, data), data)
        store.search("补贴")
        changed = time.perf_counter()
        assistant.ask("补贴多少")
        figures[name] = round(changed - started, 3)
        figures["ask_after_update_s"] = round(time.perf_counter() - changed, 3)
    return figures


def _compared(store: Store, sources: Path, encoder: Encoder, count: int, say: Say) -> dict[str, Any]:
    """The peers on the same texts; the floor and the assistant by turns, since what else the machine does changes."""
    texts: list[str] = []
    contents: list[str] = []
    for path in sorted(sources.rglob("*.txt")):
        data = path.read_bytes()
        contents.append(data.decode())
        texts.extend(passage.text for passage in passages_of(parse_bytes(path.name, data)))
    floor, words, dense = by_hand(texts, encoder)
    asked = questions(count, seed=5)
    assistant = Assistant(store, Settings(store=store.folder))
    assistant.warm_up()
    by_turns = in_turn((floor.ask, assistant.ask), asked)
    named: dict[str, Peer] = {"bm25s": words, "faiss": dense, "tutorial": tutorial(contents, encoder)}
    peers = {
        name: {
            "rows": peer.rows,
            "build_s": round(peer.built_s, 2),
            **{key: round(value, 2) for key, value in _named("ask", one_at_a_time(peer.ask, asked)).items()},
        }
        for name, peer in named.items()
    }
    (by_hand_ms, by_hand_cpu), (ours_ms, ours_cpu) = by_turns
    figures = {
        "floor_p50_ms": round(by_hand_ms.p50_ms, 2),
        "ask_beside_floor_p50_ms": round(ours_ms.p50_ms, 2),
        "ask_to_floor": round(ours_ms.p50_ms / by_hand_ms.p50_ms, 2),
        "ask_to_floor_cpu": round(ours_cpu.p50_ms / by_hand_cpu.p50_ms, 2),
    }
    say(f"by turns {figures}")
    return {**figures, "peers": peers}
