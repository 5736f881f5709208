"""Signing in, being refused, being signed out and running out of time, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.access.sessions import open_sessions

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PATIENCE_MS = 60_000
PASSWORDS = {"rita": "绿色出行 reader 1", "ada": "绿色出行 admin 3"}
QUESTION = "骑行满一百公里补贴多少钱？"


@pytest.fixture(scope="module")
def own_gate(new_gate: Callable[..., Any]) -> Any:
    """A gate whose sessions these tests end."""
    return new_gate(upload_limit_mb=1)


@pytest.fixture
def page(chromium: Any, own_gate: Any) -> Iterator[Any]:
    """A page that has not signed in; the test fails where it calls elsewhere."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
    context.set_default_timeout(PATIENCE_MS)
    made = context.new_page()
    foreign: list[str] = []
    made.on(
        "request",
        lambda one: None if one.url.startswith((own_gate.address, "data:", "blob:")) else foreign.append(one.url),
    )
    yield made
    context.close()
    assert foreign == []


def sign_in(page: Any, gate: Any, name: str) -> None:
    page.goto(gate.address + "/")
    page.wait_for_selector("form[action='/sign-in']")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORDS[name])
    page.press("[name=password]", "Enter")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector(".welcome, #live .turn")


def ask(page: Any, question: str = QUESTION) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_function(
        "asked => document.querySelector('#live .turn[data-kind]')?.dataset.question === asked", arg=question
    )


def test_a_wrong_password_is_said_and_the_right_one_leads_to_the_page(page: Any, own_gate: Any) -> None:
    page.goto(own_gate.address + "/")
    page.fill("[name=name]", "rita")
    page.fill("[name=password]", "not her password")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[role=alert]")
    assert "账号或密码不对" in page.inner_text("[role=alert]")
    assert page.input_value("[name=name]") == "rita"
    sign_in(page, own_gate, "rita")
    assert page.inner_text(".account-name") == "rita"
    ask(page)
    assert "二十元" in page.inner_text("#live .answer")


def test_a_reader_is_shown_no_uploads_and_is_refused_one_all_the_same(page: Any, own_gate: Any, tmp_path: Path) -> None:
    sign_in(page, own_gate, "rita")
    assert not page.is_visible("nav [data-view=evaluation]")
    page.click("nav [data-view=library]")
    page.wait_for_selector("table.documents")
    assert not page.is_visible("#drop")
    assert page.locator("[data-do=remove]:visible").count() == 0
    assert page.locator("[data-do=read]:visible").count() > 0
    secret = tmp_path / "偷放.txt"
    secret.write_text("柳河市偷放规定\n\n第一条　不许偷放。\n", encoding="utf-8")
    page.set_input_files("#files", [secret])  # a hidden field is no obstacle to a script
    page.wait_for_selector(".uploads .is-failed")
    assert "编辑" in page.inner_text(".uploads")
    assert all(document.source != "偷放.txt" for document in own_gate.service.workspace.documents())


def test_signing_out_ends_the_session_and_takes_the_conversation_along(page: Any, own_gate: Any) -> None:
    sign_in(page, own_gate, "rita")
    ask(page)
    page.wait_for_load_state("networkidle")
    page.click(".account-out button")
    page.wait_for_selector("[role=status]")
    assert "已退出" in page.inner_text("[role=status]")
    page.goto(own_gate.address + "/")
    page.wait_for_selector("form[action='/sign-in']")
    sign_in(page, own_gate, "ada")
    page.wait_for_selector(".welcome")
    assert page.locator(".turn").count() == 0


def test_a_session_that_ran_out_is_said_and_what_was_typed_is_kept(page: Any, own_gate: Any) -> None:
    sign_in(page, own_gate, "rita")
    ask(page)
    page.wait_for_load_state("networkidle")
    with open_sessions(own_gate.service.workspace.settings.access_folder).writing() as connection:
        connection.execute("UPDATE sessions SET seen_at = seen_at - 100000")
    page.fill("#question", "申请什么时候截止？")
    page.press("#question", "Enter")
    page.wait_for_selector("#session-over[open]")
    assert "登录已过期" in page.inner_text("#session-over")
    page.click("#session-over a")
    page.wait_for_selector("[role=status]")
    assert "登录已过期" in page.inner_text("[role=status]")
    page.fill("[name=name]", "rita")
    page.fill("[name=password]", PASSWORDS["rita"])
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#live .turn")
    assert QUESTION in page.inner_text("#live")
    assert page.input_value("#question") == "申请什么时候截止？"


def test_opening_the_page_after_the_session_ran_out_says_so(page: Any, own_gate: Any) -> None:
    sign_in(page, own_gate, "rita")
    own_gate.service.app.state.access.desk.sessions.end_all("rita")
    page.goto(own_gate.address + "/?clause=abc")
    page.wait_for_selector("form[action='/sign-in']")
    assert "登录已过期" in page.inner_text("[role=status]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_sign_in_account_and_log_are_accessible(chromium: Any, own_gate: Any, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(locale="en-GB", color_scheme=scheme, viewport={"width": width, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(own_gate.address + "/sign-in")
    faults = axe.run(page).response["violations"]
    page.fill("[name=name]", "ada")
    page.fill("[name=password]", "not her password")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("[role=alert]")
    faults += axe.run(page).response["violations"]
    page.fill("[name=password]", PASSWORDS["ada"])
    page.press("[name=password]", "Enter")
    page.wait_for_selector("html[data-ready]")
    for path in ("/account", "/account/audit"):
        page.goto(own_gate.address + path)
        faults += axe.run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert [(fault["id"], [node["html"][:120] for node in fault["nodes"]]) for fault in faults] == []
