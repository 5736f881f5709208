"""PDF files: reading order by layout, paragraphs without hard wraps, tables, furniture, places."""

from __future__ import annotations

import pdf_files as make
import pytest

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers import read_bytes
from ingest.readers.pdf_page import render_page


def notice() -> SourceText:
    return read_bytes("公报.pdf", make.notice())


def body(found: SourceText) -> list[str]:
    """The lines that are not furniture."""
    out, at = [], 0
    for line in found.text.splitlines():
        if (at, at + len(line)) not in found.furniture:
            out.append(line)
        at += len(line) + 1
    return out


def test_a_title_over_two_lines_is_one_line() -> None:
    assert body(notice())[:2] == ["云溪市人民政府关于印发政务数据共享管理办法的通知", "云政发〔2024〕12号"]


def test_lines_of_a_paragraph_are_joined() -> None:
    articles = [line for line in body(notice()) if line.startswith("第") and "条 " in line[:4]]
    assert len(articles) == 9
    assert all(line.endswith("本市各部门应当共享数据，") and line.count("共享") == 6 for line in articles)


def test_a_paragraph_runs_on_over_the_page_break() -> None:
    assert "续行" * 17 + "这一段从上一页接下来。" in body(notice())


def test_headers_and_page_numbers_are_furniture() -> None:
    found = notice()
    shown = [found.text[start:end] for start, end in found.furniture]
    assert sorted(shown) == sorted(["云溪市人民政府公报"] * 3 + [f"— {n} —" for n in (1, 2, 3)])


def test_columns_are_read_one_after_the_other() -> None:
    starts = [line[:5] for line in body(notice()) if line.startswith(("左栏", "右栏"))]
    assert starts == [f"{side}栏第{i}段" for side in "左右" for i in range(4)]


def test_a_table_goes_on_over_the_page_and_drops_its_repeated_header() -> None:
    found = notice()
    (table,) = found.tables
    cells = [[span and found.text[span[0] : span[1]] for span in row] for row in table.rows]
    assert table.header_rows == 1
    assert cells == [
        ["类别", "项目", "金额"],
        ["平台", "建设补助", "100万元"],
        ["平台", "运营补助", "50万元"],
        ["人才", "培训补助", "20万元"],
    ]


def test_page_starts_lie_where_each_page_begins() -> None:
    found = notice()
    assert len(found.page_starts) == 3
    assert found.text[found.page_starts[1] :].startswith("这一段从上一页接下来")
    assert found.text[found.page_starts[2] :].startswith("人才 | 培训补助")


def test_regions_say_where_words_stand() -> None:
    found = notice()
    region = next(r for r in found.regions if found.text[slice(*r.span)].startswith("云政发"))
    assert region.page == 1
    left, top, right, bottom = region.box
    assert 238 < left < 242
    assert 150 < top < 158
    assert 320 < right < 360
    assert 164 < bottom < 169
    assert [r.page for r in found.regions if found.text[slice(*r.span)] == "人才"] == [3]


def test_regions_never_overlap_and_stay_in_the_text() -> None:
    found = notice()
    end = 0
    for region in found.regions:
        assert end <= region.span[0] < region.span[1] <= len(found.text)
        end = region.span[1]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_rotated_page_reads_like_an_upright_one(turn: int) -> None:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument(make.notice())
    for i in range(len(document)):
        document[i].set_rotation(turn)
    out = io.BytesIO()
    document.save(out)
    turned = read_bytes("公报.pdf", out.getvalue())
    assert turned.text == notice().text
    # The place is on the page as displayed, which now lies on its side or on its head.
    region = next(r for r in turned.regions if turned.text[slice(*r.span)].startswith("云政发"))
    upright = next(r for r in notice().regions if notice().text[slice(*r.span)].startswith("云政发"))
    x0, y0, x1, y1 = upright.box
    expected = {
        90: (make.HEIGHT - y1, x0, make.HEIGHT - y0, x1),
        180: (make.WIDTH - x1, make.HEIGHT - y1, make.WIDTH - x0, make.HEIGHT - y0),
        270: (y0, make.WIDTH - x1, y1, make.WIDTH - x0),
    }[turn]
    assert region.box == pytest.approx(expected, abs=1.0)


