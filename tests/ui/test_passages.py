from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Clause
from ui.passages import Block, clause_blocks, paragraphs


def clause(text: str, *spans: tuple[int, int], label: str = "", heading: str = "") -> Clause:
    return Clause("d.c", (), label, heading, spans or ((0, len(text)),), text)


def blocks(text: str, of: Clause, marks: tuple[tuple[int, int], ...] = ()) -> list[Block]:
    return clause_blocks(text, of, "表格", marks)


def test_a_sentence_broken_by_the_page_is_one_paragraph() -> None:
    text = "市民全年骑行满一百公里的，一次性补贴\n二十元。\n另行通知。"
    assert [block.html for block in blocks(text, clause(text))] == [
        "市民全年骑行满一百公里的，一次性补贴二十元。",
        "另行通知。",
    ]


def test_a_heading_stays_alone_however_long_it_is() -> None:
    text = "二、关于进一步做好绿色出行补贴工作\n请各区落实。"
    shown = blocks(text, clause(text, label="二、", heading="关于进一步做好绿色出行补贴工作"))
    assert [block.html for block in shown] == ["二、关于进一步做好绿色出行补贴工作", "请各区落实。"]


def test_latin_words_broken_by_a_line_keep_a_space() -> None:
    text = "Residents who cycle one hundred\nkilometres receive twenty yuan."
    assert blocks(text, clause(text))[0].html == text.replace("\n", " ")


def test_only_paragraphs_with_quoted_words_count_as_marked() -> None:
    text = "第一款。\n第二款有补贴。"
    shown = blocks(text, clause(text), ((8, 10),))
    assert [block.marked for block in shown] == [False, True]
    assert "<mark>" in shown[1].html


def test_rows_of_a_table_are_a_table_with_its_head_and_the_quoted_cell_marked() -> None:
    text = (
        "补贴标准一览表\n项目 | 比例 | 最高限额\n"
        "骑行满一百公里的市民 | 定额 | 二十元\n骑行满五百公里的市民 | 定额 | 一百二十元\n以上每年一次。"
    )
    at = text.index("二十元")
    heading, table, after = blocks(text, clause(text, heading="补贴标准一览表"), ((at, at + 3),))
    assert (heading.is_table, table.is_table, after.is_table) == (False, True, False)
    assert table.html.count("<tr>") == 3
    assert '<th scope="col">最高限额</th>' in table.html
    assert "<td><mark>二十元</mark></td>" in table.html
    assert "|" not in table.html


@given(st.text("中文a b\n。，", max_size=120), st.lists(st.integers(0, 120), min_size=2, max_size=8))
def test_paragraphs_show_every_character_of_the_spans_once(text: str, cuts: list[int]) -> None:
    edges = sorted({min(cut, len(text)) for cut in cuts})
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    shown = "".join(text[a:b] for group in paragraphs(text, spans) for a, b in group)
    wanted = "".join(text[a:b] for a, b in spans)
    assert "".join(shown.split()) == "".join(wanted.split())


def test_quoted_items_are_shown_where_they_stand_between_the_paragraphs_of_the_clause() -> None:
    text = "第三条 提交下列材料:\n(一)犬只免疫证明;\n(二)近期照片。\n照片应当为彩色。"
    lead, first, second, closing = ((text.index(line), text.index(line) + len(line)) for line in text.split("\n"))
    article = Clause("d.a", ("第三条",), "第三条", "", (lead, closing), "")
    words = [re.sub("<[^>]*>", "", block.html) for block in blocks(text, article, (lead, first, second, closing))]
    assert words == text.split("\n")
    assert len(blocks(text, article, (closing,))) == 2
