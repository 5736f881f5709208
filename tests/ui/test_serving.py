"""Many at once: a line with an end, a clear word to those beyond it, and figures about all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ui.admission import Admission, BusyError, Line, seats_for

QUESTION = {"question": "骑行满一百公里补贴多少钱？"}


class Slow:
    """An application whose requests end when they are told to, and that counts how many are under way."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.under_way = 0
        self.most = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await self.go.wait()
        self.under_way -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})


def played(scene: Coroutine[Any, Any, None]) -> None:
    """Runs a scene on a thread of its own: a browser driven in the same process keeps a loop running on this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, scene).result()


async def ask(app: Any, path: str = "/api/ask", method: str = "POST") -> tuple[int, dict[bytes, bytes]]:
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    await app({"type": "http", "path": path, "method": method, "headers": []}, receive, send)
    return told[0]["status"], dict(told[0]["headers"])


def test_no_more_questions_run_than_there_are_seats_and_all_are_answered() -> None:
    async def scene() -> None:
        slow = Slow()
        app = Admission(slow, Line(seats=3, places=20, patience_s=30))
        asked = [asyncio.create_task(ask(app)) for _ in range(12)]
        await asyncio.sleep(0.01)
        slow.go.set()
        assert [status for status, _ in await asyncio.gather(*asked)] == [200] * 12
        assert slow.most == 3

    played(scene())


def test_who_comes_when_the_line_is_full_is_told_when_to_try_again() -> None:
    async def scene() -> None:
        slow = Slow()
        line = Line(seats=1, places=2, patience_s=30)
        app = Admission(slow, line)
        asked = [asyncio.create_task(ask(app)) for _ in range(3)]
        await asyncio.sleep(0.01)
        status, headers = await ask(app)
        assert status == 503
        assert int(headers[b"retry-after"]) >= 1
        assert (line.taken, line.waiting, line.turned_away) == (1, 2, 1)
        slow.go.set()
        assert [status for status, _ in await asyncio.gather(*asked)] == [200] * 3
        assert (line.taken, line.waiting) == (0, 0)

    played(scene())


def test_nobody_waits_longer_than_the_patience() -> None:
    async def scene() -> None:
        line = Line(seats=1, places=5, patience_s=0.01)
        async with line.seat():
            with pytest.raises(BusyError):
                async with line.seat():
                    pass
        async with line.seat():
            assert line.taken == 1

    played(scene())


def test_what_is_no_question_does_not_wait() -> None:
    async def scene() -> None:
        slow = Slow()
        slow.go.set()
        line = Line(seats=1, places=0, patience_s=30)
        async with line.seat():
            assert (await ask(Admission(slow, line), "/api/health"))[0] == 200
            assert (await ask(Admission(slow, line), "/api/ask"))[0] == 503

    played(scene())


def test_changes_wait_in_a_line_of_their_own_and_leave_the_seats_to_questions() -> None:
    async def scene() -> None:
        slow = Slow()
        questions, changes = Line(seats=1, places=0, patience_s=30), Line(seats=2, places=1, patience_s=30)
        app = Admission(slow, questions, changes)
        deeds = [("/api/documents", "POST"), ("/api/documents/停车.txt", "DELETE"), ("/api/documents", "POST")]
        sent = [asyncio.create_task(ask(app, path, method)) for path, method in deeds]
        await asyncio.sleep(0.01)
        assert (slow.most, changes.waiting) == (2, 1)
        status, headers = await ask(app, "/api/documents")
        assert status == 503
        assert int(headers[b"retry-after"]) >= 1
        assert (questions.taken, questions.turned_away) == (0, 0)
        asked = [asyncio.create_task(ask(app)), asyncio.create_task(ask(app, "/api/documents", "GET"))]
        await asyncio.sleep(0.01)
        assert slow.under_way == 4
        slow.go.set()
        assert [status for status, _ in await asyncio.gather(*sent, *asked)] == [200] * 5

    played(scene())


def test_a_client_that_sends_slowly_holds_no_seat_and_its_body_comes_in_whole() -> None:
    async def scene() -> None:
        slow = Slow()
        slow.go.set()
        taken: list[bytes] = []

        async def reading(scope: Any, receive: Any, send: Any) -> None:
            more = True
            while more and scope["path"] == "/api/documents":
                message = await receive()
                taken.append(message["body"])
                more = message["more_body"]
            await slow(scope, receive, send)

        line, changes = Line(seats=1, places=0, patience_s=30), Line(seats=1, places=0, patience_s=30)
        app = Admission(reading, line, changes)
        parts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        told: list[Any] = []

        async def send(message: Any) -> None:
            told.append(message)

        uploading = {"type": "http", "path": "/api/documents", "method": "POST", "headers": []}
        task = asyncio.create_task(app(uploading, parts.get, send))
        first = b"a" * 1_500_000  # more than is kept in memory
        await parts.put({"type": "http.request", "body": first, "more_body": True})
        await asyncio.sleep(0.01)
        assert (line.taken, changes.taken) == (0, 0)
        assert (await ask(app, "/api/documents"))[0] == 200
        taken.clear()
        await parts.put({"type": "http.request", "body": b"b", "more_body": False})
        await task
        assert b"".join(taken) == first + b"b"
        assert told[0]["status"] == 200

        gone = asyncio.create_task(app(uploading, parts.get, send))
        await parts.put({"type": "http.disconnect"})
        await gone
        assert len(told) == 1

    played(scene())


def test_a_client_that_takes_its_reply_slowly_holds_no_seat() -> None:
    async def scene() -> None:
        async def replying(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"a reply"})

        line = Line(seats=1, places=0, patience_s=30)
        app = Admission(replying, line)
        taking = asyncio.Event()

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                await taking.wait()

        task = asyncio.create_task(
            app({"type": "http", "path": "/api/search", "method": "GET", "headers": []}, None, send)  # type: ignore[arg-type]
        )
        await asyncio.sleep(0.01)
        assert line.taken == 0
        assert (await ask(app, "/api/search", "GET"))[0] == 200
        taking.set()
        await task
        assert (line.taken, line.waiting) == (0, 0)

    played(scene())


def test_seats_follow_processes_processors_and_the_way_of_answering() -> None:
    assert seats_for(7, processes=1, language_model=True) == 7
    assert seats_for(0, processes=4, language_model=False) == 5
    assert seats_for(0, processes=1, language_model=True) > seats_for(0, processes=1, language_model=False)


def figures(client: TestClient) -> dict[str, float]:
    reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    lines = [line for line in reply.text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_metrics_count_answers_refusals_requests_and_stages(client: TestClient) -> None:
    before = figures(client)
    assert client.post("/api/ask", json=QUESTION).status_code == 200
    assert client.post("/api/ask", json={"question": "火星上有多少只企鹅？"}).json()["kind"] == "refusal"
    assert client.get("/api/documents/nothing").status_code == 404
    after = figures(client)

    def gained(name: str) -> float:
        return after[name] - before.get(name, 0.0)

    assert gained('policyqa_replies_total{kind="answer",reason=""}') == 1
    assert sum(gained(name) for name in after if name.startswith('policyqa_replies_total{kind="refusal"')) == 1
    assert gained('policyqa_requests_total{method="POST",path="/api/ask",status="200"}') == 2
    assert gained('policyqa_requests_total{method="GET",path="/api/documents/{doc_id}",status="404"}') == 1
    assert gained('policyqa_stage_seconds_count{stage="search"}') == 2
    assert after['policyqa_store_items{what="documents"}'] == 2
    assert after["policyqa_store_bytes"] > 0
    assert after["policyqa_questions_running"] == 0
