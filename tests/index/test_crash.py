"""A process that dies at any step of a change leaves the store in its old state or in its new one, complete."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from index.store import Store
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw
from tests.index.dying import die_at

FIRST = policy("一.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="供热条例")
SECOND = policy("二.txt", "购置设备的按投资额补贴。", title="补贴办法")
CHANGED = policy("一.txt", "供热期为十月至四月。", title="供热条例")
THIRD = policy("三.txt", "养犬应当登记。", "遛犬应当系绳。", title="养犬规定")

Change = Callable[[Store], object]
CHANGES: dict[str, Change] = {
    "ingest": lambda store: store.ingest(THIRD, raw(THIRD)),
    "replace": lambda store: store.ingest(CHANGED, raw(CHANGED)),
    "remove": lambda store: store.remove("二.txt"),
    "many": lambda store: store.ingest_many([(file, raw(file)) for file in (CHANGED, THIRD)]),
    "compact": lambda store: store.compact(),
}


def state(folder: Path) -> tuple[object, ...]:
    """Everything that can be told of a store from outside, searches included."""
    with Store.open(folder, TermEncoder()) as store:
        documents = tuple(store.document(document.doc_id) for document in store.documents())
        found = tuple(
            tuple((hit.clause.clause_id, hit.document.title) for hit in store.search(query, k=20).hits)
            for query in ("供热期为十月", "补贴", "遛犬登记")
        )
        originals = tuple((file.name, store.original(file.name)) for file in store.files())
        return documents, found, originals


def prepared(folder: Path) -> Path:
    with Store.open(folder, TermEncoder(), create=True) as store:
        store.ingest_many([(file, raw(file)) for file in (FIRST, SECOND)])
    return folder


def make(folder: Path, change: Change) -> None:
    with Store.open(folder, TermEncoder()) as store:
        change(store)


@pytest.mark.skipif(os.name == "nt", reason="forks")
@pytest.mark.parametrize("name", CHANGES)
def test_death_at_any_step_leaves_the_old_state_or_the_new(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    origin = prepared(tmp_path / "origin")
    before = state(origin)
    done = shutil.copytree(origin, tmp_path / "done")
    with Store.open(done, TermEncoder()) as store:
        change(store)
    after = state(done)
    outcomes = set()
    stop = 1
    while True:
        folder = shutil.copytree(origin, tmp_path / f"died-{stop}")
        died = die_at(stop, partial(make, folder, change))
        assert verify(folder) == []
        found = state(folder)
        assert found in (before, after), f"step {stop}"
        if not died:
            assert found == after
            break
        outcomes.add(found == after)
        if stop % 4 == 0:  # and the next writer makes good whatever was left
            with Store.open(folder, TermEncoder()) as store:
                change(store) if name != "remove" or found == before else None
            assert state(folder) == after, f"step {stop}, done again"
            assert verify(folder) == []
        shutil.rmtree(folder)
        stop += 1
    assert stop > 8
    if before != after:
        assert outcomes == {False, True}


WRITER = """
import sys
from pathlib import Path
from index.store import Store
from tests.index.conftest import TermEncoder, policy, raw
store = Store.open(Path(sys.argv[1]), TermEncoder())
print("ready", flush=True)
count = 0
while True:
    file = policy("数.txt", f"第{count}次写入。", *(f"附则{n}。" for n in range(count % 7)), title=f"第{count}版")
    store.ingest(file, raw(file))
    count += 1
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_writer_killed_at_any_moment_leaves_one_whole_version(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "store")
    for round_ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.05 + 0.037 * round_)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert verify(folder) == []
        with Store.open(folder, TermEncoder()) as store:
            kept = [document for document in store.documents() if document.source == "数.txt"]
            for document in kept:
                version = int(document.title[1:-1])
                assert len(store.document(document.doc_id).clauses) == 1 + version % 7
                assert store.search(f"第{version}次写入", k=1).hits[0].clause.text == f"第{version}次写入。"
            assert {hit.document.source for hit in store.search("供热补贴", k=50).hits} >= {"一.txt", "二.txt"}
