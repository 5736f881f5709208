from __future__ import annotations

import re
from html import unescape

from ingest.model import Clause
from ui.answer_text import answer_html
from ui.grid import quoted_grid
from ui.words import Words

ZH = Words("zh")
CITATION = {"marker": 1, "document": "柳河市绿色出行补贴办法", "path": ["第二章 补贴标准", "第二条"]}
TABLE = "补贴标准一览表\n里程 | 补贴 | 次数\n满一百公里 | 二十元 | 一次\n满五百公里 | 一百二十元 | 一次\n以上按年计算。"


def text_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_markers_of_citations_become_labelled_buttons() -> None:
    html = answer_html("补贴二十元。[1]", [CITATION], ZH)
    assert 'data-cite="1"' in html
    assert "引用 1：《柳河市绿色出行补贴办法》第二条" in html


def test_a_bracketed_number_that_is_no_citation_stays_text() -> None:
    html = answer_html("见柳交发[2030]9号和[7]。[1]", [CITATION], ZH)
    assert "[2030]" in html
    assert "[7]" in html
    assert html.count("<button") == 1


def test_markdown_and_html_in_an_answer_are_shown_as_text() -> None:
    html = answer_html("![图](http://outside.example/a.png) **粗** <b>x</b>[1]", [CITATION], ZH)
    assert "<img" not in html
    assert "<b>" not in html
    assert "![图](http://outside.example/a.png) **粗**" in text_of(html)


def test_items_become_one_list_and_lines_around_it_paragraphs() -> None:
    html = answer_html("共列2项:\n- 1. 身份证明；[1]\n- 2. 骑行记录。[1]\n另行通知。", [CITATION], ZH)
    assert html.count("<ul") == 1
    assert html.count("<li>") == 2
    assert html.count("<p>") == 2
    assert "<li>- " not in html
    assert html.count('data-cite="1"') == 2


def test_a_comparison_becomes_a_table_with_markers_in_its_cells() -> None:
    html = answer_html(
        "对照如下:\n\n| 项目 | 旧 | 新 |\n| --- | --- | --- |\n| 原文 | 二十元[1] | 三十元 |", [CITATION], ZH
    )
    assert html.count('<th scope="col">') == 3
    assert re.search(r'<td>二十元<button[^>]*data-cite="1"', html)
    assert "---" not in html


def test_a_cell_that_holds_markup_is_shown_as_text() -> None:
    html = answer_html("| <b>a</b> | [x](javascript:alert(1)) |", [], ZH)
    assert "<b>" not in html
    assert "<a" not in html
    assert "[x](javascript:alert(1))" in text_of(html)


def clause() -> Clause:
    return Clause("d.c", (), "", "补贴标准一览表", ((0, len(TABLE)),), TABLE)


def row(words: str) -> tuple[int, int]:
    start = TABLE.index(words)
    return start, start + len(words)


def test_a_quoted_row_stands_below_the_names_of_its_columns() -> None:
    table = quoted_grid(TABLE, clause(), [row("满五百公里 | 一百二十元 | 一次")], "表格")
    assert [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", table)] == [
        "里程", "补贴", "次数", "满五百公里", "一百二十元", "一次"
    ]  # fmt: skip


def test_words_quoted_beside_rows_stay_a_paragraph() -> None:
    shown = quoted_grid(TABLE, clause(), [row("满五百公里 | 一百二十元 | 一次\n以上按年计算。")], "表格")
    assert shown.endswith("<p>以上按年计算。</p>")
    assert "<td>一百二十元</td>" in shown


def test_what_quotes_no_row_is_no_table() -> None:
    assert quoted_grid(TABLE, clause(), [row("以上按年计算。")], "表格") == ""


def test_rows_that_run_together_in_an_answer_are_shown_as_the_table_that_was_quoted() -> None:
    table = quoted_grid(TABLE, clause(), [row("满一百公里 | 二十元 | 一次")], "表格")
    html = answer_html("满一百公里 | 二十元 | 一次[1]", [CITATION], ZH, {1: table})
    assert "二十元</td>" in html
    assert " | " not in html
    assert 'data-cite="1"' in html


def test_rows_on_lines_of_their_own_are_one_table() -> None:
    html = answer_html("项目 | 值\n甲 | 2[1]", [CITATION], ZH, {1: "<table>T</table>"})
    assert html.count("<table>T</table>") == 1
    assert "项目" not in html


def test_item_that_is_set_in_stands_below_the_one_before() -> None:
    html = answer_html("- 不予支持:[1]\n  - 破产。[1]", [CITATION], ZH)
    assert html.count("<li") == 2
    assert html.count('<li class="below">') == 1
