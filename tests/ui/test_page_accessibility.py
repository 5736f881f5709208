"""axe-core on every state of the page: no serious violation, in light and in dark."""

from __future__ import annotations

from typing import Any

import pytest

from ui.chromium import open_page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def serious(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_state_of_the_page_has_a_serious_violation(chromium: Any, service: Any, scheme: str, language: str) -> None:
    context = chromium.new_context(locale=language, color_scheme=scheme, viewport={"width": 1360, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_page(page, service.address)
    found = {"welcome": serious(page)}
    page.fill("#question", "骑行满一百公里补贴多少钱？")
    page.press("#question", "Enter")
    page.wait_for_selector("#live .turn[data-kind]")
    found["answer"] = serious(page)
    page.click('.composer [data-do="filters"]')
    found["filters"] = serious(page)
    page.click('.filters [data-do="filters"]')
    page.click("#live .cite-mark")
    page.click(".card.is-open [data-do=read]")
    page.wait_for_selector("dialog.reader[open]")
    found["reader"] = serious(page)
    page.keyboard.press("Escape")
    page.click(".card.is-open [data-do=report]")
    found["report"] = serious(page)
    page.keyboard.press("Escape")
    page.click("nav [data-view=library]")
    page.locator(".pairs button").first.click()
    page.wait_for_selector(".compared")
    found["library"] = serious(page)
    page.click("nav [data-view=evaluation]")
    page.wait_for_selector("#evaluation-frame .view-head")
    found["evaluation"] = serious(page)
    page.click("nav [data-view=status]")
    page.wait_for_selector("dl.status")
    found["status"] = serious(page)
    context.close()
    assert {state: violations for state, violations in found.items() if violations} == {}
