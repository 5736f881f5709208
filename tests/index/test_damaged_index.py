"""A row that SQLite's own indexes no longer lead to is not silently missing from what a large store says."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index import verify, watch
from index.errors import StoreError
from index.reader import Reader
from index.schema import statements
from index.store import Store
from index.types import Filters
from ingest.model import Kind, Reference, Status
from tests.index.conftest import TermEncoder, policy, raw

FILES = (
    policy(
        "供热.txt",
        "供热期为十一月至三月。",
        "室温不低于十八摄氏度。",
        title="供热条例",
        number="云府发〔2031〕1号",
        issuers=("云溪市人民政府",),
        region="云溪市",
        effective_on=date(2031, 1, 1),
    ),
    policy(
        "养犬.txt",
        "养犬应当登记。",
        "遛犬应当系绳。",
        title="养犬规定",
        number="云府发〔2031〕2号",
        issuers=("云湖市人民政府",),
        region="云湖市",
        kind=Kind.RULE,
        status=Status.REPEALED,
        expires_on=date(2032, 1, 1),
    ),
)
READINGS: dict[str, Callable[[Reader], Any]] = {
    "documents": lambda store: store.documents(),
    "of a region": lambda store: store.documents(Filters(regions=("云溪",))),
    "of an issuer": lambda store: store.documents(Filters(issuers=("云湖市人民政府",))),
    "of a kind": lambda store: store.documents(Filters(kinds=(Kind.RULE,))),
    "of a number": lambda store: store.documents(Filters(number="云府发〔2031〕1号")),
    "in force": lambda store: store.documents(Filters(in_force=True)),
    "clauses": lambda store: store.clauses(["供热.txt.1", "养犬.txt.2"]),
    "a clause": lambda store: store.clause("供热.txt.2"),
    "a document": lambda store: store.document("doc-养犬.txt"),
    "files": lambda store: store.files(),
    "an original": lambda store: store.original("供热.txt"),
    "first texts": lambda store: store.texts("doc-供热.txt", 1),
    "all texts": lambda store: store.texts("doc-养犬.txt"),
    "a source": lambda store: store.source("养犬.txt"),
    "counts": lambda store: (store.stats.documents, store.stats.clauses, store.stats.passages),
    "a search": lambda store: [(hit.clause, hit.document) for hit in store.search("室温", k=9).hits],
}
INDEXES = sorted(
    name for name, sql in statements() if name.startswith("sqlite_autoindex") or (sql or "").startswith("CREATE INDEX")
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that counts as a large one."""
    with Store.open(tmp_path / "store", TermEncoder(), create=True) as store:
        store.ingest_many([(file, raw(file)) for file in FILES])
    monkeypatch.setattr(verify, "QUICK_CATALOGUE_BYTES", 0)
    return tmp_path / "store"


def lose_an_entry(folder: Path, index: str, which: int) -> bool:
    """Takes an entry out of the page of an index, as SQLite itself would not; False where there is none."""
    file = folder / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ? OR tbl_name = ? AND type = 'table'"
        (root,) = connection.execute(query, (index, index)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    page = (root - 1) * size
    assert content[page] in (0x0A, 0x0D)  # a leaf of an index, or of a table
    count = int.from_bytes(content[page + 3 : page + 5])
    if count == 0:
        return False
    pointers = page + 8
    entry = pointers + 2 * (which % count)
    content[entry : pointers + 2 * count - 2] = content[entry + 2 : pointers + 2 * count]
    content[page + 3 : page + 5] = (count - 1).to_bytes(2)
    file.write_bytes(content)
    return True


@pytest.mark.parametrize("index", [*INDEXES, "issuers", "documents", "clauses", "passages", "files"])
@pytest.mark.parametrize("which", [0, -1])
@pytest.mark.parametrize("at_a_moment", [False, True])
def test_a_lost_entry_gives_the_old_reading_or_a_named_error(
    index: str, which: int, at_a_moment: bool, folder: Path
) -> None:
    with Store.open(folder, TermEncoder()) as store:
        before: dict[str, Any] = {name: read(store) for name, read in READINGS.items()}
    if not lose_an_entry(folder, index, which):
        pytest.skip(f"{index} is empty here")
    refused = 0
    for name, read in READINGS.items():
        try:
            with Store.open(folder, TermEncoder()) as store:
                if not at_a_moment:
                    found = read(store)
                elif name != "counts":
                    with store.moment() as moment:
                        assert isinstance(moment, Reader)
                        found = read(moment)
                    store.assure()
                else:
                    continue
                assert found == before[name], name
        except StoreError as error:
            refused += 1
            assert f"{folder}/catalogue.sqlite is damaged" in str(error)
            assert f"policyqa rebuild --store {folder}" in str(error)
    assert refused or at_a_moment  # an index that only writers use


@pytest.mark.parametrize("index", ["sqlite_autoindex_files_1", "documents_file", "passages_clause"])
def test_nothing_is_written_by_a_damaged_index(index: str, folder: Path) -> None:
    assert lose_an_entry(folder, index, 0)
    held = (folder / "catalogue.sqlite").read_bytes()
    changes: list[Callable[[Store], object]] = [
        lambda store: store.ingest(FILES[0], raw(FILES[0])),
        lambda store: store.remove("供热.txt"),
    ]
    for change in changes:
        with (
            Store.open(folder, TermEncoder()) as store,
            pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged"),
        ):
            change(store)
    assert (folder / "catalogue.sqlite").read_bytes() == held


def test_an_open_store_is_looked_at_again(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sound = shutil.copy(folder / "catalogue.sqlite", tmp_path / "kept")
    with Store.open(folder, TermEncoder()) as store:
        assert store.documents(Filters(number="云府发〔2031〕1号"))
        assert lose_an_entry(folder, "documents_number", 0)
        monkeypatch.setattr(watch, "AGAIN_AFTER_S", 0.0)
        deadline = time.monotonic() + 20
        with pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged"):
            while time.monotonic() < deadline:
                store.assure()
                time.sleep(0.01)
        shutil.copyfile(sound, folder / "catalogue.sqlite")
        store.assure()


def test_what_no_reading_needed_is_looked_at_in_a_store_that_stays_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lose_an_entry(folder, "passages_clause", 0)
    monkeypatch.setattr(watch, "SETTLED_S", 0.0)
    with Store.open(folder, TermEncoder()) as store:
        with store.moment() as moment:
            assert moment.search("室温", 1).hits
        with pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged"):
            store.remove("供热.txt")


def test_a_reference_is_followed_by_all_articles_of_its_document_or_not_at_all(folder: Path) -> None:
    heating = FILES[0].documents[0]
    text = "依照《供热条例》第二条供热。"
    reference = Reference((0, len(text)), text, named="供热条例")
    citing = policy("物业.txt", text, title="物业办法")
    (document,) = citing.documents
    clause = dataclasses.replace(document.clauses[0], references=(reference,))
    citing = dataclasses.replace(citing, documents=(dataclasses.replace(document, clauses=(clause,)),))
    with Store.open(folder, TermEncoder()) as store:
        store.ingest(citing, raw(citing))
        (found,) = store.clause("物业.txt.1").references
        assert found.target_clause == heating.clauses[1].clause_id
    assert lose_an_entry(folder, "clauses_document", 1)
    with (
        Store.open(folder, TermEncoder()) as store,
        pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged"),
        store.moment() as moment,
    ):
        moment.clause("物业.txt.1")


def test_a_store_closes_while_it_is_being_looked_at(folder: Path) -> None:
    for _ in range(20):
        Store.open(folder, TermEncoder()).close()