def test_english_lines_are_joined_with_blanks() -> None:
    page = make.Page(chinese=False)
    page.page()
    lines = [
        "Article 1. The Office shall publish the catalogue of public data held by it and by",
        "all districts within thirty days.",
        "Article 2. Fees.",
    ]
    for i, line in enumerate(lines):
        page.text(72, 100 + 18 * i, line)
    assert read_bytes("a.pdf", page.bytes()).text.splitlines() == [f"{lines[0]} {lines[1]}", lines[2]]


def test_an_encrypted_file_is_refused() -> None:
    page = make.Page(chinese=False)
    page.page()
    page.text(72, 100, "secret")
    with pytest.raises(ReadError, match="protected by a password"):
        read_bytes("a.pdf", page.bytes(password="open sesame"))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4 broken" + bytes(500), make.FONTS[0].encode()])
def test_a_broken_file_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="damaged"):
        read_bytes("a.pdf", data)


def test_a_page_is_rendered_as_png() -> None:
    shown = render_page(make.notice(), 2, scale=0.5)
    assert shown.startswith(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(IndexError, match="pages 1 to 3"):
        render_page(make.notice(), 4)


def test_three_columns_below_a_full_width_paragraph() -> None:
    page = make.Page()
    page.page()
    y = page.paragraph(72, 90, 444, "通栏导语，" * 20)
    for n, x in enumerate((72.0, 226.0, 380.0)):
        below = y + 10
        for i in range(3):
            below = page.paragraph(x, below, 136, f"{'甲乙丙'[n]}栏{i}，" + "应当依法公开数据，" * 4, 9, 15)
    starts = [line[:3] for line in read_bytes("a.pdf", page.bytes()).text.splitlines()]
    assert starts == ["通栏导"] + [f"{side}栏{i}" for side in "甲乙丙" for i in range(3)]


def test_a_list_in_two_short_columns_is_read_row_by_row() -> None:
    page = make.Page()
    page.page()
    for i in range(6):
        page.text(72, 100 + 20 * i, f"事项{i}")
        page.text(300, 100 + 20 * i, f"{i}个工作日")
    assert read_bytes("a.pdf", page.bytes()).text.splitlines()[2] == "事项2 2个工作日"


def test_a_paragraph_whose_number_hangs_out_is_joined() -> None:
    page = make.Page()
    page.page()
    y = 100.0
    for label in ("（一）", "（二）"):
        words = label + "各部门应当在规定时限内完成数据目录编制工作，" * 4
        page.text(72, y, words[:37])
        for i, start in enumerate(range(37, len(words), 34), start=1):
            page.text(108, y + 20 * i, words[start : start + 34])
        y += 80
    lines = read_bytes("a.pdf", page.bytes()).text.splitlines()
    assert [line[:3] for line in lines] == ["（一）", "（二）"]


def test_a_gap_between_ideographs_is_a_blank() -> None:
    page = make.Page()
    page.page()
    page.text(72, 100, "第一章")
    page.text(72 + 36 + 3.6, 100, "总则和适用范围")
    page.text(72, 130, "到2026年底")
    assert read_bytes("a.pdf", page.bytes()).text.splitlines() == ["第一章 总则和适用范围", "到2026年底"]


def test_a_page_that_uses_only_its_first_column_keeps_that_columns_width() -> None:
    page = make.Page()
    page.page()
    y = page.paragraph(72, 100, 210, "首页只有一栏，" * 7, 10.5, 18)
    page.paragraph(72, y, 210, "说明文字，" * 9, 10.5, 18)
    page.page()
    for x in (72.0, 312.0):
        y = 100.0
        for _ in range(4):
            y = page.paragraph(x, y, 210, "两栏排版的正文，" * 6, 10.5, 18)
    lines = read_bytes("a.pdf", page.bytes()).text.splitlines()
    assert lines == ["首页只有一栏，" * 7, "说明文字，" * 9] + ["两栏排版的正文，" * 6] * 8


def three_lines(
    page: make.Page, y: float, header: list[str], rows: list[list[str]], xs: list[float], pitch: float
) -> float:
    """A table with a rule above, below its header and at its end, and none upright; returns the y below it."""
    page.pdf.line(72, y, 520, y)
    for x, words in zip(xs, header, strict=True):
        page.text(x, y + 16, words, 10)
    page.pdf.line(72, y + 24, 520, y + 24)
    y += 40
    for row in rows:
        for x, words in zip(xs, row, strict=True):
            if words:
                page.text(x, y, words, 10)
        y += pitch
    page.pdf.line(72, y - pitch + 8, 520, y - pitch + 8)
    return y


def test_a_table_of_three_rules_has_rows_with_their_header() -> None:
    page = make.Page()
    page.page()
    page.text(72, 80, "渔港码头长度按照下表确定，县级渔港参照执行。")
    rows = [["一级", "六百米", "北礁渔港"], ["二级", "三百米", "望潮渔港和临海渔港"], ["三级", "八十米", ""]]
    three_lines(page, 100, ["级别", "码头长度", "渔港"], rows, [90, 220, 360], 18)
    page.text(72, 260, "本表自公布之日起施行。")
    found = read_bytes("渔港.pdf", page.bytes())
    (table,) = found.tables
    assert table.header_rows == 1
    shown = [[found.text[slice(*span)] if span else "" for span in row] for row in table.rows]
    assert shown == [["级别", "码头长度", "渔港"], *rows]
    assert found.text.index("参照执行") < found.text.index("级别 |") < found.text.index("本表自公布")


def test_a_wrapped_cell_in_a_table_of_three_rules_stays_one_cell() -> None:
    page = make.Page()
    page.page()
    lines = [["一级", "码头不短于六百米，水深", "市级"], ["", "不小于八米", ""], ["二级", "码头不短于三百米", "县级"]]
    three_lines(page, 100, ["级别", "条件", "管理"], lines, [90, 220, 420], 14)
    found = read_bytes("渔港.pdf", page.bytes())
    (table,) = found.tables
    shown = [[found.text[slice(*span)] if span else "" for span in row] for row in table.rows]
    assert shown[1] == ["一级", "码头不短于六百米，水深不小于八米", "市级"]
    assert shown[2] == ["二级", "码头不短于三百米", "县级"]


def test_three_rules_around_running_text_are_no_table() -> None:
    page = make.Page()
    page.page()
    words = "渔港经营者应当配备消防设施，每季度组织一次演练，演练情况报县渔业主管部门备案，不得停用设施。" * 3
    for y in (100, 130, 330):
        page.pdf.line(72, y, 520, y)
    page.text(90, 120, "渔港管理")
    page.paragraph(72, 150, 440, words)
    assert read_bytes("渔港.pdf", page.bytes()).tables == ()


def test_two_tables_of_three_rules_below_a_ruled_header_are_two() -> None:
    page = make.Page()
    page.page()
    page.text(72, 60, "云溪市渔业局文件汇编")
    page.pdf.line(72, 70, 520, 70)
    page.text(200, 92, "表1 渔港分级")
    y = three_lines(page, 100, ["级别", "码头"], [["一级", "六百米"], ["二级", "三百米"]], [90, 300], 18)
    page.text(200, y + 30, "表2 渔船分类")
    three_lines(page, y + 40, ["类别", "船长"], [["大型", "二十四米"], ["小型", "十二米"]], [90, 300], 18)
    tables = read_bytes("渔港.pdf", page.bytes()).tables
    assert [len(table.rows) for table in tables] == [3, 3]
