from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.grammar import Open as Opened
from ingest.grammar import Seen, place, step
from ingest.labels import label_of


@pytest.mark.parametrize(
    ("line", "scheme", "number", "rest"),
    [
        ("第一百零八条　违反本条例的", "article", (108,), "违反本条例的"),
        ("第十二条之一 鼓励使用", "article", (12, 1), "鼓励使用"),
        ("第12条 测试", "article", (12,), "测试"),
        ("第１２条 测试", "article", (12,), "测试"),
        ("第 三 章 监督管理", "chapter", (3,), "监督管理"),
        ("第二分编 物权", "subpart", (2,), "物权"),
        ("一、总体要求", "cn", (1,), "总体要求"),
        ("二十一、附则", "cn", (21,), "附则"),
        ("(三)培训", "cn_paren", (3,), "培训"),
        ("（十二）其他", "cn_paren", (12,), "其他"),
        ("1.申报", "num", (1,), "申报"),
        ("10、材料", "num", (10,), "材料"),
        ("2．新建", "num", (2,), "新建"),
        ("(2)营业收入", "num_paren", (2,), "营业收入"),
        ("③公示", "circle", (3,), "公示"),
        ("专栏3 渔港工程", "box", (3,), "渔港工程"),
        ("附件2：申请表", "annex", (2,), "申请表"),
        ("——产业更强。", "dash", (0,), "产业更强。"),
        ("一是加强领导", "ordinal", (1,), "加强领导"),
        ("第二，压实责任", "ordinal", (2,), "压实责任"),
        ("问：怎么申请？", "question", (0,), "怎么申请？"),
        ("3.2.1 术语", "decimal", (3, 2, 1), "术语"),
        ("Article 4 Scope", "article", (4,), "Scope"),
        ("Chapter II General", "chapter", (2,), "General"),
    ],
)
def test_labels_are_read_with_their_numbers(line: str, scheme: str, number: tuple[int, ...], rest: str) -> None:
    label = label_of(line)
    assert label is not None
    assert (label.scheme, label.number, line[label.end :]) == (scheme, number, rest)


@pytest.mark.parametrize(
    "line",
    [
        "第十二条规定的期限届满后",
        "第三条、第四条所列情形",
        "第五条第二款的申请人",
        "第六条中的水源",
        "2024年3月1日起施行",
        "3.5万元以下",
        "12.8%的企业",
        "云溪市人民政府",
        "",
        "　　",
    ],
)
def test_text_that_only_begins_like_a_label_has_none(line: str) -> None:
    assert label_of(line) is None


@given(st.text(max_size=80))
def test_any_line_has_a_label_inside_it_or_none(line: str) -> None:
    label = label_of(line)
    assert label is None or (0 < label.end <= len(line) and label.number)


def test_numbers_that_go_on_cost_nothing() -> None:
    assert step((12,), (13,), "article") == 0
    assert step((12,), (12, 1), "article") == 0
    assert step((12, 1), (13,), "article") == 0
    assert step((3,), (5,), "cn") > 0
    assert step((5,), (3,), "cn") > step((3,), (5,), "cn")


def test_a_new_list_opens_below_and_the_next_number_closes_it() -> None:
    stack = (Opened("cn", (1,), 1), Opened("cn_paren", (2,), 2))
    assert place(stack, "num", (1,), {}).depth == 2
    assert place(stack, "cn_paren", (3,), {}).depth == 1
    assert place(stack, "cn", (2,), {}).depth == 0


def test_articles_run_on_through_chapters() -> None:
    stack = (Opened("chapter", (2,), 9),)
    found = place(stack, "article", (13,), {"article": Seen((12,), 1)})
    assert (found.depth, found.cost) == (1, 0.0)


def test_a_box_stands_below_the_section_and_not_below_its_last_item() -> None:
    stack = (Opened("cn", (2,), 1), Opened("cn_paren", (1,), 2), Opened("num", (4,), 3))
    assert place(stack, "box", (1,), {}).depth == 2
