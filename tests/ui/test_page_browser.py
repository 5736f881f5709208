"""The page in a real Chromium: what a reader does with it, and what it must never do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ui.chromium import ask
from ui.workspace import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
QUESTION = "骑行满一百公里补贴多少钱？"


def test_ask_cite_open_and_read_in_context(page: Any) -> None:
    ask(page, QUESTION)
    assert "十元" in page.inner_text("#live .answer")
    page.click("#live .cite-mark")
    card = page.locator("#evidence .card.is-open")
    assert "柳河市绿色出行补贴办法" in card.inner_text()
    assert "十元" in "".join(card.locator("mark").all_inner_texts())
    card.get_by_role("button", name="在原文中查看").click()
    page.wait_for_selector("dialog.reader[open]")
    chosen = page.locator("dialog.reader .reader-clause.chosen")
    assert "十元" in "".join(chosen.locator("mark").all_inner_texts())
    assert chosen.locator("mark").first.is_visible()
    assert re.search(r"\?clause=[\w.]+", page.url)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.reader[open]", state="detached")
    page.wait_for_function("!location.search.includes('clause=')")


def test_head_and_evidence_stay_in_sight_in_a_long_conversation(page: Any) -> None:
    for question in (
        QUESTION,
        "什么时候申请骑行补贴？",
        "骑行补贴办法从什么时候起施行？",
        "骑行满五百公里补贴多少钱？",
    ):
        ask(page, question)
    page.set_viewport_size({"width": 1360, "height": 500})
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(200)
    assert page.evaluate("window.scrollY") > 300
    assert page.locator("#frame").bounding_box()["y"] == 0
    assert page.locator("#evidence").bounding_box()["y"] < 100
    assert page.locator("#question").bounding_box()["y"] < 500


def test_hovering_a_marker_shows_its_card(page: Any) -> None:
    ask(page, QUESTION)
    page.hover("#live .cite-mark")
    assert page.locator("#evidence .card.is-open").count() == 1


def test_a_link_to_a_clause_opens_the_reader_there(page: Any, service: Any) -> None:
    guide = next(d for d in service.workspace.documents() if d.number == "柳交发〔2030〕9号")
    clause = next(c for c in service.workspace.document(guide.doc_id).clauses if c.label == "第三条")
    page.goto(f"{service.address}/?clause={clause.clause_id}")
    page.wait_for_selector("dialog.reader[open]")
    assert "逾期不予受理" in page.inner_text("dialog.reader .chosen")


def test_the_keyboard_is_enough(page: Any) -> None:
    page.focus("#question")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_selector("#live .turn[data-kind]")
    page.focus("#live .cite-mark")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('card')")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.classList.contains('cite-mark')")


def test_enter_that_ends_a_pinyin_composition_does_not_ask(page: Any) -> None:
    page.fill("#question", "骑行")
    page.evaluate(
        "document.getElementById('question').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.input_value("#question") == "骑行"
    assert page.locator("#live .turn").count() == 0


def test_the_conversation_is_there_again_after_a_reload(page: Any) -> None:
    ask(page, QUESTION)
    ask(page, "什么时候申请？")
    page.wait_for_load_state("networkidle")  # reloading within a stream makes Gradio report the stream's end
    page.reload()
    page.wait_for_selector("#thread .turn")
    assert QUESTION in page.inner_text("#thread")
    assert "什么时候申请" in page.inner_text("#live")
    page.click('.composer [data-do="new"]')
    page.wait_for_selector(".welcome")
    page.wait_for_load_state("networkidle")
    page.reload()
    page.wait_for_selector(".welcome")
    assert page.locator(".turn").count() == 0


def test_an_example_question_gets_an_answer(page: Any) -> None:
    page.locator(".example").first.click()
    page.wait_for_selector('#live .turn[data-kind="answer"]')
    assert page.locator("#live .cite-mark").count() >= 1


def test_edit_and_retry_keep_one_turn(page: Any) -> None:
    ask(page, QUESTION)
    page.click('#live [data-do="edit"]')
    assert page.input_value("#question") == QUESTION
    page.fill("#question", "")
    first = page.get_attribute("#live .turn", "data-turn")
    page.click('#live [data-do="retry"]')
    page.wait_for_function(
        "first => document.querySelector('#live .turn[data-kind]')?.dataset.turn !== first", arg=first
    )
    page.wait_for_selector("#live .turn[data-kind]")
    assert page.locator("#thread .turn").count() == 0


def test_copying_gives_the_official_citation(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.locator("#live .actions [data-do=copy]").nth(1).click()
    assert re.match(
        r"《柳河市绿色出行补贴办法》（柳交发〔203\d〕\d号）第二条", page.evaluate("navigator.clipboard.readText()")
    )


def test_thumbs_and_a_wrong_citation_land_in_the_store(page: Any, service: Any) -> None:
    before = len(service.workspace.store.feedback())
    ask(page, QUESTION)
    page.click('#live [data-do="up"]')
    page.click("#live .cite-mark")
    page.click("#evidence .card.is-open [data-do=report]")
    page.fill("#report-note", "应为第三条")
    page.click('#report [data-do="send-report"]')
    for _ in range(100):
        if len(service.workspace.store.feedback()) == before + 2:
            break
        page.wait_for_timeout(100)
    thumb, wrong = service.workspace.store.feedback()[before:]
    assert thumb.helpful
    assert not wrong.helpful
    assert "应为第三条" in wrong.comment


def test_filters_limit_what_is_searched(page: Any, service: Any) -> None:
    page.click('.composer [data-do="filters"]')
    page.locator(".filter-documents label", has_text="window.hit").click()
    page.click('.filters [data-do="filters"]')
    assert "1" in page.inner_text("#filter-said")
    ask(page, QUESTION)
    sources = page.locator("#live .source-title").all_inner_texts()
    assert all("绿色出行" not in title for title in sources)


def test_html_and_markdown_in_a_question_are_shown_and_never_run(page: Any) -> None:
    attack = '<img src=x onerror="window.hit=1"> ![a](http://outside.example/a.png) {{value}} ${window.hit=2} 停车罚款'
    ask(page, attack)
    assert page.inner_text("#live .asked").endswith(attack)


def test_a_hostile_document_is_read_as_text(page: Any) -> None:
    page.click("nav [data-view=library]")
    page.locator(".row-title", has_text="停车管理规定").click()
    page.wait_for_selector("dialog.reader[open]")
    text = page.inner_text("dialog.reader .reader-text")
    assert "<script>window.hit=5</script>" in text
    assert "{{value}} ${window.hit=4}" in text
    assert page.locator("dialog.reader .reader-text img").count() == 0


def test_a_question_that_is_too_long_stays_in_the_box_with_a_reason(page: Any) -> None:
    page.fill("#question", "问" * 20_000)
    page.press("#question", "Enter")
    assert "20000" in page.inner_text("#question-said")
    assert len(page.input_value("#question")) == 20_000
    assert page.locator("#live .turn").count() == 0


def test_upload_reports_each_file_and_the_text_can_be_asked_at_once(page: Any, tmp_path: Path) -> None:
    good, empty, large = tmp_path / "照明.txt", tmp_path / "空.txt", tmp_path / "大.txt"
    good.write_text("柳河市夜间照明规定\n\n第一条　路灯应当在日落后十分钟内开启。\n", encoding="utf-8")
    empty.write_bytes(b"")
    large.write_bytes(b"x" * 1_200_000)
    page.click("nav [data-view=library]")
    page.set_input_files("#files", [good, empty, large])
    page.wait_for_selector(".uploads .is-done")
    page.wait_for_function("document.querySelectorAll('.uploads .is-failed').length === 2")
    assert "1.2 MB" in page.inner_text(".uploads")
    page.locator(".row-title", has_text="柳河市夜间照明规定").wait_for()
    page.click("nav [data-view=ask]")
    ask(page, "夜间照明规定对路灯有什么要求？")
    assert "日落后十分钟" in page.inner_text("#live .answer")
    page.click("nav [data-view=library]")
    page.locator("table.documents tr", has_text="柳河市夜间照明规定").locator("[data-do=remove]").click()
    page.click('#confirm [data-do="confirm"]')
    page.locator(".row-title", has_text="柳河市夜间照明规定").wait_for(state="detached")


def test_two_versions_stand_side_by_side_with_their_differences(page: Any) -> None:
    page.click("nav [data-view=library]")
    page.locator(".pairs button").first.click()
    page.wait_for_selector(".compared")
    assert "二" in page.locator(".compared del").all_inner_texts()
    assert "三" in page.locator(".compared ins").all_inner_texts()


def test_the_page_of_a_pdf_is_shown_with_the_clause(page: Any, service: Any) -> None:
    library: Workspace = service.workspace
    document = next(d for d in library.documents() if d.source.endswith(".pdf"))
    clause = next(c for c in library.document(document.doc_id).clauses if c.pages and c.path)
    page.goto(f"{service.address}/?clause={clause.clause_id}")
    page.wait_for_selector("dialog.reader[open]")
    page.click('[data-do="reader-page"]')
    page.wait_for_function("document.querySelector('.reader-page img').naturalWidth > 300")


def test_the_language_switches_and_stays(page: Any) -> None:
    ask(page, QUESTION)
    page.wait_for_load_state("networkidle")
    page.click('[data-do="language"]')
    page.wait_for_selector('html[lang="en"][data-ready]')
    assert page.inner_text("nav [data-view=library]") == "Library"
    page.wait_for_selector("#live .turn")
    assert QUESTION in page.inner_text("#live")
    page.goto(page.url.replace("/en/", "/"))
    page.wait_for_selector('html[lang="en"][data-ready]')


def test_dark_is_kept(page: Any) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click('[data-do="theme"]')
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_on_a_phone_nothing_is_cut_off_and_evidence_comes_from_below(phone: Any) -> None:
    ask(phone, QUESTION)
    for view in ("ask", "library", "evaluation", "status"):
        phone.click(f"nav [data-view={view}]")
        phone.wait_for_timeout(300)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, view
    phone.click("nav [data-view=ask]")
    phone.tap("#live .cite-mark")
    phone.wait_for_selector("#evidence.is-shown")
    box = phone.locator("#evidence").bounding_box()
    assert box["y"] > 100
    assert box["width"] <= 390


def test_on_a_phone_the_outline_opens_over_the_text_and_leads_to_a_clause(phone: Any) -> None:
    ask(phone, QUESTION)
    phone.tap("#live .cite-mark")
    phone.tap(".card.is-open [data-do=read]")
    phone.wait_for_selector("dialog.reader[open]")
    assert phone.locator(".reader-outline").is_hidden()
    phone.tap('[data-do="outline"]')
    phone.locator(".reader-outline a", has_text="第四条").tap()
    assert phone.locator(".reader-outline").is_hidden()
    assert "第四条" in phone.evaluate("document.activeElement.innerText")


def test_an_edited_question_replaces_the_last_one(page: Any) -> None:
    ask(page, QUESTION)
    page.click('#live [data-do="edit"]')
    assert "取代" in page.inner_text("#question-said")
    ask(page, "骑行满五百公里补贴多少钱？")
    assert page.locator(".turn").count() == 1
    page.click('#live [data-do="edit"]')
    page.fill("#question", "")
    ask(page, "骑行补贴什么时候申请？")
    assert page.locator(".turn").count() == 2


def test_what_a_clause_looks_like_on_its_page_is_shown_beside_the_answer(page: Any) -> None:
    ask(page, "《云溪市中小企业数字化转型行动计划》的主要指标有哪些？")
    excerpt = page.locator("#evidence .excerpt").first
    assert excerpt.locator("img[src]").count() == 0
    excerpt.locator("summary").click()
    page.wait_for_function("document.querySelector('#evidence .excerpt[open] img').naturalWidth > 300")


def test_a_file_is_read_again_replaced_and_told_of(page: Any, tmp_path: Path) -> None:
    old, new = tmp_path / "绿道.txt", tmp_path / "绿道新.txt"
    old.write_text("柳河市绿道养护规定\n\n第一条　绿道每月巡查一次。\n", encoding="utf-8")
    new.write_text("柳河市绿道养护规定\n\n第一条　绿道每周巡查一次。\n", encoding="utf-8")
    page.click("nav [data-view=library]")
    page.set_input_files("#files", old)
    page.wait_for_selector(".uploads .is-done")
    page.click(".files summary")
    row = page.locator("table.stored-files tr", has_text="绿道.txt")
    row.locator('[data-do="reread"]').click()
    page.wait_for_function("document.querySelector('#library-said').innerText.includes('已重新读入')")
    with page.expect_file_chooser() as chooser:
        row.locator('[data-do="replace"]').click()
    chooser.value.set_files(new)
    page.wait_for_function("document.querySelectorAll('.uploads .is-done').length === 2")
    page.locator("table.stored-files tr", has_text="绿道新.txt").wait_for()
    assert page.locator("table.stored-files tr", has_text="绿道.txt").count() == 0
    page.locator("table.stored-files tr", has_text="绿道新.txt").locator('[data-do="remove"]').click()
    page.click('#confirm [data-do="confirm"]')
    page.locator("table.stored-files tr", has_text="绿道新.txt").wait_for(state="detached")


def test_question_asked_before_the_conversation_is_drawn_is_answered(page: Any) -> None:
    page.reload(wait_until="commit")
    page.wait_for_selector("#question")
    page.fill("#question", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#live .turn[data-kind]")
    assert "十元" in page.inner_text("#live .answer")
