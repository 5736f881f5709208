"""Whole pages of three invented government sites, each built differently: the document comes out, the site stays."""

# ruff: noqa: E501 - pages are written as sites write them

from __future__ import annotations

import pytest

from ingest.pipeline import parse_bytes

TITLE = "云溪市渔港管理办法"
ARTICLES = [
    ("第一章　总则", ""),
    ("第一条", "为了加强渔港管理，保障渔船停泊安全，根据有关法律法规，结合本市实际，制定本办法。"),
    ("第二条", "本市行政区域内渔港的规划、建设、使用和监督管理，适用本办法。"),
    ("第二章　使用", ""),
    ("第三条", "渔船进港应当服从调度，并具备下列条件："),
    ("（一）证书齐全有效；", ""),
    ("（二）配备救生和消防设备。", ""),
    ("第四条", "本办法自2026年3月1日起施行。"),
]
SIDE = ["首页", "政务公开", "办事服务", "互动交流", "走进云溪"]


def lines(opening: str, closing: str) -> str:
    return "\n".join(f"{opening}{label}{'　' + text if text else ''}{closing}" for label, text in ARTICLES)


def nested_tables() -> str:
    """A page of the early years: layout by tables in tables, fonts, the text parted by line breaks."""
    text = "<br>&nbsp;&nbsp;&nbsp;&nbsp;".join(f"{label}{'　' + text if text else ''}" for label, text in ARTICLES)
    menu = "".join(
        f'<td bgcolor="#cc0000"><a href="/{n}.htm"><font color=white>{x}</font></a></td>' for n, x in enumerate(SIDE)
    )
    return (
        f"<html><head><title>云溪市人民政府</title></head><body topmargin=0><table width=980><tr>{menu}</tr></table>"
        "<table width=980><tr><td width=200 valign=top><table>"
        + "".join(f'<tr><td><a href="l{n}.htm">{x}栏目列表</a></td></tr>' for n, x in enumerate(SIDE))
        + f"</table></td><td><table width=760><tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr>"
        "<tr><td align=center>发布时间：2026-02-01　浏览次数：1024</td></tr>"
        f"<tr><td><font size=3>&nbsp;&nbsp;&nbsp;&nbsp;{text}</font></td></tr></table></td></tr></table>"
        "<table width=980><tr><td align=center>版权所有：云溪市人民政府　备案号：云ICP备00000000号</td></tr></table></body></html>"
    )


def sections() -> str:
    """A page of today: header, nav, aside and main, the index card as a list of terms, the text in paragraphs."""
    nav = "".join(f"<li><a href='/{n}'>{x}</a></li>" for n, x in enumerate(SIDE))
    return (
        f"<!doctype html><html lang='zh'><head><meta charset='utf-8'><title>{TITLE} - 云溪市</title></head><body>"
        f"<header><nav><ul>{nav}</ul></nav></header><main><section class='policy-card'><dl>"
        "<dt>发文字号</dt><dd>云政规〔2026〕2号</dd><dt>成文日期</dt><dd>2026年2月1日</dd><dt>发布机构</dt><dd>云溪市人民政府</dd></dl></section>"
        f"<section class='policy-text'><h1>{TITLE}</h1>{lines('<p>', '</p>')}</section>"
        "<aside><h3>相关解读</h3><ul><li><a href='/j'>一图读懂渔港管理办法</a></li><li><a href='/k'>新闻发布会实录</a></li></ul></aside></main>"
        "<footer><p>主办单位：云溪市人民政府办公室</p><p>网站标识码：0000000001</p></footer></body></html>"
    )


def pasted_from_word() -> str:
    """A page whose text was pasted from a word processor: spans in spans, and tools for sharing around it."""
    opening = "<p class='MsoNormal' style='text-indent:32pt'><span lang='EN-US'><span style='font-family:仿宋'>"
    return (
        f"<html><head><meta charset='utf-8'><title>{TITLE}</title></head><body><div id='top'><a href='/'>云溪市人民政府门户网站</a></div>"
        "<div class='position'>您的位置：<a href='/'>首页</a> &gt; <a href='/z'>政策文件</a></div>"
        f"<div class='detail'><div class='detail-title'><h2>{TITLE}</h2></div><div class='detail-tool'><span>【字体：<a>大</a> <a>中</a> <a>小</a>】</span>"
        "<a>打印本页</a><a>关闭窗口</a><span>扫一扫在手机打开当前页</span></div>"
        f"<div class='detail-text'>{lines(opening, '</span></span></p>')}</div>"
        "<div class='share'>分享到：<a>微信</a><a>微博</a></div></div>"
        "<div class='link'><ul><li><a href='/a'>上一篇：渔船年审通知</a></li><li><a href='/b'>下一篇：休渔期通告</a></li></ul></div></body></html>"
    )


@pytest.mark.parametrize("page", [nested_tables, sections, pasted_from_word], ids=lambda page: page.__name__)
def test_the_articles_of_a_page_are_the_clauses(page) -> None:
    parsed = parse_bytes("渔港.html", page().encode())
    (document,) = parsed.documents
    assert document.title == TITLE
    paths = [clause.path for clause in document.clauses]
    assert ("第一章 总则", "第二条") in paths
    assert ("第二章 使用", "第三条", "（二）配备救生和消防设备") in paths
    (last,) = [clause for clause in document.clauses if clause.label == "第四条"]
    assert last.text == "第四条　本办法自2026年3月1日起施行。"
    text = "".join(clause.text for clause in document.clauses)
    for clutter in (
        "首页",
        "栏目列表",
        "版权所有",
        "网站标识码",
        "一图读懂",
        "打印本页",
        "扫一扫",
        "分享到",
        "上一篇",
        "下一篇",
    ):
        assert clutter not in text
