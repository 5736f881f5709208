from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from qa.wire import reply_json
from ui.panels.compare import compare_frame, compare_html
from ui.panels.composer import composer, filter_panel, welcome
from ui.panels.evidence import citation_cards
from ui.panels.library import library_frame, library_html
from ui.panels.reader import document_html, reader_html
from ui.panels.status import status_html
from ui.panels.thread import failed_html, running_html, turn_html
from ui.turns import new_turn
from ui.words import Words
from ui.workspace import Workspace

ZH = Words("zh")
ATTACK = '<script>window.hit=1</script><img src=x onerror="window.hit=2">'


def soup(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def turn_on(workspace: Workspace, question: str) -> dict[str, object]:
    return new_turn(reply_json(workspace.ask(question)), took_ms=5)


def hostile_id(workspace: Workspace) -> str:
    return next(d.doc_id for d in workspace.documents() if "停车" in d.title)


PANELS: dict[str, Callable[[Workspace], str]] = {
    "welcome": lambda w: welcome(w, ZH),
    "composer": lambda w: composer(w, ZH),
    "filters": lambda w: filter_panel(w, ZH),
    "library frame": lambda w: library_frame(w, ZH),
    "library": lambda w: library_html(w, {}, ZH),
    "compare frame": lambda w: compare_frame(w, ZH),
    "compare": lambda w: compare_html(w, hostile_id(w), w.documents()[0].doc_id, ZH),
    "reader": lambda w: document_html(w, hostile_id(w), ZH),
    "reader of a bad link": lambda w: reader_html(w, ATTACK, (), ZH),
    "status": lambda w: status_html(w, ZH),
    "turn": lambda w: turn_html(w, turn_on(w, "违规停放罚多少？" + ATTACK), ZH, last=True),
    "cards": lambda w: citation_cards(w, turn_on(w, "车辆应当停放在哪里？"), ZH),
    "running": lambda w: running_html(ATTACK, ZH, ATTACK),
    "failed": lambda w: failed_html(ATTACK, ATTACK, ZH),
}


@pytest.mark.parametrize("name", PANELS)
def test_hostile_titles_texts_and_questions_are_shown_as_text(shared_workspace: Workspace, name: str) -> None:
    page = soup(PANELS[name](shared_workspace))
    assert page.find(["script", "iframe", "object", "embed"]) is None
    assert page.find("img", src=True) is None
    for tag in page.find_all(True):
        assert not [attribute for attribute in tag.attrs if attribute.startswith("on")], tag
        assert not str(tag.get("href", "")).lower().startswith(("javascript:", "http"))


@pytest.mark.parametrize("name", ["library", "reader", "filters", "turn"])
def test_the_attack_itself_stays_readable(shared_workspace: Workspace, name: str) -> None:
    assert "<script>window.hit" in soup(PANELS[name](shared_workspace)).get_text()


def test_a_card_marks_the_quoted_words_and_says_where_they_stand(shared_workspace: Workspace) -> None:
    turn = turn_on(shared_workspace, "骑行满一百公里补贴多少？")
    card = soup(citation_cards(shared_workspace, turn, ZH)).find(class_="card")
    assert card is not None
    text = card.get_text()
    assert "柳河市绿色出行补贴办法" in text
    assert "柳交发〔203" in text
    assert any("十元" in mark.get_text() for mark in card.find_all("mark"))


def test_a_turn_offers_its_answer_with_official_citations_for_copying(shared_workspace: Workspace) -> None:
    turn = turn_on(shared_workspace, "骑行满一百公里补贴多少？")
    copies = [b["data-copy"] for b in soup(turn_html(shared_workspace, turn, ZH)).find_all(attrs={"data-copy": True})]
    cited = re.compile(r"《柳河市绿色出行补贴办法》（柳交发〔203\d〕\d号）第二条")
    assert any(cited.search(str(copy)) for copy in copies)


def test_a_removed_documents_citation_still_shows_the_words(workspace: Workspace) -> None:
    turn = turn_on(workspace, "骑行满一百公里补贴多少？")
    workspace.store.remove("绿色出行.txt")
    card = soup(citation_cards(workspace, turn, ZH)).find(class_="card")
    assert card is not None
    assert "已不在库中" in card.get_text()
    assert "二十元" in card.get_text()


def test_the_reader_opens_at_the_clause_with_outline_and_marks(shared_workspace: Workspace) -> None:
    turn = turn_on(shared_workspace, "骑行满一百公里补贴多少？")
    citation = turn["citations"][0]  # type: ignore[index]
    marks = [(start, end) for start, end in citation["spans"]]
    page = soup(reader_html(shared_workspace, citation["clause_id"], marks, ZH))
    chosen = page.find(class_="chosen")
    assert chosen is not None
    assert chosen["data-clause"] == citation["clause_id"]
    assert chosen.find("mark") is not None
    current = page.find("a", attrs={"aria-current": "location"})
    assert current is not None
    assert "第二条" in current.get_text()


def test_a_link_to_an_unknown_clause_says_so(shared_workspace: Workspace) -> None:
    assert "不在库中" in soup(reader_html(shared_workspace, "gone.gone", (), ZH)).get_text()


def test_the_library_is_searched_by_title_number_and_issuer(shared_workspace: Workspace) -> None:
    found = soup(library_html(shared_workspace, {"query": "柳交发〔2033〕"}, ZH))
    rows = found.select("table.documents tbody tr")
    assert len(rows) == 1
    assert "没有符合条件" in soup(library_html(shared_workspace, {"query": "不存在"}, ZH)).get_text()


def test_an_empty_library_says_what_to_do(tmp_path_factory: pytest.TempPathFactory, workspace: Workspace) -> None:
    for file in workspace.store.files():
        workspace.store.remove(file.name)
    assert "拖入" in soup(welcome(workspace, ZH)).get_text()


def test_every_control_has_a_name(shared_workspace: Workspace) -> None:
    for make in PANELS.values():
        for button in soup(make(shared_workspace)).find_all("button"):
            assert button.find(string=True) or button.get("aria-label"), button
