"""Speed at a size: a store of synthetic policies made, asked, changed and compared with doing it by hand."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.benchmarks.peers import Peer, by_hand, tutorial
from eval.benchmarks.synthetic import ARTICLES, SyntheticFile, policies, questions
from eval.benchmarks.timing import Latency, cold_ask_s, disk_mb, many_at_once, one_at_a_time, resident_mb
from index.build import ingest_paths
from index.passages import passages_of
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant

if TYPE_CHECKING:
    from index.encoder import Encoder

USERS = (1, 8, 32)
_CLAUSES_PER_POLICY = ARTICLES + 6
_PEERS_TO = 200_000
"""Clauses up to which the peers are measured: beyond, bm25s needs more memory than the store and its own minutes."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Recall:
    """Share of the exact ten nearest passages that a search finds, 0 to 1; ties with the tenth count as found."""

    at_10: float


def bench(
    clauses: int, encoder: Encoder, folder: Path | None = None, *, asked: int = 200, say: Say = print
) -> dict[str, Any]:
    """The contract's figures for a store of about so many clauses, made in ``folder`` (default: a temporary one)."""
    with tempfile.TemporaryDirectory() as temporary:
        place = folder or Path(temporary)
        return _bench(clauses, encoder, place, asked, say)


def _bench(clauses: int, encoder: Encoder, place: Path, asked: int, say: Say) -> dict[str, Any]:
    files = max(1, round(clauses / _CLAUSES_PER_POLICY))
    sources = place / "policies"
    written = write_files(sources, policies(files))
    say(f"{files} policies, {written / 1e6:.1f} MB written")
    store_folder = place / "store"
    questions_asked = questions(asked)
    figures: dict[str, Any] = {}
    with Store.open(store_folder, encoder, create=True) as store:
        started = time.perf_counter()
        ingest_paths(store, [sources])
        took = time.perf_counter() - started
        count = store.stats.clauses
        figures |= {
            "clauses": count,
            "passages": store.stats.passages,
            "files": files,
            "ingest_s": round(took, 2),
            "ingest_clauses_per_s": round(count / took, 1),
            "ingest_mb_per_s": round(written / 1e6 / took, 3),
        }
        say(f"{count} clauses ingested in {took:.1f} s")
        figures |= _serving(store, questions_asked, say)
        figures["update_s"] = round(_update_s(store), 3)
        figures["update_again_s"] = round(_update_s(store), 3)
    figures["disk_mb"] = round(disk_mb(store_folder), 1)
    figures["rss_mb"] = round(resident_mb(store_folder, questions_asked[:20]), 1)
    figures["cold_ask_s"] = round(cold_ask_s(store_folder, questions_asked[0]), 2)
    say(f"{figures['disk_mb']} MB on disk, {figures['rss_mb']} MB resident, cold in {figures['cold_ask_s']} s")
    if count <= _PEERS_TO:
        figures |= _compared(sources, encoder, questions_asked, say)
        figures["ask_to_floor"] = round(figures["ask_p50_ms"] / figures["floor_p50_ms"], 2)
    return figures


def write_files(folder: Path, files: Iterator[SyntheticFile]) -> int:
    """Writes the files below ``folder``, a thousand to a subfolder; bytes written."""
    written = 0
    for position, file in enumerate(files):
        below = folder / f"{position // 1000:04}"
        below.mkdir(parents=True, exist_ok=True)
        (below / file.name).write_bytes(file.data)
        written += len(file.data)
    return written


def _serving(store: Store, asked: list[str], say: Say) -> dict[str, Any]:
    search = one_at_a_time(store.search, asked)
    assistant = Assistant(store)
    ask = one_at_a_time(assistant.ask, asked)
    say(f"search p50 {search.p50_ms:.1f} ms, ask p50 {ask.p50_ms:.1f} p95 {ask.p95_ms:.1f} ms")
    figures: dict[str, Any] = {**_named("search", search), **_named("ask", ask)}
    figures["search_stages_ms"] = _stages(store, asked)
    figures["recall_at_10"] = round(recall(store, asked).at_10, 4)
    figures["concurrent"] = {str(users): many_at_once(assistant.ask, asked, users) for users in USERS}
    say(f"recall@10 {figures['recall_at_10']}, concurrent {figures['concurrent']}")
    return figures


def _named(name: str, latency: Latency) -> dict[str, float]:
    return {
        f"{name}_p50_ms": round(latency.p50_ms, 2),
        f"{name}_p95_ms": round(latency.p95_ms, 2),
        f"{name}_p99_ms": round(latency.p99_ms, 2),
    }


def _stages(store: Store, asked: list[str]) -> dict[str, float]:
    """The median milliseconds of each stage of a search."""
    timings = [store.search(question).timings_ms for question in asked]
    return {stage: round(float(np.median([timing[stage] for timing in timings])), 3) for stage in timings[0]}


def recall(store: Store, asked: list[str]) -> Recall:
    """How much of the exact search by meaning the store's index finds."""
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


def _update_s(store: Store) -> float:
    """Seconds to read, encode and replace one policy, until a search sees it."""
    name = store.files()[0].name
    data = next(policies(1, seed=round(time.time()))).data
    started = time.perf_counter()
    store.ingest(parse_bytes(name, data), data)
    store.search("补贴")
    return time.perf_counter() - started


def _compared(sources: Path, encoder: Encoder, asked: list[str], say: Say) -> dict[str, Any]:
    texts: list[str] = []
    contents: list[str] = []
    for path in sorted(sources.rglob("*.txt")):
        data = path.read_bytes()
        contents.append(data.decode())
        texts.extend(passage.text for passage in passages_of(parse_bytes(path.name, data)))
    floor, words, dense = by_hand(texts, encoder)
    floor_latency = one_at_a_time(floor.ask, asked)
    named: dict[str, Peer] = {"bm25s": words, "faiss": dense, "tutorial": tutorial(contents, encoder)}
    peers = {
        name: {
            "rows": peer.rows,
            "build_s": round(peer.built_s, 2),
            **{key: round(value, 2) for key, value in _named("ask", one_at_a_time(peer.ask, asked)).items()},
        }
        for name, peer in named.items()
    }
    say(f"floor p50 {floor_latency.p50_ms:.1f} ms")
    return {"floor_p50_ms": round(floor_latency.p50_ms, 2), "peers": peers}
