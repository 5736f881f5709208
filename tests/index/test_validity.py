"""A text's status follows what the other texts in the store say about it, and goes back when they go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.store import Store
from index.types import Filters
from ingest.model import PolicyDocument, Status
from ingest.pipeline import parse_bytes
from tests.index.conftest import TermEncoder

OLD = """云溪市渔港管理办法

云渔规〔2019〕3号

第一条　为了管理渔港，制定本办法。

第二条　渔港由渔业局管理。

第三条　本办法自2019年7月1日起施行，有效期10年。
"""
NEW = """云溪市渔港管理条例

第一条　为了管理渔港，制定本条例。

第二条　渔港由县（区）人民政府管理。

第三条　本条例自2026年3月1日起施行。《云溪市渔港管理办法》（云渔规〔2019〕3号）同时废止。
"""
DECISION = """云溪市渔业局关于修改《云溪市渔船检验办法》的决定

一、将第二条修改为：“渔船每年检验一次。”

本决定自2026年5月1日起施行。
"""
AMENDED = """云溪市渔船检验办法

第一条　为了检验渔船，制定本办法。

第二条　渔船每两年检验一次。

第三条　本办法自2020年1月1日起施行。
"""
INCLUDED = AMENDED.replace(
    "云溪市渔船检验办法\n",
    "云溪市渔船检验办法\n\n（2019年12月1日公布　根据2026年4月20日《关于修改〈云溪市渔船检验办法〉的决定》修正）\n",
    1,
)
GUIDES = tuple(
    f"云溪市{year}年度渔船更新补贴申报指南\n\n一、支持对象\n\n渔民。\n\n二、其他\n\n本指南自{year}年3月1日起施行。\n"
    for year in (2025, 2026)
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store", TermEncoder(), create=True) as opened:
        yield opened


def put(store: Store, name: str, text: str) -> None:
    store.ingest(parse_bytes(name, text.encode()), text.encode())


def one(store: Store, title: str) -> PolicyDocument:
    return next(document for document in store.documents() if document.title == title)


@pytest.mark.parametrize("first", ["old", "new"])
def test_a_text_that_a_later_one_repeals_is_repealed_whichever_comes_first(store: Store, first: str) -> None:
    files = [("old.txt", OLD), ("new.txt", NEW)]
    for name, text in files if first == "old" else reversed(files):
        put(store, name, text)
    old = one(store, "云溪市渔港管理办法")
    assert old.status is Status.REPEALED
    assert old.expires_on == date(2026, 2, 28)
    assert one(store, "云溪市渔港管理条例").status is Status.IN_FORCE


def test_a_repealed_text_bound_until_the_day_before(store: Store) -> None:
    put(store, "old.txt", OLD)
    put(store, "new.txt", NEW)
    assert "云溪市渔港管理办法" in {d.title for d in store.documents(Filters(as_of=date(2026, 2, 28)))}
    assert "云溪市渔港管理办法" not in {d.title for d in store.documents(Filters(as_of=date(2026, 3, 1)))}


def test_a_text_is_in_force_again_when_the_one_that_repealed_it_goes(store: Store) -> None:
    put(store, "old.txt", OLD)
    put(store, "new.txt", NEW)
    store.remove("new.txt")
    old = one(store, "云溪市渔港管理办法")
    assert old.status is Status.IN_FORCE
    assert old.expires_on == date(2029, 6, 30)


def test_clauses_tell_the_status_too(store: Store) -> None:
    put(store, "old.txt", OLD)
    put(store, "new.txt", NEW)
    old = store.document(one(store, "云溪市渔港管理办法").doc_id)
    assert old.status is Status.REPEALED
    assert store.document_of(old.clauses[-1].clause_id).status is Status.REPEALED
    found = [hit.document for hit in store.search("渔港管理").hits if hit.document.doc_id == old.doc_id]
    assert [(hit.status, hit.expires_on) for hit in found] == [(old.status, old.expires_on)] * len(found) != []


def test_a_decision_that_amends_a_text_makes_it_amended(store: Store) -> None:
    put(store, "text.txt", AMENDED)
    put(store, "decision.txt", DECISION)
    assert one(store, "云溪市渔船检验办法").status is Status.AMENDED
    decision = next(d for d in store.documents() if "关于修改" in d.title)
    assert decision.status is Status.IN_FORCE


def test_a_text_that_includes_the_amendment_is_not_called_amended(store: Store) -> None:
    put(store, "text.txt", INCLUDED)
    put(store, "decision.txt", DECISION)
    assert one(store, "云溪市渔船检验办法").status is Status.IN_FORCE


def test_a_later_edition_takes_the_place_of_the_earlier(store: Store) -> None:
    for year, text in enumerate(GUIDES, start=2025):
        put(store, f"{year}.txt", text)
    assert one(store, "云溪市2025年度渔船更新补贴申报指南").status is Status.SUPERSEDED
    assert one(store, "云溪市2026年度渔船更新补贴申报指南").status is Status.IN_FORCE


def test_an_older_text_does_not_repeal_a_newer_one_of_the_same_name(store: Store) -> None:
    put(store, "old.txt", OLD.replace("2019年7月1日", "2026年6月1日"))
    put(store, "new.txt", NEW)
    assert one(store, "云溪市渔港管理办法").status is Status.IN_FORCE
