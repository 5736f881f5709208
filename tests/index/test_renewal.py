"""A store of an earlier format, or with a damaged catalogue, made anew from the original files that it keeps."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.backup import rebuild
from index.errors import StoreError
from index.schema import FORMAT
from index.store import Store
from index.types import Feedback
from index.verify import verify
from ingest.pipeline import parse_bytes
from tests.index.conftest import TermEncoder
from tests.index.dying import die_at
from tests.index.old_store import INGESTED_AT, write_old

HEATING = "云溪市供热条例\n\n第一条 供热期为十一月至三月。\n第二条 室温不低于十八摄氏度。\n".encode()
DOGS = "云溪市养犬规定\n\n第一条 养犬应当登记。\n第二条 遛犬应当系绳。\n".encode()
TWO = (
    "云溪市泊位管理办法\n\n云政发〔2031〕1号\n\n第一条 泊位每小时收费三元。\n第二条 本办法自2031年起施行。\n\n\n\n"
    "云溪市路灯管理办法\n\n云政发〔2031〕2号\n\n第一条 路灯由区县维护。\n第二条 本办法自2031年起施行。\n"
).encode()
FILES = [("城管/供热.txt", HEATING), ("养犬.txt", DOGS)]
SAID = [
    Feedback("供热期多长？", True, datetime(2031, 3, 1, tzinfo=UTC), comment="对"),
    Feedback("养犬？", False, datetime(2031, 3, 2, tzinfo=UTC)),
]


def told(folder: Path) -> tuple[object, ...]:
    """Everything that can be told of a store, the moments of ingesting included."""
    with Store.open(folder, TermEncoder()) as store:
        documents = tuple(store.document(document.doc_id) for document in store.documents())
        found = tuple((hit.clause.clause_id, hit.document.title) for hit in store.search("供热登记", k=9).hits)
        files = tuple((file, store.original(file.name), store.source(file.name)) for file in store.files())
        return documents, found, files, store.feedback()


@pytest.mark.parametrize("version", [2, 3])
def test_an_older_store_is_refused_with_the_command_that_brings_it_up_to_date(version: int, tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write_old(folder, version, FILES, SAID)
    with pytest.raises(StoreError, match=rf"format {version}.*policyqa rebuild --store {folder}"):
        Store.open(folder, TermEncoder())
    assert rebuild(folder, TermEncoder()) == ()
    assert verify(folder) == []
    with Store.open(folder, TermEncoder()) as store:
        assert {file.name: store.original(file.name) for file in store.files()} == dict(FILES)
        assert {file.ingested_at for file in store.files()} == {datetime.fromisoformat(INGESTED_AT)}
        assert store.search("室温", k=1).hits[0].clause.text == "第二条 室温不低于十八摄氏度。"
        assert store.feedback() == tuple(SAID)
        assert store.generation > 7
        store.ingest(parse_bytes("养犬.txt", HEATING), HEATING)
    assert not (folder / "renewing").exists()


def test_a_document_that_was_taken_out_of_its_file_stays_out(tmp_path: Path) -> None:
    first, second = parse_bytes("两份.txt", TWO).documents
    write_old(tmp_path / "old", 3, [*FILES, ("两份.txt", TWO)], without=second.doc_id)
    rebuild(tmp_path / "old", TermEncoder())
    with Store.open(tmp_path / "new", TermEncoder(), create=True) as store:
        store.ingest(parse_bytes("两份.txt", TWO), TWO)
        store.remove(second.doc_id)
    with closing(sqlite3.connect(tmp_path / "new" / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE clauses SET record = replace(record, '三元', '五元')")
    for name in ("old", "new"):
        rebuild(tmp_path / name, TermEncoder())
        assert verify(tmp_path / name) == []
        with Store.open(tmp_path / name, TermEncoder()) as store:
            ids = {document.doc_id for document in store.documents() if document.source == "两份.txt"}
            assert ids == {first.doc_id}
            assert "第一条 泊位每小时收费三元。" in [clause.text for clause in store.document(first.doc_id).clauses]
            (file,) = [file for file in store.files() if file.name == "两份.txt"]
            assert file.clauses == len(store.document(first.doc_id).clauses)


def test_a_file_that_no_reader_takes_any_more_is_kept_as_it_was_read(
    tmp_path: Path,
) -> None:
    write_old(tmp_path / "store", 3, [FILES[0], ("养犬.nobody", DOGS)])
    (remark,) = rebuild(tmp_path / "store", TermEncoder())
    assert "养犬.nobody" in remark
    with Store.open(tmp_path / "store", TermEncoder()) as store:
        assert store.original("养犬.nobody") == DOGS
        assert store.search("遛犬", k=1).hits[0].clause.text == "第二条 遛犬应当系绳。"


def test_a_store_in_use_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write_old(folder, 3, FILES)
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM files").fetchone()
        with pytest.raises(StoreError, match="stop policyqa serve"):
            rebuild(folder, TermEncoder())
        assert reader.execute("PRAGMA user_version").fetchone() == (3,)
    rebuild(folder, TermEncoder())
    assert len(told(folder)[0]) == 2


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A store of this format in which a clause says something else than what was written."""
    with Store.open(tmp_path / "store", TermEncoder(), create=True) as store:
        store.ingest_many([(parse_bytes(name, data), data) for name, data in FILES])
        store.record_feedback(SAID[0])
    with closing(sqlite3.connect(tmp_path / "store" / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE clauses SET record = replace(record, '十八', '十六')")
    return tmp_path / "store"


def test_damaged_clauses_are_mended_from_the_original_files(damaged: Path) -> None:
    with pytest.raises(StoreError, match="policyqa rebuild"):
        Store.open(damaged, TermEncoder())
    rebuild(damaged, TermEncoder())
    assert verify(damaged) == []
    with Store.open(damaged, TermEncoder()) as store:
        assert store.search("室温", k=1).hits[0].clause.text == "第二条 室温不低于十八摄氏度。"
        assert store.feedback() == (SAID[0],)


def test_a_damaged_catalogue_that_lacks_a_file_is_not_taken_for_whole(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("DELETE FROM files WHERE name = '养犬.txt'")
    before = (damaged / "catalogue.sqlite").read_bytes()
    with pytest.raises(StoreError, match=r"not all of those that manifest\.json counts.*policyqa restore"):
        rebuild(damaged, TermEncoder())
    assert (damaged / "catalogue.sqlite").read_bytes() == before


def test_a_damaged_original_is_named_and_nothing_is_swapped(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    write_old(folder, 3, FILES)
    with closing(sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE files SET original = x'00' WHERE name = '养犬.txt'")
    with pytest.raises(StoreError, match=r"not rebuilt.*养犬\.txt"):
        rebuild(folder, TermEncoder())
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    assert not (folder / "renewing").exists()


def old_rows(folder: Path) -> object:
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return version, connection.execute("SELECT name, original FROM files").fetchall()


@pytest.mark.skipif(os.name == "nt", reason="forks")
@pytest.mark.parametrize("version", [3, FORMAT])
def test_death_at_any_step_leaves_the_old_store_or_the_new_one(version: int, tmp_path: Path, damaged: Path) -> None:
    origin = damaged
    if version == 3:
        origin = tmp_path / "origin"
        write_old(origin, version, FILES, SAID)
    before = old_rows(origin)
    done = shutil.copytree(origin, tmp_path / "done")
    rebuild(done, TermEncoder())
    after = told(done)
    outcomes = set()
    stop = 1
    while True:
        folder = shutil.copytree(origin, tmp_path / f"died-{stop}")
        died = die_at(stop, lambda folder=folder: rebuild(folder, TermEncoder()))  # type: ignore[misc]
        try:
            found = told(folder)
        except StoreError as error:
            assert "policyqa rebuild" in str(error)
            assert died, "it was done and is refused"
            assert old_rows(folder) == before
            outcomes.add(False)
            if stop % 3 == 0:  # and the next attempt starts afresh
                rebuild(folder, TermEncoder())
                found = told(folder)
                assert found[0] == after[0]
                assert found[2:] == after[2:]
                assert verify(folder) == []
                assert not (folder / "renewing").exists()
        else:
            assert (found[0], found[2:]) == (after[0], after[2:]), f"step {stop}"
            assert verify(folder) == []
            outcomes.add(True)
            with Store.open(folder, TermEncoder()) as store:
                store.ingest(parse_bytes("新.txt", DOGS.replace(b"\n\n", b" \n\n", 1)), b"new")
            assert not (folder / "renewing").exists()
            assert len(list(folder.glob("lexical-*"))) == 1
        shutil.rmtree(folder)
        if not died:
            break
        stop += 1
    assert stop > 20
    assert outcomes == {False, True}
