"""Pictures of the page in light, dark, English and on a phone: ``python -m ui.screenshots --store DIR --out DIR``.

Serves the store, the samples for preference, on a free port of this machine and drives it with a headless Chromium.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from ui.chromium import PATIENCE_MS, NoChromiumError, ask, chromium, open_page, served

_SETTLE_MS: Final = 500


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking at the page."""

    name: str
    width: int
    height: int
    scheme: str = "light"
    phone: bool = False
    locale: str = "zh-CN"


LOOKS: Final = (
    Look("light", 1440, 900),
    Look("dark", 1440, 900, "dark"),
    Look("english", 1440, 900, locale="en-GB"),
    Look("phone", 390, 844, phone=True),
)


QUESTIONS: Final = {
    "answer": "轻量化改造项目能补贴多少钱？",
    "list": "公共数据条例的监督与法律责任有哪些？",
    "table": "2025年和2026年的轻量化改造补贴有什么不同？",
    "refusal": "深圳的数字化改造补贴是多少？",
    "pdf": "行动计划的主要指标有哪些？",
}
"""What is asked of the samples, by the state that the answer shows."""

IN_ENGLISH: Final = {
    "answer": "What subsidy can foreign-invested R&D centres get for research equipment?",
    "refusal": "How large is the digital subsidy in Shenzhen?",
}
"""What is asked in English instead; the others show a Chinese question in the English page."""


def take(page: Any, address: str, out: Path, look: Look) -> None:
    """Pictures of the states that a reader passes through."""

    def shoot(state: str) -> None:
        page.wait_for_timeout(_SETTLE_MS)
        page.screenshot(path=out / f"{look.name}-{state}.png")

    open_page(page, address)
    shoot("welcome")
    for state, chinese in QUESTIONS.items():
        question = IN_ENGLISH.get(state, chinese) if look.locale.startswith("en") else chinese
        if page.locator("#live .turn").count():
            page.click('.composer [data-do="new"]')
            page.wait_for_selector(".welcome")
        ask(page, question)
        shoot(state)
        if state in ("answer", "pdf") and page.locator("#live .cite-mark").count():
            _look_closer(page, look, shoot, "evidence" if state == "answer" else "pdf-evidence")
    page.click('.composer [data-do="filters"]')
    shoot("filters")
    page.click('.filters [data-do="filters"]')
    page.click("nav [data-view=library]")
    page.wait_for_selector("table.documents")
    shoot("library")
    if page.locator(".pairs button").count():
        page.locator(".pairs button").first.click()
        page.wait_for_selector(".compared")
        page.locator(".compared").scroll_into_view_if_needed()
        shoot("versions")
    page.click("nav [data-view=evaluation]")
    page.wait_for_selector("#evaluation-frame .view-head")
    shoot("evaluation")
    page.click("nav [data-view=status]")
    page.wait_for_selector("dl.status")
    shoot("status")


def _look_closer(page: Any, look: Look, shoot: Callable[[str], None], state: str) -> None:
    """The evidence of the first marker, then the reader opened from it, then its page where it is a PDF."""
    page.locator("#live .cite-mark").first.click()
    if page.locator(".card.is-open .excerpt").count():
        page.click(".card.is-open .excerpt summary")
        page.wait_for_function("[...document.querySelectorAll('.excerpt[open] img')].every(i => i.naturalWidth)")
    shoot(state)
    page.click(".card.is-open [data-do=read]")
    page.wait_for_selector("dialog.reader[open]")
    shoot(state.replace("evidence", "reader"))
    if page.locator('[data-do="reader-page"]').count():
        page.click('[data-do="reader-page"]')
        page.wait_for_function("document.querySelector('.reader-page img').naturalWidth > 0")
        shoot(state.replace("evidence", "page"))
    page.keyboard.press("Escape")
    if look.phone:
        page.click('[data-do="close-evidence"]')


def main(arguments: list[str] | None = None) -> int:
    """Takes the pictures; 2 where something that is needed is missing."""
    parser = argparse.ArgumentParser(prog="python -m ui.screenshots", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="the store to show")
    parser.add_argument("--out", type=Path, required=True, help="the folder for the pictures")
    given = parser.parse_args(arguments)
    try:
        with chromium() as browser, served(given.store) as address:
            given.out.mkdir(parents=True, exist_ok=True)
            _warm_up(address)
            for look in LOOKS:
                _take_all(browser, address, given.out, look)
    except NoChromiumError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _warm_up(address: str) -> None:
    """Has every question answered once, so that the pictures show the usual milliseconds."""
    for question in QUESTIONS.values():
        body = json.dumps({"question": question}).encode()
        request = Request(f"{address}/api/ask", body, {"Content-Type": "application/json"})  # noqa: S310  our own
        urlopen(request).close()  # noqa: S310


def _take_all(browser: Any, address: str, out: Path, look: Look) -> None:
    context = browser.new_context(
        locale=look.locale,
        viewport={"width": look.width, "height": look.height},
        color_scheme="dark" if look.scheme == "dark" else "light",
        is_mobile=look.phone,
        has_touch=look.phone,
        device_scale_factor=2 if look.phone else 1,
    )
    context.set_default_timeout(PATIENCE_MS)
    take(context.new_page(), address, out, look)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
