from __future__ import annotations

import errno
import os
import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.backup import backup, rebuild, restore
from index.errors import StoreError
from index.schema import FORMAT
from index.store import Store
from index.types import Filters
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw

HEATING = policy("供热.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="供热条例")
DOGS = policy("养犬.txt", "养犬应当登记。", title="养犬规定")

Make = Callable[..., Store]


def flip(file: Path, at: float = 0.5) -> None:
    """One bit of the file becomes its opposite."""
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 0x10
    file.write_bytes(content)


def the(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.mark.parametrize("pattern", ["vectors-*.f16", "rows-*.i32", "lexical-*/*.idx", "lexical-*/*.term"])
def test_a_flipped_bit_in_a_derived_file_is_named_and_rebuilt(make_store: Make, tmp_path: Path, pattern: str) -> None:
    make_store(HEATING, DOGS).close()
    file = the(tmp_path / "store", pattern)
    flip(file)
    assert any(damage.file == file for damage in verify(tmp_path / "store"))
    with pytest.raises(StoreError, match=rf"{file.name}.*policyqa rebuild"):
        Store.open(tmp_path / "store", TermEncoder())
    rebuild(tmp_path / "store", TermEncoder())
    assert verify(tmp_path / "store") == []
    with Store.open(tmp_path / "store", TermEncoder()) as store:
        assert store.search("养犬登记", k=1).hits[0].clause.text == "养犬应当登记。"
        assert store.original("供热.txt") == raw(HEATING)


@pytest.mark.parametrize("pattern", ["vectors-*.f16", "rows-*.i32"])
def test_a_shortened_file_is_named(make_store: Make, tmp_path: Path, pattern: str) -> None:
    make_store(HEATING).close()
    file = the(tmp_path / "store", pattern)
    os.truncate(file, file.stat().st_size - 3)
    with pytest.raises(StoreError, match=file.name):
        Store.open(tmp_path / "store", TermEncoder())


def test_a_lost_word_index_is_named_and_rebuilt(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    for file in (tmp_path / "store" / "lexical-1").iterdir():
        file.unlink()
    with pytest.raises(StoreError, match="lexical-1"):
        Store.open(tmp_path / "store", TermEncoder())
    rebuild(tmp_path / "store", TermEncoder())
    with Store.open(tmp_path / "store", TermEncoder()) as store:
        assert store.search("室温", k=1).hits[0].score_bm25


def test_a_damaged_manifest_is_named_and_rebuilt(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    (tmp_path / "store" / "manifest.json").write_text("{")
    with pytest.raises(StoreError, match=r"manifest\.json"):
        Store.open(tmp_path / "store", TermEncoder())
    rebuild(tmp_path / "store", TermEncoder())
    Store.open(tmp_path / "store", TermEncoder()).close()


def test_changed_text_in_the_catalogue_is_noticed(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    catalogue = tmp_path / "store" / "catalogue.sqlite"
    connection = sqlite3.connect(catalogue)
    connection.execute("UPDATE clauses SET record = replace(record, '十八', '十六')")
    connection.commit()
    connection.close()
    (damage,) = verify(tmp_path / "store")
    assert damage.file == catalogue
    assert "供热.txt" in str(damage)
    with pytest.raises(StoreError, match=r"catalogue\.sqlite"):
        Store.open(tmp_path / "store", TermEncoder())


def test_a_catalogue_that_is_no_database_is_named(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    for file in (tmp_path / "store").glob("catalogue.sqlite*"):
        file.unlink()
    (tmp_path / "store" / "catalogue.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged.*policyqa restore"):
        Store.open(tmp_path / "store", TermEncoder())


@pytest.mark.parametrize("version", [FORMAT - 1, FORMAT + 1])
def test_a_store_of_another_format_is_refused_with_what_to_do(make_store: Make, tmp_path: Path, version: int) -> None:
    make_store(HEATING).close()
    connection = sqlite3.connect(tmp_path / "store" / "catalogue.sqlite")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(StoreError, match=rf"format {version}.*(upgrade|policyqa rebuild)"):
        Store.open(tmp_path / "store", TermEncoder())


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "catalogue.sqlite")
    connection.execute("CREATE TABLE meta (key, value)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="other program"):
        Store.open(tmp_path, TermEncoder())


def test_a_backup_brings_everything_back(make_store: Make, tmp_path: Path) -> None:
    with make_store(HEATING, DOGS) as store:
        store.search("供热")
        backup(store.folder, tmp_path / "kept.zip")
        before = [(hit.clause.clause_id, hit.score) for hit in store.search("供热室温", k=9).hits]
        store.remove("养犬.txt")
    restore(tmp_path / "kept.zip", tmp_path / "back")
    with Store.open(tmp_path / "back", TermEncoder()) as store:
        assert [(hit.clause.clause_id, hit.score) for hit in store.search("供热室温", k=9).hits] == before
        assert store.original("养犬.txt") == raw(DOGS)
        store.ingest(HEATING, raw(HEATING))
    assert verify(tmp_path / "back") == []


def test_a_damaged_backup_is_refused_and_leaves_nothing(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    backup(tmp_path / "store", tmp_path / "kept.zip")
    flip(tmp_path / "kept.zip", at=0.3)
    with pytest.raises(StoreError, match=r"kept\.zip"):
        restore(tmp_path / "kept.zip", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_a_damaged_store_is_not_backed_up_as_if_it_were_sound(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    flip(the(tmp_path / "store", "vectors-*.f16"))
    with pytest.raises(StoreError, match="not backed up"):
        backup(tmp_path / "store", tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


def test_restoring_never_writes_over_something(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    backup(tmp_path / "store", tmp_path / "kept.zip")
    with pytest.raises(StoreError, match="not empty"):
        restore(tmp_path / "kept.zip", tmp_path / "store")
    with pytest.raises(StoreError, match="exists already"):
        backup(tmp_path / "store", tmp_path / "kept.zip")


def test_another_encoder_takes_over_by_a_rebuild(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING, DOGS).close()
    other = TermEncoder("other", dim=24)
    rebuild(tmp_path / "store", other)
    with Store.open(tmp_path / "store", other) as store:
        assert store.stats.encoder == "other"
        assert store.search("养犬登记", k=1).hits[0].document.title == "养犬规定"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits its own child process")
@pytest.mark.parametrize("spare_bytes", [0, 1_000, 20_000, 60_000])
def test_a_full_disk_is_reported_and_the_old_state_still_serves(
    make_store: Make, tmp_path: Path, spare_bytes: int
) -> None:
    make_store(HEATING).close()
    big = policy("大.txt", *(f"第{n}项要求企业提交第{n * 7}号材料。" for n in range(600)), title="大条例")
    child = os.fork()
    if child == 0:
        code = 3
        try:
            import signal

            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            largest = max(file.stat().st_size for file in (tmp_path / "store").rglob("*") if file.is_file())
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest + spare_bytes, largest + spare_bytes))
            with Store.open(tmp_path / "store", TermEncoder()) as store:
                try:
                    store.ingest(big, raw(big))
                    code = 4
                except StoreError as error:
                    code = 0 if "as it was before" in str(error) else 5
                if store.search("室温", k=1).hits[0].document.title != "供热条例":
                    code = 6
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert verify(tmp_path / "store") == []
    with Store.open(tmp_path / "store", TermEncoder()) as store:
        assert [document.title for document in store.documents(Filters())] == ["供热条例"]
        store.ingest(big, raw(big))
        assert store.stats.clauses == 602


def test_errors_of_the_disk_name_the_store(make_store: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with make_store(HEATING) as store:
        monkeypatch.setattr("os.fsync", full)
        with pytest.raises(StoreError, match=rf"{store.folder}.*No space left"):
            store.ingest(DOGS, raw(DOGS))
        monkeypatch.undo()
        assert store.stats.documents == 1
        store.ingest(DOGS, raw(DOGS))
        assert store.stats.documents == 2
