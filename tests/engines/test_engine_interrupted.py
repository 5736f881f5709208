"""A server that fails in the middle of a change: one clear error, the store as it was and answering, and on it goes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from index.build import ingest_paths
from index.errors import EngineInterruptedError, StoreError
from index.opening import Engine, open_store
from index.protocol import PolicyStore
from tests.engines.conftest import Places
from tests.index.conftest import TermEncoder, policy, raw

FIRST = policy("一.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="云溪市供热条例")
NEWER = policy("一.txt", "供热期为十月至四月。", "室温不低于二十摄氏度。", title="云溪市供热条例")
MORE = [policy(f"{n}.txt", f"第{n}号锅炉应当检修。", f"第{n}号管网应当保温。", title=f"办法{n}") for n in range(5)]
FAILURES = {
    "full": ("RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'", StoreError, "no room left on its"),
    "cut": ("PERFORM pg_terminate_backend(pg_backend_pid())", EngineInterruptedError, "broke off the connection"),
}


@contextmanager
def failing(uri: str, statement: str, after_rows: int) -> Iterator[None]:
    """The server does ``statement`` once the table of passages has so many rows, in the middle of what fills it."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION policyqa.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"  # type: ignore[arg-type]
            f" IF (SELECT count(*) FROM policyqa.passages) >= {after_rows} THEN {statement}; END IF;"
            " RETURN NEW; END $$"
        )
        connection.execute(
            "CREATE TRIGGER fails BEFORE INSERT ON policyqa.passages FOR EACH ROW EXECUTE FUNCTION policyqa.fail()"
        )
        try:
            yield
        finally:
            connection.execute("DROP FUNCTION policyqa.fail CASCADE")


def held(store: PolicyStore) -> tuple[int, list[str], list[str]]:
    found = [hit.clause.text for hit in store.search("室温不低于多少", k=2).hits]
    return store.generation, [document.doc_id for document in store.documents()], found


@pytest.mark.parametrize("failure", FAILURES)
def test_a_server_that_fails_while_files_go_in_leaves_the_store_as_it_was(new_place: Places, failure: str) -> None:
    statement, kind, words = FAILURES[failure]
    place = new_place(Engine.POSTGRES)
    with open_store(place, TermEncoder(), create=True) as store:
        store.ingest(FIRST, raw(FIRST))
        before = held(store)
        for files in ([NEWER], [NEWER, *MORE], MORE):
            with failing(place.uris[0], statement, after_rows=1 if files[0] is NEWER else 5):
                with pytest.raises(kind, match=words) as error:
                    store.ingest_many([(file, raw(file)) for file in files])
                assert len(str(error.value).splitlines()) == 1
                assert held(store) == before
                with open_store(place, TermEncoder()) as another:
                    assert held(another) == before
        store.ingest_many([(file, raw(file)) for file in (NEWER, *MORE)])
        assert len(store.documents()) == 1 + len(MORE)
        assert "二十摄氏度" in store.search("室温不低于多少", k=1).hits[0].clause.text


@pytest.mark.parametrize("failure", FAILURES)
def test_reading_in_that_a_server_ended_goes_on_with_what_is_missing(
    new_place: Places, tmp_path: Path, failure: str
) -> None:
    statement, kind, words = FAILURES[failure]
    for file in MORE:
        (tmp_path / file.source.name).write_text(file.source.text, encoding="utf-8")
    place = new_place(Engine.POSTGRES)
    with open_store(place, TermEncoder(), create=True) as store:
        with failing(place.uris[0], statement, after_rows=0), pytest.raises(kind, match=words):
            ingest_paths(store, [tmp_path], processes=1)
        assert store.documents() == ()
        report = ingest_paths(store, [tmp_path], processes=1)
        assert report.count("added") == len(MORE)
        assert len(store.documents()) == len(MORE)
