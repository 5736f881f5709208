"""What the audit log holds, what it leaves out, and that it never stands in the way."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ui.access import audit
from ui.access.audit import AuditLog, open_audit
from ui.access.current import acting_as
from ui.access.model import Caller, Role

RITA = Caller("rita", Role.READER, "session", "192.0.2.1")
QUESTION = "骑行满一百公里补贴多少？"


def entries(log: AuditLog, folder: Path) -> list[dict[str, Any]]:
    log.close()
    return list(audit.read(open_audit(folder)))


def test_who_asked_put_in_took_out_and_searched_is_all_there(gate: Any) -> None:
    marker = "audit-1234"
    with gate.client(Role.EDITOR, **{"X-Request-ID": marker}) as editor:
        editor.post("/api/ask", json={"question": QUESTION})
        editor.get("/api/search", params={"q": "绿色 补贴"})
        editor.post("/api/documents", files=[("files", ("灯.txt", "柳河市路灯规定\n\n第一条　路灯要亮。\n".encode()))])
        editor.post("/api/documents", files=[("files", ("坏.pdf", b"%PDF-1.7 nothing more"))])
        editor.delete("/api/documents/灯.txt")
        editor.post("/api/feedback", json={"question": QUESTION, "helpful": True})
    found = [one for one in gate.audit() if one["request_id"] == marker]
    assert [(one["action"], one["target"], one["outcome"]) for one in found] == [
        ("ask", QUESTION, "answer"),
        ("search", "绿色 补贴", "done"),
        ("upload", "灯.txt", "done"),
        ("upload", "坏.pdf", "failed"),
        ("remove", "灯.txt", "done"),
        ("feedback", QUESTION, "helpful"),
    ]
    assert {(one["who"], one["role"], one["via"], one["address"]) for one in found} == {
        ("editor-bot", "editor", "token", "127.0.0.1")
    }
    assert found[0]["detail"]["cited"]


def test_a_streamed_answer_is_noted_for_whoever_asked(gate: Any) -> None:
    headers = {"Accept": "text/event-stream", "X-Request-ID": "audit-stream"}
    with gate.client(Role.READER, **headers) as reader:
        assert "二十元" in reader.post("/api/ask", json={"question": QUESTION}).text
    found = [one for one in gate.audit("ask") if one["request_id"] == "audit-stream"]
    assert [one["who"] for one in found] == ["reader-bot"]


def test_without_question_text_only_a_keyed_hash_and_the_length_are_kept(tmp_path: Path) -> None:
    log = AuditLog(open_audit(tmp_path), days=10, question_text=False)
    with acting_as(RITA):
        log.question("ask", QUESTION)
        log.question("ask", QUESTION)
        log.question("ask", "另一个问题")
    first, second, other = entries(log, tmp_path)
    assert first["target"] == second["target"] != other["target"]
    assert first["target"].startswith("hmac:")
    assert first["detail"]["chars"] == len(QUESTION)
    assert QUESTION.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_entries_older_than_the_days_go_when_the_service_starts(tmp_path: Path) -> None:
    database = open_audit(tmp_path)
    for days in (11, 9):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        entry = audit.entry_of(RITA, "", "ask", f"{days} days ago", "done", {})
        with database.writing() as connection:
            audit.write(connection, [(at, *entry[1:])])
    log = AuditLog(database, days=10, question_text=True)
    assert [one["target"] for one in entries(log, tmp_path)] == ["9 days ago"]


def test_a_full_disk_is_said_once_and_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    database = open_audit(tmp_path)
    with database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + 1}")  # SQLite then says that the disk is full
    log = AuditLog(database, days=10, question_text=True)
    with caplog.at_level(logging.ERROR):
        for _ in range(300):
            log.record("ask", "x" * 2_000)
        log.close()
    said = [record for record in caplog.records if "AUDIT LOG NOT WRITTEN" in record.getMessage()]
    assert len(said) == 1
    assert "full" in said[0].getMessage()


def test_answers_go_on_where_the_audit_log_cannot_be_written(new_gate: Callable[..., Any]) -> None:
    gate = new_gate()
    with gate.service.app.state.access.audit_file.reading() as connection:
        connection.execute("DROP TABLE audit")
    with gate.client(Role.READER) as reader:
        assert "二十元" in reader.post("/api/ask", json={"question": QUESTION}).json()["answer"]


def test_since_until_action_and_last_choose(tmp_path: Path) -> None:
    database = open_audit(tmp_path)
    for day in range(1, 6):
        entry = audit.entry_of(RITA, "", "ask" if day % 2 else "remove", f"day {day}", "done", {})
        with database.writing() as connection:
            audit.write(connection, [(f"2031-05-0{day}T12:00:00+00:00", *entry[1:])])

    def days(**chosen: Any) -> list[str]:
        return [one["target"][-1] for one in audit.read(database, **chosen)]

    assert days() == ["1", "2", "3", "4", "5"]
    assert days(since="2031-05-02", until="2031-05-04") == ["2", "3"]
    assert days(action="remove") == ["2", "4"]
    assert days(last=2) == ["4", "5"]


def test_the_log_is_one_json_object_a_line_whatever_was_asked(tmp_path: Path) -> None:
    log = AuditLog(open_audit(tmp_path), days=10, question_text=True)
    log.question("ask", 'line\nbreak "quoted" \u2028 </script>')
    (line,) = [json.dumps(one, ensure_ascii=False) for one in entries(log, tmp_path)]
    assert "\n" not in line
