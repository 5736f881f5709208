from __future__ import annotations

import pytest
from fastapi.testclient import TestClient


def test_every_reply_carries_the_security_headers(page_client: TestClient) -> None:
    for path in ("/", "/api/health", "/look/css/base.css", "/nothing-here"):
        headers = page_client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9999", "null"])
def test_another_sites_page_cannot_change_or_ask_anything(page_client: TestClient, origin: str) -> None:
    for path in ("/api/ask", "/gradio_api/queue/join", "/mcp"):
        answer = page_client.post(path, json={"question": "问"}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "wrong_origin"


def test_a_cross_site_request_without_an_origin_is_refused(page_client: TestClient) -> None:
    answer = page_client.post("/api/ask", json={"question": "问"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_pages_own_origin_may_ask(page_client: TestClient) -> None:
    headers = {"Origin": "http://127.0.0.1:7860", "Sec-Fetch-Site": "same-origin"}
    assert page_client.post("/api/ask", json={"question": "骑行补贴多少？"}, headers=headers).status_code == 200


def test_a_foreign_host_name_that_leads_here_is_refused(page_client: TestClient) -> None:
    answer = page_client.get("/api/health", headers={"Host": "rebound.example:7860"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "wrong_host"


def test_no_cross_origin_read_is_ever_allowed(page_client: TestClient) -> None:
    for origin in ("http://evil.example", "http://localhost:3000"):
        answer = page_client.get("/api/documents", headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers


def test_a_body_that_lies_about_its_length_is_cut_off(page_client: TestClient) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b"x" * 100_000

    answer = page_client.post("/api/ask", content=endless(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/en/gradio_api/upload"])
def test_gradios_own_uploads_are_closed(page_client: TestClient, path: str) -> None:
    answer = page_client.post(path, files=[("files", ("a.txt", b"x"))])
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/dev/reload",
        "/gradio_api/proxy=http://outside.example/",
    ],
)
def test_gradios_file_and_proxy_addresses_are_closed(page_client: TestClient, path: str) -> None:
    assert page_client.get(path).status_code == 404


def test_assets_outside_their_folder_are_not_served(page_client: TestClient) -> None:
    assert page_client.get("/look/%2e%2e/server.py").status_code == 404


@pytest.mark.parametrize("host", ["[", "[::1", "a]b", "user@127.0.0.1.evil.example"])
def test_a_host_that_is_no_host_is_refused(page_client: TestClient, host: str) -> None:
    answer = page_client.get("/api/health", headers={"Host": host})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "wrong_host"


def test_an_origin_that_is_no_address_is_refused(page_client: TestClient) -> None:
    answer = page_client.post("/api/ask", json={"question": "问"}, headers={"Origin": "http://["})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "wrong_origin"


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
@pytest.mark.parametrize(
    "sent",
    [
        r'{"question": "补贴\ud800"}',
        r'{"question": "那多少呢", "history": ["补贴\ud800"]}',
        r'{"question": "补贴多少", "id": "\ud800"}',
        r'{"question": "补贴多少", "filters": {"regions": ["\ud800"]}}',
    ],
)
def test_half_a_character_is_bad_input_and_no_failure(page_client: TestClient, sent: str, accept: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    answer = page_client.post("/api/ask", content=sent.encode(), headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] == "malformed"


def test_mcp_keeps_no_stream_open(page_client: TestClient) -> None:
    answer = page_client.get("/mcp", headers={"Accept": "text/event-stream"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
