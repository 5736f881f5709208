"""Clauses made ready before anybody asks: the same answers, and nothing left to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import ingest_paths
from index.store import Store
from qa import views
from qa.assistant import Assistant
from qa.library import Library

QUESTIONS = ("申请材料有哪些", "擅自销毁怎么罚", "多少个工作日内作出决定?", "What is the subsidy?")
TEXT = """云溪市渔船管理办法

第一章 总则
第一条 申请补贴应当提交下列材料:
(一)营业执照;
(二)购置发票。
第二章 罚则
第二条 违反本办法第一条规定的,处二千元以上五千元以下罚款。
第三条 主管部门应当自受理之日起十个工作日内作出决定。
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    opened = Store.open(tmp_path / "store", create=True)
    ingest_paths(opened, [tmp_path / "in"])
    return opened


def test_answers_are_the_same_with_clauses_made_ready_beforehand(store: Store) -> None:
    asked, ready = Assistant(store), Assistant(store)
    ready.warm_up()
    for question in QUESTIONS:
        first, second = asked.ask(question), ready.ask(question)
        assert (first.text, first.retrieved, first.notices) == (second.text, second.retrieved, second.notices)


def test_a_place_is_looked_for_under_headings_without_reading_documents_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Library(store).shelf()
    shelf.make_ready()
    (document,) = store.documents()
    monkeypatch.setattr(type(shelf), "document", lambda _, doc_id: pytest.fail(f"{doc_id} was read"))
    assert shelf.under_headings(document.doc_id, ["云溪市"]) == []
    found = shelf.under_headings(document.doc_id, ["第二章"])
    assert [clause.label for clause in found] == ["第二章", "第二条", "第三条"]


def test_nothing_is_made_ready_where_not_everything_can_be_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_MOST_VIEWS", 3)
    monkeypatch.setattr(store, "document", lambda doc_id: pytest.fail(f"{doc_id} was read"))
    Assistant(store).make_ready()
