"""A value that changes in the catalogue behind the store's back is never handed out as if it had been written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreError
from index.schema import sealed_columns
from index.store import Store
from index.types import Feedback, Filters
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw

HEATING = policy(
    "供热.txt",
    "供热期为十一月至三月。",
    "室温不低于十八摄氏度。",
    title="供热条例",
    number="云府发〔2031〕1号",
    issuers=("云溪市人民政府",),
    region="云溪市",
    effective_on=date(2031, 1, 1),
)
DOGS = policy("养犬.txt", "养犬应当登记。", title="养犬规定")

COLUMNS = [(table, column) for table, columns in sealed_columns().items() for column in (*columns,)]
HANDED_OUT = ("files", "documents", "clauses", "passages", "meta", "feedback")
"""Tables of which rows are read; of the others a row only decides which documents pass, and opening looks at them."""
READINGS: dict[str, Callable[[Store], Any]] = {
    "documents": lambda store: store.documents(),
    "some documents": lambda store: store.documents(Filters(regions=("云溪",))),
    "document": lambda store: store.document("doc-供热.txt"),
    "clauses": lambda store: store.clauses(["供热.txt.1", "供热.txt.2"]),
    "clause": lambda store: store.clause("供热.txt.2"),
    "document of": lambda store: store.document_of("供热.txt.2"),
    "outline": lambda store: store.outline("doc-供热.txt"),
    "texts": lambda store: store.texts("doc-供热.txt"),
    "first texts": lambda store: store.texts("doc-供热.txt", 1),
    "files": lambda store: store.files(),
    "source": lambda store: store.source("供热.txt"),
    "original": lambda store: store.original("供热.txt"),
    "kept": lambda store: store.kept("供热.txt"),
    "feedback": lambda store: store.feedback(),
    "search": lambda store: [(hit.clause, hit.document, hit.passage) for hit in store.search("室温", k=9).hits],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "store", TermEncoder(), create=True) as store:
        store.ingest_many([(file, raw(file)) for file in (HEATING, DOGS)])
        store.record_feedback(Feedback("供热期多长？", True, datetime(2031, 1, 2, tzinfo=UTC)))
    return tmp_path / "store"


def change(folder: Path, table: str, column: str) -> bool:
    """Changes the column in every row, as a damaged disk might; False where the table is empty."""
    with closing(sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)) as connection:
        changed = f"CASE typeof({column}) WHEN 'integer' THEN {column} + 1000000 ELSE coalesce({column}, '') || '1' END"
        return connection.execute(f"UPDATE {table} SET {column} = {changed}").rowcount > 0


@pytest.mark.parametrize(("table", "column"), [pair for pair in COLUMNS if pair[0] in HANDED_OUT])
def test_a_changed_value_gives_the_old_reading_or_a_named_error(table: str, column: str, folder: Path) -> None:
    with Store.open(folder, TermEncoder()) as store:
        before: dict[str, Any] = {name: read(store) for name, read in READINGS.items()}
    refused = 0
    for name, read in READINGS.items():
        with Store.open(folder, TermEncoder()) as store:
            with closing(sqlite3.connect(folder / "catalogue.sqlite")) as kept:
                sound = "\n".join(kept.iterdump())
            assert change(folder, table, column)
            try:
                found = read(store)
                if isinstance(found, dict):  # a clause that is found under no id is not handed out
                    assert found.items() <= before[name].items(), name
                else:
                    assert found == before[name], name
            except StoreError as error:
                refused += 1
                if "no document" not in str(error) and "no clause" not in str(error) and "no file" not in str(error):
                    assert f"{folder}/catalogue.sqlite is damaged" in str(error)
                    assert f"policyqa rebuild --store {folder}" in str(error)
            _put_back(folder, sound)
    assert refused


def _put_back(folder: Path, sound: str) -> None:
    with closing(sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN")
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        for statement in sound.split(";\n"):
            if statement.startswith("INSERT INTO"):
                connection.execute(statement)
        connection.execute("COMMIT")


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_value_is_named_when_the_store_is_opened(table: str, column: str, folder: Path) -> None:
    if not change(folder, table, column):
        pytest.skip(f"the table {table} is empty here")
    with pytest.raises(StoreError, match=r"catalogue\.sqlite is damaged.*policyqa rebuild"):
        Store.open(folder, TermEncoder())
    assert verify(folder)


@pytest.mark.parametrize("table", ["batches", "clauses", "documents", "files", "meta", "passages"])
def test_a_missing_row_is_named_when_the_store_is_opened(table: str, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)) as connection:
        assert connection.execute(f"DELETE FROM {table}").rowcount
    with pytest.raises(StoreError, match=r"is damaged.*policyqa rebuild"):
        Store.open(folder, TermEncoder())
