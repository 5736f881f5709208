"""Filters and the evaluation in a real Chromium: what is limited stays limited, and a run shows what it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ingest.pipeline import parse_bytes
from tests.ui.conftest import SAMPLES, Service, make_workspace, watched
from ui.chromium import ask

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
QUESTION = "骑行满一百公里补贴多少钱？"


def open_filters(page: Any) -> None:
    page.click('.composer [data-do="filters"]')
    page.wait_for_selector("#filters:not([hidden])")


def test_an_as_of_day_brings_the_text_that_was_in_force_then(page: Any) -> None:
    open_filters(page)
    page.fill('[data-filter="as_of"]', "2031-06-01")
    page.click('.filters [data-do="filters"]')
    ask(page, QUESTION)
    assert "补贴二十元" in page.inner_text("#live .answer")
    open_filters(page)
    page.fill('[data-filter="as_of"]', "2034-06-01")
    page.click('.filters [data-do="filters"]')
    ask(page, QUESTION + "？")
    assert "补贴三十元" in page.inner_text("#live .answer")


@pytest.mark.parametrize(("group", "field"), [("kinds", "kind"), ("regions", "region"), ("issuers", "issuers")])
def test_a_value_that_documents_have_limits_the_sources_to_them(
    page: Any, service: Any, group: str, field: str
) -> None:
    open_filters(page)
    boxes = page.locator(f'#filters input[data-filter="{group}"]')
    assert boxes.count() > 0
    value = boxes.first.get_attribute("value")
    boxes.first.check()
    page.click('.filters [data-do="filters"]')
    ask(page, QUESTION)

    def has(document: Any) -> bool:
        held = getattr(document, field)
        return value in held if field == "issuers" else str(getattr(held, "value", held)) == value

    allowed = [document.title for document in service.workspace.documents() if has(document)]
    assert 0 < len(allowed) < len(service.workspace.documents())
    shown = page.locator("#live .source-title").all_inner_texts()
    assert all(any(title.strip("《》") in allowed_title for allowed_title in allowed) for title in shown)
    page.click('.composer [data-do="filters"]')
    page.click('[data-do="clear-filters"]')
    assert not boxes.first.is_checked()


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The application with every sample in its library, which the samples' questions ask about."""
    workspace = make_workspace(tmp_path_factory.mktemp("sampled"), {})
    files = [file for file in sorted(SAMPLES.iterdir()) if file.is_file() and file.name != "README.md"]
    workspace.store.ingest_many([(parse_bytes(file.name, file.read_bytes()), file.read_bytes()) for file in files])
    running = Service(workspace)
    running.start()
    yield running
    running.stop()


def test_a_question_set_run_from_the_page_shows_figures_failures_and_what_changed(
    chromium: Any, sampled: Service
) -> None:
    with watched(chromium, sampled.address, viewport={"width": 1360, "height": 900}) as page:
        page.click("nav [data-view=evaluation]")
        page.select_option("#evaluation-form [name=set]", "samples")
        page.click("#evaluation-form [type=submit]")
        page.wait_for_selector(".eval-result .figures dd")
        assert page.locator(".eval-plots svg").count() >= 2
        failed = page.locator(".eval-result details.trace")
        failed.first.locator("summary").click()
        assert failed.first.locator("dl").inner_text().strip()
        assert page.locator(".eval-result > .hint").count() == 1  # nothing to compare with yet
        page.click("#evaluation-form [type=submit]")
        page.wait_for_selector(".eval-result:not(:has(> .hint)) .eval-part p")
