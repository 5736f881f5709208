"""What the reranker reads of a clause: its place, and the sentences in which the answer may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.encoder import load_encoder
from index.store import Store
from index.types import Filters
from ingest.pipeline import parse_bytes
from qa.conversation import understand_turn
from qa.excerpt import excerpt
from qa.library import Library, Shelf, View
from qa.wordmatch import groups_of

_FILLING = "全市各有关单位应当按照职责分工抓好落实,定期总结经验,及时报送进展情况,确保各项任务按期完成。"
RULES = f"""云溪市人民政府办公室关于印发云溪市公共停车场建设三年行动计划的通知

第一章 总体要求
第一条 {_FILLING * 4}社会资本新建机械式停车设备的,每个泊位补助六千元。{_FILLING * 3}
第二章 保障措施
第二条 申请补助应当提交下列材料:
(一)营业执照;
(二)竣工验收报告;
第三条 本计划由市城市管理局解释。
第三章 资金安排
第四条 补助资金由市财政安排。
第五条 补助资金每年十月拨付。
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("parking") / "store", load_encoder(), create=True) as opened:
        opened.ingest(parse_bytes("停车.txt", RULES.encode()), RULES.encode())
        yield opened


@pytest.fixture(scope="module")
def shelf(store: Store) -> Shelf:
    return Library(store).shelf()


def read(store: Store, shelf: Shelf, question: str, label: str) -> str:
    asked = understand_turn(question, (), store, shelf, Filters())
    return excerpt(_clause(shelf, label), asked, groups_of(asked, shelf), shelf)


def _clause(shelf: Shelf, label: str) -> View:
    (document,) = shelf.titles.documents.values()
    clause = next(c for c in shelf.document(document.doc_id).clauses if c.label == label)
    return shelf.view(clause, document)


def test_sentence_in_the_middle_of_a_long_clause_is_read(store: Store, shelf: Shelf) -> None:
    text = read(store, shelf, "建机械车位一个补多少钱", "第一条")
    assert "每个泊位补助六千元" in text
    assert len(text) < 260
    assert "…" in text


def test_short_clause_is_read_whole_with_its_chapter_and_not_its_label_twice(store: Store, shelf: Shelf) -> None:
    text = read(store, shelf, "谁来解释", "第三条")
    assert text.endswith("第三条 本计划由市城市管理局解释。")
    assert "第二章" in text
    assert text.count("第三条") == 1


def test_list_is_read_with_the_beginning_of_its_items(store: Store, shelf: Shelf) -> None:
    assert "竣工验收报告" in read(store, shelf, "申请补助要哪些材料", "第二条")


def test_heading_is_read_with_the_beginning_of_what_stands_below_it(store: Store, shelf: Shelf) -> None:
    text = read(store, shelf, "补助的钱从哪里来", "第三章")
    assert "由市财政安排" in text
    assert "每年十月拨付" in text


def test_title_says_what_it_is_about_before_who_issued_it(store: Store, shelf: Shelf) -> None:
    assert read(store, shelf, "谁来解释", "第三条").startswith("云溪市公共停车场建设")
