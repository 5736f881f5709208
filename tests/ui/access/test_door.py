"""What is closed to whom, over real connections."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, Route

from ui.access.model import Role
from ui.access.rules import EVENTS, needed_for, needed_for_event
from ui.page import EVENTS as PAGE_EVENTS
from ui.page import mount_page
from ui.server import api_of
from ui.words import Words
from ui.workspace import Workspace

OPEN = {"/sign-in", "/sign-out", "/look", "/api/health"}
FILE = [("files", ("桥梁.txt", "柳河市桥梁养护规定\n\n第一条　桥梁每年检查一次。\n".encode()))]


def addresses(routes: list[BaseRoute], prefix: str = "") -> set[tuple[str, str]]:
    """Every method and path that the application's routes take, places filled in."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        if isinstance(route, Mount):
            found |= {("GET", prefix + route.path + "/")} | addresses(list(route.routes or ()), prefix + route.path)
        elif isinstance(route, Route) or hasattr(route, "methods"):
            path = str(getattr(route, "path", "")).replace("{", "").replace("}", "").replace(":path", "")
            found |= {(method, prefix + path) for method in getattr(route, "methods", None) or ("GET",)}
        elif hasattr(route, "original_router"):
            inner = route.original_router
            found |= addresses(list(inner.routes), prefix)
    return found


def test_no_address_of_the_service_is_open_to_strangers(gate: Any, stranger: httpx.Client) -> None:
    pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    mount_page(pages, gate.service.workspace, gate.service.app.state.access, Words("zh"), path="/")
    every = addresses(gate.service.app.routes) | addresses(pages.routes)
    assert len([path for _, path in every if "gradio_api" in path]) > 20
    for method, path in sorted(every):
        if path.startswith(tuple(OPEN)) or not path:
            continue
        answer = stranger.request(method, path, headers={"Accept": "application/json"})
        assert answer.status_code in (401, 404), (method, path, answer.status_code)
        if answer.status_code == 404:  # what is closed to everybody
            assert "There is nothing at this address" in answer.text, path


@pytest.mark.parametrize(
    "path", ["//api/documents", "/api/../api/documents", "/API/documents", "/en/../api/documents", "/api/documents/"]
)
def test_no_spelling_of_an_address_gets_round_the_door(stranger: httpx.Client, path: str) -> None:
    request = stranger.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    assert stranger.send(request).status_code == 401


@pytest.mark.parametrize("path", ["/", "/en/", "/?clause=abc", "/account"])
def test_a_browser_without_a_session_is_led_to_the_sign_in_page_and_back(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 303
    assert httpx.URL(answer.headers["location"]).params["next"] == path
    assert httpx.URL(answer.headers["location"]).path == "/sign-in"


def test_whoever_watches_learns_only_that_the_service_runs(gate: Any, stranger: httpx.Client) -> None:
    assert stranger.get("/api/health").json() == {"status": "ok"}
    with gate.client(Role.READER) as reader:
        assert reader.get("/api/health").json()["documents"] == 2


def test_a_bearer_token_that_is_unknown_is_refused_even_where_a_session_would_do(gate: Any) -> None:
    with gate.signed_in("ada") as ada:
        assert ada.get("/api/me").json()["name"] == "ada"
        answer = ada.get("/api/me", headers={"Authorization": "Bearer pqa_unknown"})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sign_in_required"
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_reader_asks_and_reads_and_changes_nothing(gate: Any) -> None:
    with gate.client(Role.READER) as reader:
        assert "二十元" in reader.post("/api/ask", json={"question": "骑行满一百公里补贴多少？"}).json()["answer"]
        assert reader.get("/api/search", params={"q": "补贴"}).json()["hits"]
        documents = reader.get("/api/documents").json()["documents"]
        for answer in (
            reader.post("/api/documents", files=FILE),
            reader.delete(f"/api/documents/{documents[0]['doc_id']}"),
            reader.get("/api/feedback.jsonl"),
            reader.get("/api/audit.jsonl"),
            reader.get("/account/audit"),
        ):
            assert answer.status_code == 403
            assert answer.json()["error"]["code"] == "forbidden"
        assert reader.get("/api/documents").json()["documents"] == documents


def test_an_editor_changes_the_library_and_sees_no_log(gate: Any) -> None:
    with gate.client(Role.EDITOR) as editor:
        assert editor.post("/api/documents", files=FILE).status_code == 200
        titles = {one["title"]: one["doc_id"] for one in editor.get("/api/documents").json()["documents"]}
        assert editor.delete(f"/api/documents/{titles['柳河市桥梁养护规定']}").status_code == 200
        assert editor.get("/api/audit.jsonl").status_code == 403


def test_an_administrator_sees_feedback_and_log(gate: Any) -> None:
    with gate.client(Role.ADMIN) as admin:
        assert admin.get("/api/feedback.jsonl").status_code == 200
        assert admin.get("/api/audit.jsonl").status_code == 200


def test_mcp_tools_are_behind_the_same_door_and_log(gate: Any, stranger: httpx.Client) -> None:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": "骑行满五百公里补贴多少？"}},
    }
    headers = {"Accept": "application/json, text/event-stream"}
    assert stranger.post("/mcp", json=call, headers=headers).status_code == 401
    with gate.client(Role.READER) as reader:
        assert "一百二十元" in reader.post("/mcp", json=call, headers=headers).text
    asked = [one for one in gate.audit("ask") if one["target"] == "骑行满五百公里补贴多少？"]
    assert [one["who"] for one in asked] == ["reader-bot"]


