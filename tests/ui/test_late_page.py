from __future__ import annotations

import threading
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ui.late_page import LatePage
from ui.server import api_of, app_of
from ui.workspace import Workspace


def served(page: LatePage) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI):
        async with page.running():
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/api/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    app.mount("/", page)
    return app


def small_page() -> FastAPI:
    page = FastAPI()

    @page.get("/")
    def root() -> dict[str, str]:
        return {"page": "stands"}

    return page


def test_the_api_answers_while_the_page_is_built_and_the_page_comes_then() -> None:
    may_build = threading.Event()

    def build() -> FastAPI:
        assert may_build.wait(20)
        return small_page()

    with TestClient(served(LatePage(build, afterwards=lambda: None))) as client:
        assert client.get("/api/health").json() == {"status": "ok"}
        may_build.set()
        assert client.get("/").json() == {"page": "stands"}


@pytest.mark.parametrize(("path", "said"), [("/", "正在启动"), ("/en/", "Starting")])
def test_a_browsers_tab_is_told_that_the_page_is_coming_and_asks_again(path: str, said: str) -> None:
    may_build = threading.Event()

    def build() -> FastAPI:
        assert may_build.wait(20)
        return small_page()

    with TestClient(served(LatePage(build, afterwards=lambda: None))) as client:
        told = client.get(path, headers={"Sec-Fetch-Dest": "document"}).text
        assert said in told
        assert 'http-equiv="refresh"' in told
        may_build.set()
        assert client.get("/").json() == {"page": "stands"}
        assert client.get("/", headers={"Sec-Fetch-Dest": "document"}).json() == {"page": "stands"}


def test_what_comes_afterwards_is_done_before_the_service_ends() -> None:
    done: list[str] = []
    with TestClient(served(LatePage(small_page, afterwards=lambda: done.append("warm")))) as client:
        client.get("/")
    assert done == ["warm"]


def test_the_page_stays_where_what_comes_afterwards_fails(caplog: pytest.LogCaptureFixture) -> None:
    def afterwards() -> None:
        raise OSError("disk full")

    with TestClient(served(LatePage(small_page, afterwards))) as client:
        assert client.get("/").json() == {"page": "stands"}
    assert "disk full" in caplog.text


def test_a_page_that_cannot_be_built_is_told_and_the_api_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def build() -> FastAPI:
        raise ImportError("no module named gradio")

    with TestClient(served(LatePage(build, afterwards=lambda: None))) as client:
        answer = client.get("/")
        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "no_page"
        assert client.get("/api/health").status_code == 200
    assert "no module named gradio" in caplog.text


def test_the_service_can_end_before_anybody_saw_the_page(workspace: Workspace) -> None:
    with TestClient(app_of(workspace), base_url="http://127.0.0.1:7860") as client:
        assert client.get("/api/health").json()["status"] == "ok"


def test_without_the_page_its_addresses_are_unknown(workspace: Workspace) -> None:
    with TestClient(api_of(workspace), base_url="http://127.0.0.1:7860") as client:
        assert client.get("/").status_code == 404
