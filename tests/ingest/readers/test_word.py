"""Word files: what Word prints is what is read, in the order in which it is printed."""

from __future__ import annotations

import pytest
import word_files as make
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers import read_bytes

CHAPTER, ITEM, BULLET = 1, 2, 3


def read(document: object) -> SourceText:
    return read_bytes("办法.docx", make.saved(document))  # type: ignore[arg-type]


def headings(found: SourceText) -> list[tuple[str, int]]:
    return [(found.text[start:end], level) for (start, end), level in found.headings]


def test_automatic_numbers_are_printed_with_their_levels() -> None:
    document = make.new()
    make.numbered(document, "总则", CHAPTER)
    make.numbered(document, "为了规范数据管理，制定本办法。", CHAPTER, 1)
    make.numbered(document, "本办法适用于云溪市。", CHAPTER, 1)
    make.numbered(document, "数据是指记录。", CHAPTER, 2)
    make.numbered(document, "附则", CHAPTER)
    assert read(document).text.splitlines() == [
        "第一章 总则",
        "第一条 为了规范数据管理，制定本办法。",
        "第二条 本办法适用于云溪市。",
        "2.1 数据是指记录。",
        "第二章 附则",
    ]


def test_a_deeper_level_begins_again_below_the_next_parent() -> None:
    document = make.new()
    for text, level in [("目标", 0), ("甲", 1), ("乙", 1), ("任务", 0), ("丙", 1)]:
        make.numbered(document, text, ITEM, level)
    assert read(document).text.splitlines() == ["一、目标", "（一）甲", "（二）乙", "二、任务", "（一）丙"]


def test_a_numbering_with_its_own_start_begins_again() -> None:
    document = make.new()
    make.numbered(document, "甲", ITEM)
    make.numbered(document, "乙", ITEM)
    again = make.restart(document, ITEM)
    make.numbered(document, "丙", again)
    make.numbered(document, "丁", again)
    assert read(document).text.splitlines() == ["一、甲", "二、乙", "一、丙", "二、丁"]


def test_numbers_above_ten_and_bullets() -> None:
    document = make.new()
    for i in range(21):
        make.numbered(document, f"项{i}", ITEM)
    make.numbered(document, "要点", BULLET)
    lines = read(document).text.splitlines()
    assert [lines[i] for i in (9, 10, 19, 20, 21)] == ["十、项9", "十一、项10", "二十、项19", "二十一、项20", "• 要点"]


def test_styles_give_headings_and_the_title_stands_above_them() -> None:
    document = make.new()
    document.add_paragraph("云溪市数据管理办法", style="Title")
    document.add_paragraph("第一章 总则", style="Heading 1")
    document.add_paragraph("第一节 一般规定", style="Heading 2")
    document.add_paragraph("第一条 正文。")
    assert headings(read(document)) == [("云溪市数据管理办法", 1), ("第一章 总则", 2), ("第一节 一般规定", 3)]


def test_tables_stay_in_place_with_merged_cells() -> None:
    document = make.new()
    document.add_paragraph("补贴标准如下：")
    table = document.add_table(rows=4, cols=3)
    for i, row in enumerate(
        [("类别", "项目", "金额"), ("平台", "建设", "100万元"), ("", "运营", "50万元"), ("合计", "", "150万元")]
    ):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    document.add_paragraph("以上由财政承担。")
    found = read(document)
    assert found.text.splitlines() == [
        "补贴标准如下：",
        "类别 | 项目 | 金额",
        "平台 | 建设 | 100万元",
        "平台 | 运营 | 50万元",
        "合计 | | 150万元",
        "以上由财政承担。",
    ]
    (table_found,) = found.tables
    assert table_found.header_rows == 1
    cells = [[span and found.text[span[0] : span[1]] for span in row] for row in table_found.rows]
    assert cells[2] == ["平台", "运营", "50万元"]
    assert cells[3] == ["合计", "合计", "150万元"]


def test_a_table_of_one_column_is_text_in_a_frame() -> None:
    document = make.new()
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = "专栏1 重点工程"
    table.cell(0, 0).add_paragraph("1.建设数据中心。")
    found = read(document)
    assert found.text == "专栏1 重点工程\n1.建设数据中心。\n"
    assert found.tables == ()


def test_deleted_text_goes_and_inserted_text_stays() -> None:
    document = make.new()
    document.add_paragraph()._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>第一条 新增。</w:t></w:r></w:ins>')
    )
    paragraph = document.add_paragraph("第二条 保留")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a"><w:r><w:delText>删除</w:delText></w:r></w:del>')
    )
    assert read(document).text == "第一条 新增。\n第二条 保留\n"


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    document = make.new()
    box = (
        '<w:r {ns} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        '<mc:Choice Requires="wps"><w:drawing><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p></w:txbxContent>'
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document.add_paragraph("正文")._p.append(parse_xml(box.format(ns=nsdecls("w"))))
    assert read(document).text == "正文\n框内文字\n"


def test_content_controls_hidden_text_and_line_breaks() -> None:
    document = make.new()
    body = document.element.body
    body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>控件内</w:t><w:br/><w:t>第二行</w:t></w:r>"
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert read(document).text == "控件内\n第二行\n"


def test_headers_and_footers_are_left_out() -> None:
    document = make.new()
    document.sections[0].header.paragraphs[0].text = "云溪市人民政府公报"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("正文")
    assert read(document).text == "正文\n"


def test_a_footnote_follows_the_paragraph_that_calls_it() -> None:
    document = make.new()
    document.add_paragraph("数据要素")._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="5"/></w:r>')
    )
    document.add_paragraph("下一段")
    note = '<w:footnote w:id="5"><w:p><w:r><w:t>见附件。</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {nsdecls('w')}>{note}</w:footnotes>"
    data = make.changed(make.saved(document), "word/footnotes.xml", b"", notes.encode())
    relation = (
        b'<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        b' Target="footnotes.xml"/></Relationships>'
    )
    data = make.changed(data, "word/_rels/document.xml.rels", b"</Relationships>", relation)
    assert read_bytes("a.docx", data).text == "数据要素\n注1：见附件。\n下一段\n"


def test_a_macro_document_is_read_without_its_macros() -> None:
    document = make.new()
    document.add_paragraph("正文")
    data = make.changed(
        make.saved(document),
        "[Content_Types].xml",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    data = make.changed(data, "word/vbaProject.bin", b"", b"Sub AutoOpen()")
    assert read_bytes("a.docm", data).text == "正文\n"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "word/document.xml",
            b"<w:document",
            b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><w:document",
            "entities",
        ),
        ("word/document.xml", b"</w:body>", b"", "damaged"),
        ("../../escape.xml", b"", b"x", "unsafe path"),
        ("word/document.xml", b"<w:p>", b"<w:p>" + b"<w:r>" * 400, "nested|damaged"),
    ],
)
def test_hostile_packages_are_refused(name: str, old: bytes, new: bytes, said: str) -> None:
    document = make.new()
    document.add_paragraph("正文")
    with pytest.raises(ReadError, match=said):
        read_bytes("a.docx", make.changed(make.saved(document), name, old, new))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    document = make.new()
    data = make.changed(make.saved(document), "word/media/big.bin", b"", bytes(60 * 1024 * 1024))
    with pytest.raises(ReadError, match="unpacks to far more"):
        read_bytes("a.docx", data)


def test_a_truncated_package_is_damaged_and_not_an_archive() -> None:
    document = make.new()
    document.add_paragraph("正文")
    data = make.saved(document)
    with pytest.raises(ReadError, match=r"Word \(docx\) file is damaged"):
        read_bytes("a.docx", data[: len(data) // 2])
