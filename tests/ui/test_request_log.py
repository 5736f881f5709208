"""Ids on replies, errors and log lines, and lines as JSON."""

from __future__ import annotations

import json
import logging
import logging.config
import sqlite3
import sys
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from index.errors import StoreError
from qa.settings import Settings
from ui.failures import failure_text
from ui.request_id import request_id_of
from ui.request_log import logging_config
from ui.words import Words


def test_a_sane_id_of_a_proxy_is_kept_and_comes_back(client: TestClient) -> None:
    answer = client.get("/api/documents/none", headers={"X-Request-ID": "proxy-0001.a"})
    assert answer.headers["x-request-id"] == "proxy-0001.a"
    assert answer.json()["error"]["request_id"] == "proxy-0001.a"


@pytest.mark.parametrize(
    "given_id", ["", "short", "x" * 65, "two words", "a\"b'c<script>", "-leading", "中文中文中文中文"]
)
def test_any_other_id_is_replaced(client: TestClient, given_id: str) -> None:
    answer = client.get("/api/health", headers={"X-Request-ID": given_id.encode()})
    assert answer.headers["x-request-id"] != given_id
    assert len(answer.headers["x-request-id"]) == 16


@given(st.text(max_size=80))
def test_an_id_never_holds_what_could_break_a_line(given_id: str) -> None:
    found = request_id_of(given_id)
    assert found.isascii()
    assert found.replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_every_kind_of_error_carries_the_id(client: TestClient) -> None:
    for answer in (
        client.get("/api/nothing"),
        client.post("/api/ask", json={"question": ""}),
        client.post("/api/ask", json={"question": 7}),
        client.post("/api/ask", json={"question": "问"}, headers={"Origin": "http://evil.example"}),
        client.post("/api/ask", content=b"x" * 2_000_000),
    ):
        assert answer.status_code >= 400
        assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]


@pytest.fixture
def damaged(workspace: Any) -> None:
    """The library lacks a table."""
    for catalogue in workspace.settings.store.glob("*.sqlite"):
        with sqlite3.connect(catalogue) as connection:
            connection.execute("ALTER TABLE documents RENAME TO lost")


def damage_is_logged(caplog: pytest.LogCaptureFixture) -> bool:
    return any(
        record.levelno == logging.ERROR and "catalogue.sqlite is damaged" in record.getMessage()
        for record in caplog.records
    )


@pytest.mark.usefixtures("damaged")
def test_a_damaged_library_is_named_to_who_asks_and_in_the_log(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.get("/api/documents", headers={"X-Request-ID": "damaged-1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_unavailable")
    assert answer.json()["error"]["request_id"] == "damaged-1"
    assert damage_is_logged(caplog)


@pytest.mark.usefixtures("damaged")
def test_a_library_damaged_before_a_streamed_answer_is_named_in_the_log_too(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answer = client.post("/api/ask", json={"question": "补贴多少钱?"}, headers={"Accept": "text/event-stream"})
    assert "store_unavailable" in answer.text
    assert damage_is_logged(caplog)


def test_a_failure_that_nobody_foresaw_is_answered_with_id_and_security_headers(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("nobody foresaw this")

    client.app.router.routes.insert(0, APIRoute("/api/failing", fail))  # type: ignore[attr-defined]
    with caplog.at_level(logging.INFO):
        answer = client.get("/api/failing", headers={"X-Request-ID": "failing-1"})
    assert answer.status_code == 500
    assert "nobody foresaw" not in answer.text
    assert any(record.exc_info for record in caplog.records)
    assert answer.json()["error"]["request_id"] == "failing-1"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == "failing-1"


def test_json_lines_hold_the_request_and_no_line_of_somebody_elses(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logging.config.dictConfig(logging_config(Settings(log_format="json", log_level="info")))
    root.handlers[0].setStream(sys.stderr)  # type: ignore[attr-defined]
    try:
        client.get("/api/documents/a%0Afaked%20line", headers={"X-Request-ID": "json-0001"})
        logging.getLogger("policyqa.requests").error("twice\nas long")
    finally:
        root.handlers[:], root.level = before
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    noted = next(line for line in lines if line["request_id"] == "json-0001" and "status" in line)
    assert (noted["method"], noted["status"], noted["who"]) == ("GET", 404, "local")
    assert noted["took_ms"] >= 0
    assert lines[-1]["message"] == "twice\nas long"


@pytest.mark.parametrize(
    ("chosen", "level"),
    [
        ({}, "WARNING"),
        ({"host": "0.0.0.0"}, "INFO"),
        ({"require_login": True}, "INFO"),
        ({"log_level": "error"}, "ERROR"),
    ],
)
def test_requests_are_noted_where_others_come_in(chosen: dict[str, Any], level: str) -> None:
    assert logging_config(Settings(**chosen))["root"]["level"] == level


def test_a_library_that_the_page_cannot_read_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        said = failure_text(StoreError("catalogue.sqlite is damaged"), Words("zh"))
    assert "catalogue.sqlite is damaged" in said
    assert [record.levelno for record in caplog.records if "is damaged" in record.getMessage()] == [logging.ERROR]
