"""A process that dies while it makes, backs up, restores or rebuilds a store leaves what was there before, complete."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from index.backup import backup, rebuild, restore
from index.errors import StoreError
from index.store import Store
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw
from tests.index.dying import die_at
from tests.index.old_store import write_old

HEATING = policy("供热.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="供热条例")
DOGS = policy("养犬.txt", "养犬应当登记。", title="养犬规定")
forks = pytest.mark.skipif(os.name == "nt", reason="forks")


def state(folder: Path) -> tuple[object, ...]:
    """Everything that can be told of a store from outside."""
    with Store.open(folder, TermEncoder()) as store:
        documents = tuple(store.document(document.doc_id) for document in store.documents())
        found = tuple((hit.clause.clause_id, round(hit.score, 6)) for hit in store.search("养犬室温", k=9).hits)
        return documents, found, tuple((file, store.original(file.name)) for file in store.files())


def made(folder: Path) -> Path:
    with Store.open(folder, TermEncoder(), create=True) as store:
        store.ingest_many([(file, raw(file)) for file in (HEATING, DOGS)])
    return folder


def deaths(work: Callable[[], object], check: Callable[[bool, int], None], reset: Callable[[], None]) -> int:
    """Lets the work die at each of its steps, checking and resetting each time; how many steps there were."""
    stop = 1
    while die_at(stop, work):
        check(True, stop)
        reset()
        stop += 1
    check(False, stop)
    return stop - 1


@forks
def test_a_backup_that_dies_leaves_the_store_and_no_archive(tmp_path: Path) -> None:
    folder, target = made(tmp_path / "store"), tmp_path / "kept.zip"
    before = state(folder)

    def check(died: bool, step: int) -> None:
        assert verify(folder) == [], step
        assert state(folder) == before, step
        if target.exists():  # it died after the last step, or not at all
            shutil.rmtree(tmp_path / "back", ignore_errors=True)
            restore(target, tmp_path / "back")
            assert state(tmp_path / "back") == before
        else:
            assert died
            backup(folder, target)  # what the dead one left is in nobody's way
            names = zipfile.ZipFile(target).namelist()
            assert not [name for name in names if "backup" in name or name.endswith(".new")]
            assert not (folder / "backup.sqlite").exists()
            assert not target.with_name("kept.zip.new").exists()

    assert deaths(lambda: backup(folder, target), check, lambda: target.unlink(missing_ok=True)) > 10


@forks
def test_a_restore_that_dies_leaves_nothing_or_everything(tmp_path: Path) -> None:
    origin, target, folder = made(tmp_path / "store"), tmp_path / "kept.zip", tmp_path / "back"
    backup(origin, target)
    before = state(origin)

    def check(died: bool, step: int) -> None:
        if not folder.exists() or not any(folder.iterdir()):
            assert died, step
            restore(target, folder)
        assert state(folder) == before, step
        assert verify(folder) == []
        shutil.rmtree(folder)
        restore(target, folder)
        assert [path.name for path in tmp_path.iterdir() if "restoring" in path.name] == []

    def reset() -> None:
        shutil.rmtree(folder)
        folder.mkdir()

    assert deaths(lambda: restore(target, folder), check, reset) > 10


@forks
@pytest.mark.parametrize("damaged", [False, True])
def test_a_rebuild_that_dies_leaves_the_old_state_and_its_damage_named(damaged: bool, tmp_path: Path) -> None:
    origin = made(tmp_path / "origin")
    other = TermEncoder("other", dim=24)
    sound = shutil.copytree(origin, tmp_path / "sound")
    before = state(sound)
    if damaged:
        (words,) = origin.glob("lexical-*/*.idx")
        content = bytearray(words.read_bytes())
        content[len(content) // 2] ^= 0x10
        words.write_bytes(content)
    folder = shutil.copytree(origin, tmp_path / "store")

    def check(died: bool, step: int) -> None:
        try:
            with Store.open(folder) as store:
                encoder = store.stats.encoder
        except StoreError as error:
            assert damaged, step
            assert died, step
            assert "policyqa rebuild" in str(error)
            return
        assert verify(folder) == [], step
        if encoder == "other":
            with Store.open(folder, other) as store:
                assert store.search("养犬登记", k=1).hits[0].document.title == "养犬规定"
            assert len(list(folder.glob("vectors-*"))) <= 2
        else:
            assert died, step
            assert not damaged, f"step {step}: a damaged word index passes for sound"
            assert state(folder) == before

    def reset() -> None:
        shutil.rmtree(folder)
        shutil.copytree(origin, folder)

    assert deaths(lambda: rebuild(folder, other), check, reset) > 10


@forks
def test_a_store_that_dies_while_it_is_first_made_is_made_by_the_next_try(tmp_path: Path) -> None:
    folder = tmp_path / "store"

    def check(died: bool, step: int) -> None:
        with Store.open(folder, TermEncoder(), create=True) as store:
            store.ingest(DOGS, raw(DOGS))
            assert store.search("养犬登记", k=1).hits[0].document.title == "养犬规定"
        assert verify(folder) == [], step
        assert not [path for path in folder.iterdir() if path.name.endswith(".new")]

    steps = deaths(lambda: Store.open(folder, TermEncoder(), create=True).close(), check, lambda: shutil.rmtree(folder))
    assert steps > 3


def test_a_backup_of_an_earlier_format_is_restored_and_brought_up_to_date(tmp_path: Path) -> None:
    text = "云溪市供热条例\n\n第一条 供热期为十一月至三月。\n".encode()
    write_old(tmp_path / "old", 3, [("供热.txt", text)])
    with zipfile.ZipFile(tmp_path / "kept.zip", "w") as archive:
        archive.write(tmp_path / "old" / "catalogue.sqlite", "catalogue.sqlite")
    with pytest.raises(StoreError, match=r"format 3.*policyqa rebuild"):
        backup(tmp_path / "old", tmp_path / "other.zip")
    restore(tmp_path / "kept.zip", tmp_path / "back")
    with pytest.raises(StoreError, match=r"format 3.*policyqa rebuild"):
        Store.open(tmp_path / "back", TermEncoder())
    rebuild(tmp_path / "back", TermEncoder())
    with Store.open(tmp_path / "back", TermEncoder()) as store:
        assert store.original("供热.txt") == text


WORK = """
import shutil, sys
from pathlib import Path
from index.backup import backup, rebuild, restore
from tests.index.conftest import TermEncoder
from tests.index.test_crash_upkeep import made
what, place = sys.argv[1], Path(sys.argv[2])
print("ready", flush=True)
while True:
    if what == "backup":
        backup(place / "store", place / "kept.zip")
        (place / "kept.zip").unlink()
    elif what == "rebuild":
        rebuild(place / "store", TermEncoder())
    elif what == "restore":
        restore(place / "whole.zip", place / "back")
        shutil.rmtree(place / "back")
    else:
        made(place / "new")
        shutil.rmtree(place / "new")
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("what", ["backup", "rebuild", "restore", "create"])
def test_killed_at_any_moment_it_loses_nothing(what: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "store")
    backup(folder, tmp_path / "whole.zip")
    before, dice = state(folder), random.Random(what)
    for _ in range(10):
        command = [sys.executable, "-c", WORK, what, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(dice.uniform(0.02, 0.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert verify(folder) == []
        assert state(folder) == before
        for archive in tmp_path.glob("kept.zip"):
            restore(archive, tmp_path / "from-kept")
            assert state(tmp_path / "from-kept") == before
            shutil.rmtree(tmp_path / "from-kept")
            archive.unlink()
        if (tmp_path / "back").exists() and any((tmp_path / "back").glob("catalogue.sqlite")):
            shutil.rmtree(tmp_path / "back")
        shutil.rmtree(tmp_path / "back", ignore_errors=True)
        if what == "create":
            assert state(made(tmp_path / "new"))[:2] == before[:2]
            shutil.rmtree(tmp_path / "new")
