from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.lexical import LexicalEntry, LexicalIndex
from index.lock import StoreBusyError, WriterLock
from index.store import Store
from tests.index.conftest import TermEncoder, policy, raw

Make = Callable[..., Store]


def version(number: int) -> list[tuple[object, bytes]]:
    """Two files that always change together, each saying which version it is of."""
    files = [
        policy(name, f"供热补贴第{number}版。", "供热补贴附则。", title=f"{name}第{number}版")
        for name in ("甲.txt", "乙.txt")
    ]
    return [(file, raw(file)) for file in files]


@pytest.mark.parametrize("separate", [False, True])
def test_a_reader_never_sees_two_versions_at_once(make_store: Make, tmp_path: Path, separate: bool) -> None:
    writer = make_store()
    writer.ingest_many(version(0))
    reader = Store.open(tmp_path / "store", TermEncoder()) if separate else writer
    mixtures: list[set[str]] = []
    failures: list[BaseException] = []
    searches = [0]
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                found = {hit.document.title.split("第")[1] for hit in reader.search("供热补贴", k=10).hits}
                listed = {document.title.split("第")[1] for document in reader.documents()}
                searches[0] += 1
                if len(found) != 1 or len(listed) != 1:
                    mixtures.append(found | listed)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 12):
        writer.ingest_many(version(number))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert mixtures == []
    assert searches[0] > 3
    assert {hit.document.title for hit in reader.search("供热补贴").hits} == {"甲.txt第11版", "乙.txt第11版"}
    writer.close()
    reader.close()


def test_writers_of_several_threads_take_turns(make_store: Make) -> None:
    with make_store() as store:

        def write(number: int) -> None:
            file = policy(f"{number}.txt", f"第{number}号规定。")
            store.ingest(file, raw(file))

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.files()) == 8
        assert len(store.search("规定", k=20).hits) == 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_second_process_is_told_who_is_writing(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        with WriterLock(tmp_path / "writer.lock").held():
            os.write(write_end, b"x")
            threading.Event().wait(30)
        os._exit(0)
    os.read(read_end, 1)
    try:
        with pytest.raises(StoreBusyError, match=str(child)), WriterLock(tmp_path / "writer.lock", wait_s=0.1).held():
            pass
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    with WriterLock(tmp_path / "writer.lock", wait_s=5).held():
        pass


def test_a_thread_may_enter_its_own_lock_again(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / "writer.lock", wait_s=0.2)
    with lock.held(), lock.held():
        pass


def test_an_open_word_index_leaves_its_folder_alone_when_another_writes_to_it(tmp_path: Path) -> None:
    LexicalIndex.create(tmp_path / "words")
    reader, writer = LexicalIndex.open(tmp_path / "words"), LexicalIndex.open(tmp_path / "words")
    assert reader.searcher().count == 0
    writer.add([LexicalEntry(row=0, doc_key=1, terms="供热 期")])
    for lock in (tmp_path / "words").glob(".*.lock"):
        lock.unlink()
    before = sorted(file.name for file in (tmp_path / "words").iterdir())
    time.sleep(1.2)  # twice tantivy's own interval for looking whether something was committed
    assert sorted(file.name for file in (tmp_path / "words").iterdir()) == before
    assert reader.searcher().count == 1
