"""Web pages in the shapes that government sites use: the document stays, the site around it goes."""

from __future__ import annotations

import pytest

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers import read_bytes

TITLE = "云溪市人民政府办公室关于印发《云溪市数据管理办法》的通知"
BODY = """\
<p>各县（市、区）人民政府：</p><p>&nbsp;&nbsp;现将《云溪市数据管理办法》印发给你们，请<b>认真</b>贯彻执行。</p>
<p>第一章　总则</p><p>第一条　为了规范数据管理，促进数字经济发展，根据有关法律法规，结合本市实际，制定本办法。</p>
<p>第二条　本市行政区域内的数据收集、存储、使用、加工、传输、提供和公开，适用本办法。
<br>涉及国家秘密的，依照有关法律执行。</p>
<h2>附表</h2><table><thead><tr><th>项目</th><th>金额</th><th>说明</th></tr></thead>
<tr><td rowspan="2">平台建设</td><td>100万元</td><td>一次性</td></tr><tr><td>200万元</td><td></td></tr>
<tr><td colspan="2">合计</td><td>300万元</td></tr></table><ol start="3"><li>三年有效</li><li>由市数据局解释</li></ol>"""
AROUND = """\
<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}_云溪市人民政府门户网站</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2024-03-05">
<script>var secret = "脚本";</script><style>p {{}}</style></head><body>
<form id="form1"><div class="header"><ul class="nav"><li><a href="/">首页</a></li>
<li><a href="/x">政务公开</a></li></ul></div>
<div class="crumbs">当前位置：首页 &gt; 政务公开 &gt; 政策文件</div>{card}<h1>{title}</h1>
<div class="tools">字体：大 中 小 打印</div>{main}
<div class="related"><a href="/1">相关文件一</a><a href="/2">相关文件二</a></div>
<div class="footer"><p>主办：云溪市人民政府办公室　网站标识码：0000000000</p></div></form></body></html>"""
CARD_TABLE = """<table><tr><td>索 引 号：</td><td>000014349/2024-00012</td>
<td>发文字号：</td><td>云政办发〔2024〕12号</td></tr>
<tr><td>成文日期</td><td>2024年03月01日</td><td>有效性</td><td>有效</td></tr></table>"""
CARD_LIST = """<ul><li><b>索引号：</b>000014349/2024-00012</li>
<li><span>发文字号：</span><span>云政办发〔2024〕12号</span></li>
<li>成文日期：2024年03月01日</li><li>有效性：有效</li></ul>"""
CONTAINERS = [
    '<div class="TRS_Editor">{}</div>',
    '<td id="UCAP-CONTENT" class="b12c">{}</td>',
    '<div class="pages_content">{}</div>',
    '<div id="zoom">{}</div>',
    "<article>{}</article>",
    '<div id="vsb_content"><div class="v_news_content">{}</div></div>',
    '<div class="w1200"><div class="l">{}</div></div>',
]


def page(container: str = CONTAINERS[0], card: str = CARD_TABLE, encoding: str = "utf-8") -> SourceText:
    shown = AROUND.format(charset=encoding, title=TITLE, card=card, main=container.format(BODY))
    return read_bytes("notice.html", shown.encode(encoding))


@pytest.mark.parametrize("container", CONTAINERS)
def test_the_document_stays_and_the_site_goes(container: str) -> None:
    text = page(container).text
    assert text.startswith(TITLE)
    assert "\n第二条　本市行政区域内的数据收集、存储、使用、加工、传输、提供和公开，适用本办法。\n" in text
    for clutter in ("当前位置", "政务公开 ", "字体", "相关文件", "网站标识码", "脚本", "首页"):
        assert clutter not in text
    assert text.count(TITLE) == 1


@pytest.mark.parametrize("card", [CARD_TABLE, CARD_LIST])
def test_the_index_card_becomes_metadata(card: str) -> None:
    found = page(card=card).metadata
    expected = {
        "索引号": "000014349/2024-00012",
        "发文字号": "云政办发〔2024〕12号",
        "成文日期": "2024年03月01日",
        "有效性": "有效",
    }
    assert expected.items() <= found.items()
    assert found["PubDate"] == "2024-03-05"
    assert found["title"] == TITLE


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gb18030"])
def test_declared_charsets_are_followed(encoding: str) -> None:
    assert "第一条　为了规范数据管理" in page(encoding=encoding).text


def test_a_page_that_lies_about_its_charset_still_reads() -> None:
    shown = AROUND.format(charset="gb2312", title=TITLE, card="", main=BODY)
    assert "结合本市实际" in read_bytes("a.html", shown.encode()).text


def test_merged_cells_stand_in_each_row_they_cover() -> None:
    found = page()
    (table,) = found.tables
    cells = [[span and found.text[span[0] : span[1]] for span in row] for row in table.rows]
    assert table.header_rows == 1
    assert cells == [
        ["项目", "金额", "说明"],
        ["平台建设", "100万元", "一次性"],
        ["平台建设", "200万元", None],
        ["合计", "合计", "300万元"],
    ]
    assert "\n平台建设 | 200万元\n" in found.text


def test_list_numbers_are_printed_as_a_browser_prints_them() -> None:
    assert "3. 三年有效\n4. 由市数据局解释\n" in page().text


def test_headings_keep_their_level() -> None:
    found = page()
    assert [(found.text[s:e], level) for (s, e), level in found.headings] == [(TITLE, 1), ("附表", 2)]


def test_hidden_elements_and_scripts_are_left_out() -> None:
    found = read_bytes(
        "a.html",
        "<html><body><p>看得见</p><p style='display: none'>看不见</p><script>x</script></body></html>".encode(),
    )
    assert found.text == "看得见\n"


def test_a_layout_table_is_not_a_table() -> None:
    shown = "<html><body><table><tr><td><p>第一条 甲。</p><p>第二条 乙。</p></td></tr></table></body></html>"
    found = read_bytes("a.html", shown.encode())
    assert found.text == "第一条 甲。\n第二条 乙。\n"
    assert found.tables == ()


def test_nesting_too_deep_is_refused_and_not_cut_off() -> None:
    with pytest.raises(ReadError, match="nested"):
        read_bytes("a.html", ("<html><body>" + "<div>" * 100_000 + "末尾").encode())


def test_a_page_without_words_is_refused() -> None:
    with pytest.raises(ReadError, match="no text"):
        read_bytes("a.html", b"<html><body><img src='http://192.0.2.1/x.png'><script>1</script></body></html>")
