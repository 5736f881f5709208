"""Markdown: the file stays as it is; headings, tables and markup are spans of it."""

from __future__ import annotations

from ingest.model import SourceText, Span
from ingest.readers import read_bytes

PAGE = """---
title: 云溪市数据条例
发文字号: 云政发〔2024〕3号
---
# 云溪市数据条例 #

**第一条** 为了规范数据管理，制定本条例，见[附件](a.docx)。

第二章
------

<!-- 排版说明 -->
| 项目 | 金额\\|元 | 说明 |
|---|---|---|
| 平台 |  | 一次 |

***
"""


def shown(source: SourceText, spans: tuple[Span, ...]) -> list[str]:
    return [source.text[start:end] for start, end in spans]


def test_the_text_is_the_decoded_file() -> None:
    assert read_bytes("a.md", PAGE.encode()).text == PAGE


def test_headings_are_the_words_without_signs() -> None:
    found = read_bytes("a.md", PAGE.encode())
    assert [(found.text[s:e], level) for (s, e), level in found.headings] == [("云溪市数据条例", 1), ("第二章", 2)]


def test_table_cells_are_spans_between_the_bars() -> None:
    found = read_bytes("a.md", PAGE.encode())
    (table,) = found.tables
    assert table.header_rows == 1
    cells = [[span and found.text[span[0] : span[1]] for span in row] for row in table.rows]
    assert cells == [["项目", "金额\\|元", "说明"], ["平台", None, "一次"]]


def test_lines_of_markup_alone_are_furniture() -> None:
    found = read_bytes("a.md", PAGE.encode())
    assert [line.strip() for line in shown(found, found.furniture)[1:]] == ["<!-- 排版说明 -->", "|---|---|---|", "***"]


def test_emphasis_and_link_targets_are_markup() -> None:
    found = read_bytes("a.md", PAGE.encode())
    assert shown(found, found.markup)[:4] == ["# ", "**", "**", "(a.docx)"]


def test_front_matter_becomes_metadata() -> None:
    assert read_bytes("a.md", PAGE.encode()).metadata["发文字号"] == "云政发〔2024〕3号"


def test_windows_line_ends_do_not_shift_spans() -> None:
    found = read_bytes("a.md", PAGE.replace("\n", "\r\n").encode())
    assert [found.text[s:e] for (s, e), _ in found.headings] == ["云溪市数据条例", "第二章"]
    assert found.text[slice(*found.tables[0].rows[1][2] or (0, 0))] == "一次"


def test_deeply_nested_quotations_and_lists_end() -> None:
    for page in ("> " * 20_000 + "末", "- " * 5_000 + "末", "[" * 200_000, "`" * 200_000):
        assert read_bytes("a.md", page.encode()).text == page
