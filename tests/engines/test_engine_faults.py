from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from index.engines.store import EngineStore
from index.errors import EncoderMismatchError, EngineUnreachableError, StoreError
from index.opening import Engine, StorePlace, open_store
from qa.assistant import Assistant
from qa.settings import Settings
from tests.engines.conftest import Places, free_port, need, running_milvus, running_postgres
from tests.index.conftest import TermEncoder, policy, raw
from ui.cli import app
from ui.maintenance import add_to
from ui.server import api_of
from ui.workspace import Workspace

ENGINES = (Engine.POSTGRES, Engine.MILVUS)
FILES = [
    policy(f"办法{n}.txt", f"第{n}类供热单位应当保证室温不低于十八摄氏度。", title=f"云溪市第{n}供热办法")
    for n in range(8)
]
QUESTION = "供热单位应当保证室温不低于多少度"


@pytest.fixture(scope="module", autouse=True)
def _commands() -> None:
    if "check" not in {command.callback.__name__ for command in app.registered_commands if command.callback}:
        add_to(app)


def address_of_nothing(engine: Engine) -> str:
    if engine is Engine.POSTGRES:
        return f"postgresql://clerk:s3cret@127.0.0.1:{free_port()}/policies"
    return f"http://clerk:s3cret@127.0.0.1:{free_port()}"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("command", ["search 供热", "outline", "ask 供热期?", "check", "remove 甲.txt"])
def test_a_server_that_does_not_answer_is_one_clear_line_without_the_password(engine: Engine, command: str) -> None:
    need(engine)
    uri = address_of_nothing(engine)
    done = CliRunner().invoke(app, [*command.split(), "--engine", str(engine), "--engine-uri", uri])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert uri.rpartition(":")[2].split("/")[0] in done.stderr
    assert "can't be reached" in done.stderr
    assert "s3cret" not in done.stderr


def test_an_engine_without_an_address_and_an_unknown_engine_are_refused() -> None:
    done = CliRunner().invoke(app, ["outline", "--engine", "postgres"])
    assert (done.exit_code, "--engine-uri" in done.stderr) == (2, True)
    done = CliRunner().invoke(app, ["outline", "--engine", "oracle", "--engine-uri", "x"])
    assert (done.exit_code, "postgres" in done.stderr) == (2, True)


