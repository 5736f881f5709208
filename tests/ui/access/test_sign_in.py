"""Signing in and out as a browser does it, and what a guesser meets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.access.model import Role
from ui.access.requests import safe_target

COOKIE = "policyqa_session"


def test_signing_in_leads_to_where_one_wanted_to_go_with_a_cookie_no_script_can_read(gate: Any) -> None:
    with gate.client() as browser:
        answer = gate.send_form(browser, "Rita", "绿色出行 reader 1", next="/en/?clause=abc")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/en/?clause=abc"
        cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(COOKIE))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert browser.get("/api/me").json() == {"name": "rita", "role": "reader", "via": "session", "login": True}


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(gate: Any) -> None:
    with gate.client() as one, gate.client() as other:
        wrong = gate.send_form(one, "rita", "not her password")
        unknown = gate.send_form(other, "nobody", "not her password")
    assert wrong.status_code == unknown.status_code == 403
    plain = [answer.text.replace("nobody", "rita").partition('name="token"')[0] for answer in (wrong, unknown)]
    assert plain[0] == plain[1]
    assert COOKIE not in one.cookies
    with gate.signed_in("rita"):
        pass


def test_a_word_that_somebody_planted_in_the_browser_never_becomes_a_session(gate: Any) -> None:
    with gate.client() as browser:
        browser.cookies.set(COOKIE, "planted", domain="127.0.0.1", path="/")
        assert gate.send_form(browser, "rita", "绿色出行 reader 1").status_code == 303
        assert "planted" not in [cookie.value for cookie in browser.cookies.jar]
    assert httpx.get(f"{gate.address}/api/me", cookies={COOKIE: "planted"}, trust_env=False).status_code == 401


def test_signing_in_again_ends_the_session_before(gate: Any) -> None:
    with gate.signed_in("rita") as browser:
        before = browser.cookies[COOKIE]
        page = browser.get("/sign-in", params={"out": "1"})
        assert page.status_code == 200
        token = page.text.partition('name="token" value="')[2].partition('"')[0]
        form = {"token": token, "name": "rita", "password": "绿色出行 reader 1", "next": "/"}
        assert browser.post("/sign-in", data=form).status_code == 303
        assert browser.cookies[COOKIE] != before
        old = httpx.get(f"{gate.address}/api/me", cookies={COOKIE: before}, trust_env=False)
    assert old.status_code == 401
    assert old.json()["error"]["code"] == "session_expired"


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_that_was_not_drawn_for_this_browser_signs_nobody_in(gate: Any, token: str) -> None:
    with gate.client() as browser:
        answer = gate.send_form(browser, "rita", "绿色出行 reader 1", token=token)
        assert answer.status_code == 400
        assert COOKIE not in browser.cookies


def test_another_sites_form_signs_nobody_in_or_out(gate: Any) -> None:
    with gate.signed_in("rita") as browser:
        for path in ("/sign-in", "/sign-out", "/account/password"):
            answer = browser.post(path, data={"name": "rita"}, headers={"Origin": "http://evil.example"})
            assert answer.status_code == 403
        assert browser.post("/sign-out", data={"token": "wrong"}).status_code == 403
        assert browser.get("/api/me").status_code == 200


def sign_out(gate: Any, browser: httpx.Client) -> httpx.Response:
    page = browser.get("/account").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return browser.post("/sign-out", data={"token": token})


def test_signing_out_ends_the_session_here_not_only_in_the_browser(gate: Any) -> None:
    with gate.signed_in("rita") as browser:
        word = browser.cookies[COOKIE]
        answer = sign_out(gate, browser)
        assert answer.headers["location"] == "/sign-in?out=1"
        assert COOKIE not in browser.cookies
        assert "已退出" in browser.get("/sign-in?out=1").text
    assert httpx.get(f"{gate.address}/api/me", cookies={COOKIE: word}, trust_env=False).status_code == 401


def test_guessing_makes_everybody_wait_longer_and_longer(new_gate: Callable[..., Any]) -> None:
    gate = new_gate()
    with gate.client() as guesser:
        answers = [gate.send_form(guesser, "ada", f"guess number {n}") for n in range(8)]
        assert [answer.status_code for answer in answers[:5]] == [403] * 5
        assert answers[6].status_code == 429
        assert 1 <= int(answers[6].headers["retry-after"]) <= 4
        # Neither does the right password get in while the wait lasts, or a guesser would know it by that.
        assert gate.send_form(guesser, "ada", "绿色出行 admin 3").status_code in (429, 303)
        unknown = [gate.send_form(guesser, "nobody", f"guess number {n}").status_code for n in range(7)]
        assert unknown.count(403) in (5, 6)
    failed = gate.audit("sign_in")
    assert {one["outcome"] for one in failed} >= {"failed", "limited"}
    assert all(one["who"] is None and one["address"] == "127.0.0.1" for one in failed if one["outcome"] == "failed")


@pytest.mark.parametrize("change", ["password", "role", "disabled", "removed"])
def test_changing_an_account_ends_its_sessions_at_once(new_gate: Callable[..., Any], change: str) -> None:
    gate = new_gate()
    with gate.signed_in("rita") as browser:
        if change == "password":
            gate.accounts.set_password("rita", "another long word")
        elif change == "role":
            gate.accounts.set_role("rita", Role.EDITOR)
        elif change == "disabled":
            gate.accounts.set_disabled("rita", disabled=True)
        else:
            gate.accounts.remove("rita")
        assert browser.get("/api/me").status_code == 401
        again = gate.send_form(browser, "rita", "绿色出行 reader 1")
        assert (again.status_code == 303) == (change == "role")


def test_a_changed_password_signs_out_every_other_browser(new_gate: Callable[..., Any]) -> None:
    gate = new_gate()
    with gate.signed_in("rita") as here, gate.signed_in("rita") as elsewhere:
        token = here.get("/account").text.partition('name="token" value="')[2].partition('"')[0]
        form = {"token": token, "old": "绿色出行 reader 1", "new": "a new long word", "again": "a new long word"}
        for wrong in ({"old": "not that one"}, {"again": "a new long w0rd"}, {"new": "short", "again": "short"}):
            assert here.post("/account/password", data=form | wrong).status_code in (400, 403)
        assert elsewhere.get("/api/me").status_code == 200
        assert here.post("/account/password", data=form).status_code == 200
        assert here.get("/api/me").json()["name"] == "rita"
        assert elsewhere.get("/api/me").status_code == 401


def test_signing_out_everywhere_ends_every_session_of_the_account(new_gate: Callable[..., Any]) -> None:
    gate = new_gate()
    with gate.signed_in("rita") as here, gate.signed_in("rita") as elsewhere, gate.signed_in("ada") as ada:
        token = here.get("/account").text.partition('name="token" value="')[2].partition('"')[0]
        assert here.post("/account/sessions", data={"token": token}).status_code == 303
        assert [one.get("/api/me").status_code for one in (here, elsewhere, ada)] == [401, 401, 200]


def test_behind_a_known_proxy_with_https_the_cookie_is_for_https_alone(new_gate: Callable[..., Any]) -> None:
    gate = new_gate(trusted_proxies=("127.0.0.1",), public_url="https://policy.example/")
    front = {"Host": "policy.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    with gate.client(**front) as browser:
        page = browser.get("/sign-in")
        token = page.text.partition('name="token" value="')[2].partition('"')[0]
        form_cookie = page.headers["set-cookie"].partition(";")[0]
        answer = browser.post(
            "/sign-in",
            data={"token": token, "name": "rita", "password": "绿色出行 reader 1"},
            headers={"Cookie": form_cookie, "Origin": "https://policy.example"},
        )
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-policyqa="))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert gate.audit("sign_in")[0]["address"] == "192.0.2.7"


def test_what_an_unknown_proxy_says_of_the_browser_is_not_believed(new_gate: Callable[..., Any]) -> None:
    gate = new_gate(trusted_proxies=("192.0.2.1",))
    with gate.client(**{"X-Forwarded-For": "198.51.100.9", "X-Forwarded-Proto": "https"}) as browser:
        answer = gate.send_form(browser, "rita", "绿色出行 reader 1")
        assert any(one.startswith(COOKIE) for one in answer.headers.get_list("set-cookie"))
    assert gate.audit("sign_in")[0]["address"] == "127.0.0.1"


@given(st.text(max_size=60))
def test_a_target_never_leads_to_another_host(given_target: str) -> None:
    for candidate in (given_target, "/" + given_target, "//" + given_target, "/\\" + given_target):
        target = httpx.URL("http://here.example").join(safe_target(candidate))
        assert target.host == "here.example"


@pytest.mark.parametrize(
    "bad", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "/\t/x"]
)
def test_targets_elsewhere_lead_home(bad: str) -> None:
    assert safe_target(bad) == "/"


def test_what_somebody_types_into_the_form_is_shown_as_text(gate: Any) -> None:
    with gate.client() as browser:
        answer = gate.send_form(browser, '"><script>window.hit=1</script>', "x", next='/"><script>')
        assert "<script>window.hit" not in answer.text
        assert 'value="/&quot;&gt;&lt;script&gt;"' in answer.text


def test_a_disk_that_takes_nothing_more_keeps_whoever_is_in_and_says_so_to_others(
    new_gate: Callable[..., Any],
) -> None:
    gate = new_gate()
    desk = gate.service.app.state.access.desk
    with gate.signed_in("rita") as inside, gate.client() as outside:
        with desk.sessions.database.writing() as connection:
            connection.execute("UPDATE sessions SET seen_at = seen_at - 300")
        with desk.sessions.database.reading() as connection:
            connection.execute("PRAGMA query_only=ON")
        try:
            asked = inside.post("/api/ask", json={"question": "骑行满一百公里补贴多少？"})
            assert asked.status_code == 200
            answer = gate.send_form(outside, "rita", "绿色出行 reader 1")
            assert answer.status_code == 503
            assert "无法登录" in answer.text
        finally:
            with desk.sessions.database.reading() as connection:
                connection.execute("PRAGMA query_only=OFF")
