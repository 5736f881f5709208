"""Articles whose items stand between their own paragraphs: quoted in the order of the source, nothing glued."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.evidence import piece_of, whole
from qa.itemised import as_printed, lists_in
from qa.library import Library, Shelf, View
from qa.reply import Answer

KENNELS = """云溪市犬只寄养服务条例

第一章 总则
第一条 为了规范犬只寄养服务,制定本条例。
第二条 市农业农村局负责犬只寄养服务的监督管理。

第二章 寄养
第三条 寄养场所收取押金后,饲养人提前取回犬只的,押金应当全额退还,但是有下列情形之一的除外:
(一)犬只损坏笼舍尚未修复;
(二)饲养人拖欠已经发生的医疗费用;
(三)犬只在寄养期间咬伤他人且赔偿未了。
除前款所列情形外,寄养场所与饲养人书面约定不退还的,从其约定。退还押金的期限为三日。
第四条 办理寄养登记应当提交下列材料:
(一)饲养人身份证件;
(二)犬只免疫证明;
(三)近期健康检查报告。
健康检查报告应当载明体温、体重和传染病筛查结果。
第五条 有下列情形之一,寄养场所需要一次转出犬只十只以上的,应当提前七日告知饲养人,方可转出犬只:
(一)场所拆迁或者停业;
(二)场所消毒设施无法修复。
转出犬只时,应当优先留下下列犬只:
(一)正在接受治疗的犬只;
(二)怀孕或者哺乳的犬只;
(三)饲养人已经续付三个月费用的犬只。
寄养场所六个月内重新接收犬只的,应当通知原饲养人。

第三章 附则
第六条 本条例自2031年7月1日起施行。
"""


@pytest.fixture(scope="module")
def kennels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("kennels") / "store", load_encoder(), create=True) as opened:
        opened.ingest(parse_bytes("寄养.txt", KENNELS.encode()), KENNELS.encode())
        yield opened


@pytest.fixture(scope="module")
def shelf(kennels: Store) -> Shelf:
    return Library(kennels).shelf()


def view_of(shelf: Shelf, label: str) -> View:
    document = shelf.document(next(iter(shelf.titles.documents)))
    return shelf.view(next(clause for clause in document.clauses if clause.label == label), document)


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def ask(store: Store, question: str) -> Answer:
    reply = Assistant(store).ask(question)
    assert isinstance(reply, Answer)
    return reply


def test_list_asked_for_has_its_lead_in_its_items_and_what_follows_them(kennels: Store) -> None:
    reply = ask(kennels, "哪些情形寄养押金不退?")
    assert in_order(reply.text, "但是有下列情形之一的除外", "损坏笼舍", "拖欠", "咬伤", "除前款所列情形外")


def test_items_are_counted_without_the_paragraph_behind_them(kennels: Store) -> None:
    reply = ask(kennels, "办理犬只寄养登记要交哪些材料?")
    assert "第四条共列3项" in reply.text
    assert in_order(reply.text, "身份证件", "免疫证明", "近期健康检查报告", "应当载明体温")


def test_of_two_lists_of_an_article_the_one_asked_for_is_given_under_its_own_lead_in(kennels: Store) -> None:
    reply = ask(kennels, "转出犬只时哪几类犬只要优先留下?")
    assert "第五条共列3项" in reply.text
    assert in_order(reply.text, "应当优先留下下列犬只", "接受治疗", "怀孕", "续付", "六个月内重新接收")
    assert "拆迁" not in reply.text


def test_first_of_two_lists_ends_where_the_second_is_announced(kennels: Store) -> None:
    reply = ask(kennels, "哪些情形下寄养场所可以一次转出十只以上犬只?")
    assert "第五条共列2项" in reply.text
    assert in_order(reply.text, "有下列情形之一", "拆迁", "消毒设施")
    assert "怀孕" not in reply.text


def test_article_asked_by_its_number_comes_in_the_order_of_the_source(kennels: Store) -> None:
    reply = ask(kennels, "犬只寄养服务条例第五条怎么规定的")
    printed = KENNELS[KENNELS.index("第五条") : KENNELS.index("第三章 附则")]
    assert in_order(reply.text, *(line[:20] for line in printed.split("\n") if line))


def test_sentence_behind_the_items_is_not_glued_to_the_sentence_before_them(kennels: Store) -> None:
    for question in ("提前取回犬只押金退不退?", "健康检查报告要载明什么?", "重新接收犬只要通知谁?"):
        text = ask(kennels, question).text
        assert "除外:除前款" not in text
        assert "材料:健康检查报告应当" not in text
        assert "材料: 健康检查报告应当" not in text


def test_article_with_items_between_its_paragraphs_is_quoted_whole_by_one_citation(shelf: Shelf) -> None:
    piece = whole(view_of(shelf, "第三条"), shelf)
    printed = KENNELS[KENNELS.index("第三条") : KENNELS.index("第四条")]
    assert piece.text.split("\n") == printed.strip().split("\n")
    assert "".join(piece.quote.split()) == "".join(printed.split())
    assert list(piece.spans) == sorted(piece.spans)


def test_items_left_out_between_two_sentences_leave_a_mark(shelf: Shelf) -> None:
    view = view_of(shelf, "第四条")
    assert "材料:……健康检查报告应当" in piece_of(view, view.sentences, shelf).text


def test_article_is_parted_at_its_items(shelf: Shelf) -> None:
    parts = as_printed(view_of(shelf, "第五条"), shelf)
    assert [(len(part.sentences), len(part.items)) for part in parts] == [(1, 2), (1, 3), (1, 0)]
    first, second = lists_in(view_of(shelf, "第五条"), shelf)
    assert second.items[0].clause.text.startswith("(一)正在")
    assert not first.closing
    assert second.closing[0].text.startswith("寄养场所六个月内")


def test_clause_whose_items_come_last_is_one_part(shelf: Shelf) -> None:
    (part,) = as_printed(view_of(shelf, "第二条"), shelf)
    assert not part.items


FERRIES = """云溪市渡口条例

第一条 渡口经营者应当遵守下列规定:
(一)按时开船;
(二)不得超载;
(三)备足救生衣。
乘客不得有下列行为:
(一)携带易燃物品;
(二)翻越护栏。
第二条 违反本条例第一条第一款第(二)项规定的,由市交通局处五千元罚款。
第三条 违反本条例第一条第二款第(二)项规定的,由市交通局处二百元罚款。
第四条 本条例自2031年5月1日起施行。
"""


@pytest.mark.parametrize(
    ("question", "penalty", "item", "other"),
    [
        ("乘客翻越护栏罚多少钱?", "二百元", "(二)翻越护栏", "超载"),
        ("渡船超载罚多少钱?", "五千元", "(二)不得超载", "护栏"),
    ],
)
def test_penalty_for_an_item_is_followed_by_that_item_alone(
    tmp_path: Path, question: str, penalty: str, item: str, other: str
) -> None:
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        store.ingest(parse_bytes("渡口.txt", FERRIES.encode()), FERRIES.encode())
        text = ask(store, question).text
    assert penalty in text
    assert item in text
    assert other not in text
