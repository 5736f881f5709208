"""Web pages, saved from government sites as a rule: title, the main text, its tables and the index card above it.

Nothing is ever fetched, and scripts, styles, frames and images are not looked at.
"""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html

from ingest.model import SourceText
from ingest.readers.assemble import TextBuilder, tidy
from ingest.readers.encoding import decode
from ingest.readers.limits import Budget
from ingest.readers.webpage_blocks import write_blocks
from ingest.readers.webpage_main import main_content, page_metadata, words

_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}
MAX_DEPTH: Final = 255
"""Levels of elements within elements; what writes them out calls itself once a level."""
_TITLE_FIELDS: Final = ("ArticleTitle", "articletitle", "og:title")
_SITE: Final = re.compile(r"\s*(?:[-_—–|·]+|\s-\s|>>)\s*[^-_—–|·]{0,40}$")

_SITE_ALONE: Final = re.compile(
    r".{2,24}(?:人民政府|政府网|门户|网站|官网|信息网|信息公开(?:平台|专栏|网)?)|首页|无标题文档"
)
"""A title that names the site on every page says nothing about the document."""


def read(data: bytes, budget: Budget) -> SourceText:
    """The page's main text, one line a paragraph, with headings, tables and the fields of its index card.

    Fields go to ``metadata`` under the names the page prints (索引号, 发文字号, 发布日期, …) or its meta tags have.
    Raises ReadError where the bytes are not text, are nested too deeply or hold no words.
    """
    root = _parse(data, budget)
    build = TextBuilder(budget)
    build.metadata.update(page_metadata(root, budget))
    main = main_content(root, budget)
    title = _title(root, build.metadata)
    if title:
        build.metadata["title"] = title
        opening = re.sub(r"\s", "", words(main)[:400])
        if re.sub(r"\s", "", title) not in opening:
            build.line(title, level=1)
    write_blocks(main, build, budget)
    return build.finish("text/html")


def _parse(data: bytes, budget: Budget) -> html.HtmlElement:
    text = _decoded(data, budget)
    # Without huge_tree, libxml2 silently drops a text of more than 10 MB and all that stands deeper than 255 levels.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise budget.refuse("no_text") from error
    if any("depth" in entry.message for entry in parser.error_log) or _depth(root) > MAX_DEPTH:
        raise budget.refuse("too_deep", limit=MAX_DEPTH)
    return root


def _depth(root: html.HtmlElement) -> int:
    """How many elements stand within each other; counting stops above the limit."""
    deepest, level = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
        if deepest > MAX_DEPTH:
            break
    return deepest


def _decoded(data: bytes, budget: Budget) -> str:
    """The page as text: by the charset that it declares where that decodes without an error, else by detection."""
    if declared := _CHARSET.search(data[:4096]):
        name = declared[1].decode("ascii").lower()
        try:
            return data.decode(_SUPERSETS.get(name, name))
        except (UnicodeDecodeError, LookupError):
            pass  # many a page says gb2312 and is UTF-8
    return decode(data, budget).text


def _title(root: html.HtmlElement, metadata: dict[str, str]) -> str:
    """The document's title without the site's name; empty where the page names none."""
    for field in _TITLE_FIELDS:
        if metadata.get(field):
            return tidy(metadata[field])
    headings = [tidy(words(h)) for h in root.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    for element in root.iter("title"):
        full = tidy(words(element))
        shown = _SITE.sub("", full) or full
        return "" if _SITE_ALONE.fullmatch(shown) else shown
    return ""
