"""Waiting after wrong passwords, rates, sessions that end: by a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.access.accounts import Accounts, open_accounts
from ui.access.database import Database
from ui.access.limits import Attempts, Rates, network_of
from ui.access.model import Role
from ui.access.sessions import Sessions, open_sessions


class Clock:
    """A time that passes only when told."""

    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_sessions(tmp_path)


def test_the_wait_doubles_with_each_wrong_password_and_ends_at_a_quarter_of_an_hour(database: Database) -> None:
    clock = Clock()
    attempts = Attempts(database, clock)
    waits = []
    for n in range(20):
        assert attempts.begin("ada", f"192.0.2.{n}") == 0
        waits.append(attempts.begin("ada", "198.51.100.1"))
        clock.now += waits[-1]
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, *[900] * 8]


def test_guessing_at_many_names_from_one_address_is_held_up_too(database: Database) -> None:
    clock = Clock()
    attempts = Attempts(database, clock)
    tried = [attempts.begin(f"name{n}", "192.0.2.1") for n in range(30)]
    assert tried[:20] == [0] * 20
    assert all(tried[21:])
    assert attempts.begin("name3", "192.0.2.2") == 0


def test_a_right_password_clears_the_account_but_gives_the_address_one_attempt_back(database: Database) -> None:
    clock = Clock()
    attempts = Attempts(database, clock)
    for n in range(20):  # somebody signs in to an account of their own between guesses at others
        assert attempts.begin(f"victim{n}", "192.0.2.1") == 0
        if n < 19:
            assert attempts.begin("own", "192.0.2.1") == 0
            attempts.right("own", "192.0.2.1")
    assert attempts.begin("another victim", "192.0.2.1") > 0
    assert attempts.begin("own", "192.0.2.9") == 0


def test_wrong_passwords_are_forgotten_after_a_day(database: Database) -> None:
    clock = Clock()
    attempts = Attempts(database, clock)
    for _ in range(7):
        clock.now += attempts.begin("ada", "192.0.2.1")
    clock.now += 86_401
    assert [attempts.begin("ada", "192.0.2.1") for _ in range(5)] == [0] * 5


def test_a_hundred_attempts_at_once_do_not_all_pass(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    # As in several processes: each with a connection of its own.
    desks = [Attempts(open_sessions(tmp_path)) for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda n: desks[n % 4].begin("ada", f"192.0.2.{n}"), range(100)))
    assert waits.count(0) <= 6


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::9", "2001:db8:1:2::/64"), ("testclient", "testclient")],
)
def test_an_ipv6_customer_counts_as_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


@settings(max_examples=60, deadline=None)
@given(limit=st.integers(1, 200), steps=st.lists(st.floats(0, 20), min_size=1, max_size=120))
def test_no_caller_gets_more_than_the_limit_and_a_burst(
    tmp_path_factory: pytest.TempPathFactory, limit: int, steps: list[float]
) -> None:
    clock = Clock()
    rates = Rates(open_sessions(tmp_path_factory.mktemp("rates")), {"ask": limit}, clock)
    began, passed = clock.now, 0
    for step in steps:
        clock.now += step
        wait = rates.spend("ask", "session:rita")
        passed += wait == 0
        assert wait <= 60
    burst = max(limit // 4, 1)
    assert passed <= burst + (clock.now - began) * limit / 60 + 1e-3


@settings(max_examples=40, deadline=None)
@given(limit=st.integers(1, 200))
def test_whoever_waits_as_long_as_told_is_let_in(tmp_path_factory: pytest.TempPathFactory, limit: int) -> None:
    clock = Clock()
    rates = Rates(open_sessions(tmp_path_factory.mktemp("rates")), {"ask": limit}, clock)
    for _ in range(limit):
        wait = rates.spend("ask", "session:rita")
        if wait:
            clock.now += wait
            assert rates.spend("ask", "session:rita") == 0


def test_processes_count_together_and_callers_apart(tmp_path: Path) -> None:
    clock = Clock()
    one, other = (Rates(open_sessions(tmp_path), {"ask": 8}, clock) for _ in range(2))
    assert [one.spend("ask", "session:rita"), other.spend("ask", "session:rita")] == [0, 0]
    assert one.spend("ask", "session:rita") > 0
    assert one.spend("ask", "session:ada") == 0
    assert one.spend("search", "session:rita") == 0


def test_a_disk_that_fails_holds_nobody_up(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    rates = Rates(database, {"ask": 1})
    database.close()
    assert [rates.spend("ask", "session:rita") for _ in range(3)] == [0, 0, 0]
    assert "could not be counted" in caplog.text


def test_sessions_end_when_idle_and_in_any_case(tmp_path: Path) -> None:
    clock = Clock()
    ada = Accounts(open_accounts(tmp_path)).add("ada", "绿色出行 admin 3", Role.ADMIN)
    sessions = Sessions(open_sessions(tmp_path), idle_s=600, most_s=3600, clock=clock)
    idle, busy = sessions.start(ada, "192.0.2.1"), sessions.start(ada, "192.0.2.2")
    for _ in range(6):
        clock.now += 599
        assert sessions.find(busy) is not None
    assert sessions.find(idle) is None
    clock.now += 100
    assert sessions.find(busy) is None


def test_too_many_questions_get_429_with_when_to_come_back(new_gate: Callable[..., Any]) -> None:
    gate = new_gate(ask_per_minute=4, search_per_minute=4, upload_per_minute=4)
    with gate.client(Role.EDITOR) as editor, gate.client(Role.READER) as reader:
        for client, send in (
            (editor, lambda: editor.post("/api/ask", json={"question": "补贴多少？"})),
            (editor, lambda: editor.get("/api/search", params={"q": "补贴"})),
            (editor, lambda: editor.post("/api/documents", files=[("files", ("空.txt", b""))])),
        ):
            assert send().status_code != 429, client
            answer = send()
            assert answer.status_code == 429
            assert 1 <= int(answer.headers["retry-after"]) <= 15
            assert answer.json()["error"]["code"] == "too_many_requests"
        assert reader.post("/api/ask", json={"question": "补贴多少？"}).status_code == 200


def test_on_this_machine_alone_nothing_is_counted_or_kept(client: Any, workspace: Any) -> None:
    for _ in range(40):
        assert client.get("/api/search", params={"q": "补贴"}).status_code == 200
    assert not workspace.settings.access_folder.exists()
    assert client.get("/api/me").json() == {"name": "local", "role": "admin", "via": "local", "login": False}
    assert client.get("/sign-in", follow_redirects=False).headers["location"] == "/"
