"""The page in a real Chromium when things go wrong: a slow answer, a broken connection, hostile and oversized files."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from index.types import Filters
from qa.assistant import Assistant
from qa.reply import Reply
from ui.chromium import ask, open_page
from ui.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
QUESTION = "骑行满一百公里补贴多少钱？"
DROP = """(files) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name, { type: "text/plain" }));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.getElementById("drop").dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""


class Hesitant(Assistant):
    """An assistant that thinks until it is told to go on."""

    go_on = threading.Event()

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008
    ) -> Iterator[str | Reply]:
        self.go_on.wait(30)
        yield from super().stream(question, history, filters)


@pytest.fixture
def hesitant(service: Any) -> Iterator[threading.Event]:
    """Makes the served assistant wait; the event lets it go on."""
    library: Workspace = service.workspace
    usual = library.assistant
    Hesitant.go_on.clear()
    library.assistant = Hesitant(library.store, library.settings)
    yield Hesitant.go_on
    Hesitant.go_on.set()
    library.assistant = usual


def test_an_answer_can_be_stopped_and_never_comes_late(page: Any, hesitant: threading.Event) -> None:
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    assert QUESTION in page.inner_text("#pending")
    page.click('.composer [data-do="stop"]')
    page.wait_for_function("document.querySelector('#live')?.innerText.includes('已停止')")
    assert page.locator('.composer [data-do="stop"]').is_hidden()
    hesitant.set()
    page.wait_for_timeout(1500)
    assert "已停止" in page.inner_text("#live")
    assert "十元" not in page.inner_text("#live")
    page.click('#live [data-do="retry"]')
    page.wait_for_selector("#live .turn[data-kind]")
    assert "十元" in page.inner_text("#live .answer")
    assert page.locator(".turn").count() == 1


def test_a_broken_connection_is_told_in_the_readers_language_and_loses_nothing(chromium: Any, service: Any) -> None:
    context = chromium.new_context(locale="zh-CN")
    context.set_default_timeout(60_000)
    page = context.new_page()
    open_page(page, service.address)
    ask(page, QUESTION)
    context.set_offline(True)
    page.fill("#question", "骑行补贴什么时候申请？")
    page.press("#question", "Enter")
    page.wait_for_function("!document.getElementById('notice').hidden")
    assert "连接断开" in page.inner_text("#notice")
    assert page.input_value("#question") == "骑行补贴什么时候申请？"
    assert QUESTION in page.inner_text("#live")
    assert page.locator(".toast-body").is_hidden()
    context.set_offline(False)
    page.wait_for_timeout(3000)
    ask(page, "骑行补贴什么时候申请？")
    assert page.locator("#notice").is_hidden()
    assert page.locator(".turn").count() == 2
    context.close()


def test_an_upload_that_breaks_off_is_told_and_the_library_is_as_it_was(page: Any, tmp_path: Path) -> None:
    file = tmp_path / "灯.txt"
    file.write_text("柳河市灯会规定\n\n第一条　灯会每年举办。\n", encoding="utf-8")
    page.click("nav [data-view=library]")
    page.wait_for_selector("table.documents")
    before = page.locator("table.documents tr").count()
    page.route("**/api/documents*", lambda route: route.abort("connectionreset"))
    page.set_input_files("#files", file)
    page.wait_for_selector(".uploads .is-failed")
    assert "上传中断" in page.inner_text(".uploads")
    page.unroute("**/api/documents*")
    assert page.locator("table.documents tr").count() == before


def test_files_dropped_anywhere_on_the_page_are_read(page: Any) -> None:
    page.evaluate(DROP, [["秋千.txt", "柳河市秋千安全规定\n\n第一条　秋千每周检查一次。\n"], ["空.txt", ""]])
    page.wait_for_selector(".uploads .is-done")
    page.wait_for_selector(".uploads .is-failed")
    assert page.evaluate("document.documentElement.dataset.view") == "library"
    assert "1 份文件" in page.inner_text(".uploads .is-done")
    assert (
        page.inner_text(".uploads .is-failed .upload-state") == "没能完成：文件是空的。请检查它是否复制完整，再试一次。"
    )
    page.locator("table.documents tr", has_text="秋千安全规定").locator("[data-do=remove]").click()
    page.click('#confirm [data-do="confirm"]')
    page.locator(".row-title", has_text="秋千安全规定").wait_for(state="detached")


def test_hostile_names_and_titles_of_uploads_are_shown_as_text(page: Any) -> None:
    name = '<img src=x onerror="window.hit=1">![a](http:outside.example).txt'
    title = "柳河市停泊管理规定<script>window.hit=2</script>"
    text = f"{title}\n\n第一条　**船只**应当[停靠](javascript:window.hit=3)码头。<b>x</b>\n"
    page.evaluate(DROP, [[name, text]])
    page.wait_for_selector(".uploads .is-done")
    assert "<img src=x" in page.inner_text(".uploads .upload-name")
    page.locator("table.documents tr", has_text="停泊管理规定").wait_for()
    page.click(".files summary")
    row = page.locator("table.stored-files tr", has_text="outside.example")
    row.locator("[data-do=remove]").click()
    assert "onerror" in page.inner_text("#confirm")
    page.click('#confirm [data-do="confirm"]')
    row.wait_for(state="detached")
    assert "onerror" in page.inner_text("#library-said")


def test_a_hundred_megabytes_are_refused_before_they_travel_with_a_clear_reason(service: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", "/api/documents")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", "100000000")
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "MB" in json.loads(answer.read())["error"]["message"]
    connection.close()