def test_every_event_of_the_page_has_a_rule_and_an_unknown_one_is_closed() -> None:
    assert set(PAGE_EVENTS) <= set(EVENTS)
    assert needed_for_event("something new") is Role.ADMIN


@pytest.mark.parametrize(("role", "upload"), [(None, 200), ("reader", 403)])
def test_a_service_open_on_purpose_gives_everybody_the_role_that_is_set(
    workspace: Workspace, role: str | None, upload: int
) -> None:
    chosen = {"host": "0.0.0.0", "open_to_network": True} | ({"open_role": role} if role else {})
    workspace.settings = workspace.settings.model_copy(update=chosen)
    with TestClient(api_of(workspace), base_url="http://desk.example") as anybody:
        assert anybody.get("/api/search", params={"q": "补贴"}).json()["hits"]
        assert anybody.post("/api/documents", files=FILE).status_code == upload
        assert anybody.get("/api/audit.jsonl").status_code == 403
        assert anybody.get("/api/feedback.jsonl").status_code == 403


def test_the_apis_document_says_that_a_token_is_sent(gate: Any) -> None:
    with gate.client(Role.READER) as reader:
        document = reader.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert all(one["security"] for path in document["paths"].values() for one in path.values())


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_whatever_changes_something_needs_an_editor_unless_it_is_named(method: str) -> None:
    assert needed_for(method, "/api/something/new") is Role.EDITOR
    assert needed_for("POST", "/api/ask") is Role.READER


def page_event(client: httpx.Client, name: str, data: dict[str, Any]) -> str:
    """What the page would get for one of its events, sent as a script of somebody's own would send it."""
    config = client.get("/config").json()
    number = next(one["id"] for one in config["dependencies"] for target in one["targets"] if target[1] == name)
    order = {"data": [], "event_data": data, "fn_index": number, "trigger_id": None, "session_hash": f"t{number}"}
    assert client.post("/gradio_api/queue/join", json=order).status_code == 200
    said = ""
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": f"t{number}"}) as events:
        for line in events.iter_lines():
            said += json.dumps(json.loads(line[6:]), ensure_ascii=False) if line.startswith("data: ") else ""
            if "process_completed" in line:
                break
    return said


@pytest.mark.parametrize(("name", "shows"), [("remove", "编辑"), ("status", "管理"), ("evaluate", "管理")])
def test_the_pages_own_events_refuse_what_the_role_may_not(gate: Any, name: str, shows: str) -> None:
    with gate.client(Role.READER) as reader:
        before = reader.get("/api/documents").json()
        said = page_event(reader, name, {"target": before["documents"][0]["doc_id"], "set": "x"})
        assert f"没有“{shows}”权限" in said
        assert reader.get("/api/documents").json() == before
    assert any(one["target"] == f"page event {name}" for one in gate.audit("refused"))


def test_the_pages_events_do_what_the_role_may(gate: Any) -> None:
    with gate.client(Role.EDITOR) as editor:
        editor.post(
            "/api/documents", files=[("files", ("渡口.txt", "柳河市渡口规定\n\n第一条　渡口限载。\n".encode()))]
        )
        said = page_event(editor, "remove", {"target": "渡口.txt", "name": "渡口"})
        assert "渡口 was removed" in said or "已移除 渡口" in said
    removed = [one for one in gate.audit("remove") if one["target"] == "渡口.txt"]
    assert [(one["who"], one["outcome"]) for one in removed] == [("editor-bot", "done")]