def test_commands_for_folders_say_what_to_use_on_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYQA_ENGINE", "postgres")
    monkeypatch.setenv("POLICYQA_ENGINE_URI", "postgresql://127.0.0.1:1/x")
    for command in (["backup", str(tmp_path / "b.zip")], ["rebuild"], ["restore", str(tmp_path / "b.zip")]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 2
        assert "pg_dump" in done.stderr


def test_settings_show_no_password() -> None:
    settings = Settings(engine=Engine.POSTGRES, engine_uri="postgresql://u:s3cret@h/d", engine_token="t0ken")  # type: ignore[arg-type]
    place = StorePlace(Path("x"), Engine.POSTGRES, ("postgresql://u:s3cret@h/d",), "t0ken")
    assert "s3cret" not in f"{settings!r}{settings.model_dump_json()}{place!r}"
    assert "t0ken" not in f"{settings!r}{settings.model_dump_json()}{place!r}"


@pytest.mark.parametrize("engine", ENGINES)
def test_another_encoder_is_refused_with_both_numbers_and_nothing_is_lost(new_place: Places, engine: Engine) -> None:
    place = new_place(engine)
    with open_store(place, TermEncoder(), create=True) as store:
        store.ingest(FILES[0], raw(FILES[0]))
    with pytest.raises(EncoderMismatchError, match=r"16 numbers.* 24 numbers.*nothing was changed"):
        open_store(place, TermEncoder("other", 24), create=True)
    with open_store(place, TermEncoder()) as store:
        assert store.stats.documents == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_vectors_of_another_length_that_are_there_already_are_left_alone(new_place: Places, engine: Engine) -> None:
    place = new_place(engine)
    if engine is Engine.POSTGRES:
        import psycopg

        with psycopg.connect(place.uris[0], autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")
            connection.execute("CREATE SCHEMA policyqa")
            connection.execute("CREATE TABLE policyqa.passages (embedding halfvec(768))")
    else:
        from pymilvus import MilvusClient

        client = MilvusClient(place.uris[0])
        client.create_collection("policyqa_passages", 768, vector_field_name="dense")
        client.close()
    with pytest.raises(EncoderMismatchError, match=r"768 numbers.* 16: use an encoder of 768"):
        open_store(place, TermEncoder(), create=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_database_without_a_store_is_not_made_one_by_reading(new_place: Places, engine: Engine) -> None:
    place = new_place(engine)
    for _ in range(2):
        with pytest.raises(StoreError, match="holds no store"):
            open_store(place, TermEncoder())


def test_the_parts_of_a_store_are_told_apart(new_place: Places) -> None:
    first, second = new_place(Engine.POSTGRES, 2), new_place(Engine.POSTGRES, 2)
    for place in (first, second):
        open_store(place, TermEncoder(), create=True).close()

    def opened(*uris: str) -> EngineStore:
        store = open_store(StorePlace(Path("x"), Engine.POSTGRES, uris), TermEncoder())
        assert isinstance(store, EngineStore)
        return store

    with pytest.raises(StoreError, match="part 1 of 2 of a store and 1 servers were named"):
        opened(first.uris[0])
    with pytest.raises(StoreError, match="parts of different stores"):
        opened(first.uris[0], second.uris[1])
    with pytest.raises(StoreError, match="the same part"):
        opened(first.uris[0], first.uris[0])
    empty = new_place(Engine.POSTGRES)
    with pytest.raises(StoreError, match="is empty"):
        opened(first.uris[0], empty.uris[0])
    with opened(first.uris[1], first.uris[0]) as store:
        assert store.unreachable == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stopped_server_is_told_and_never_passed_over(engine: Engine, tmp_path: Path) -> None:
    need(engine)
    port = free_port()
    folders = [Path("/tmp") / f"policyqa-{engine.value}-{port}-{n}" for n in range(2)]
    ports = [port, free_port()]

    def start(number: int, stack: ExitStack) -> str:
        if engine is Engine.POSTGRES:
            return stack.enter_context(running_postgres(folders[number]))
        return stack.enter_context(running_milvus(folders[number], ports[number]))

    with ExitStack() as clean, ExitStack() as first, ExitStack() as second:
        for folder in folders:
            clean.callback(shutil.rmtree, folder, ignore_errors=True)
        uris = (start(0, first), start(1, second))
        place = StorePlace(tmp_path / "none", engine, uris)
        store = open_store(place, TermEncoder(), create=True)
        clean.callback(store.close)
        store.ingest_many([(file, raw(file)) for file in FILES])
        before = store.generation
        whole = {hit.document.doc_id for hit in store.search(QUESTION, 10).hits}
        assert len(whole) == len(FILES)
        served = api_of(Workspace(store, Assistant(store), Settings(store=tmp_path / "none")))
        api = TestClient(served, base_url="http://127.0.0.1:7860", raise_server_exceptions=False)
        assert api.get("/api/health").json()["status"] == "ok"
        assert api.get("/api/search", params={"q": QUESTION}).json()["unreachable"] == []

        second.close()
        result = store.search(QUESTION, 10)
        missing = whole - {hit.document.doc_id for hit in result.hits}
        assert 0 < len(missing) < len(FILES)
        assert len(result.unreachable) == 1
        assert store.generation != before
        with pytest.raises(EngineUnreachableError):
            store.document(min(missing))
        with pytest.raises(EngineUnreachableError):
            store.ingest(FILES[0], raw(FILES[0]))
        with pytest.raises(EngineUnreachableError):
            store.remove(FILES[0].source.name)
        reply = Assistant(store).ask(QUESTION)
        assert result.unreachable[0] in reply.notices[0]
        health = api.get("/api/health").json()
        assert (health["status"], health["unreachable"]) == ("degraded", list(result.unreachable))
        assert api.get("/api/search", params={"q": QUESTION}).json()["unreachable"] == list(result.unreachable)
        with open_store(place, TermEncoder()) as opened_without:
            assert opened_without.search(QUESTION, 10).unreachable == result.unreachable

        start(1, second)
        with open_store(place, TermEncoder()) as again:
            assert {hit.document.doc_id for hit in again.search(QUESTION, 10).hits} == whole
            assert again.unreachable == ()

        first.close()
        second.close()
        with pytest.raises(EngineUnreachableError):
            store.search(QUESTION)
        answer = api.get("/api/search", params={"q": QUESTION})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
