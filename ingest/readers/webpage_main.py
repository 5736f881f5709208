"""Finds, on a web page, the element that holds the document, and the fields of the index card that stands beside it.

Not trafilatura: 2.3 kept breadcrumbs, navigation and font buttons on each of the seven templates in the tests, and its
text has no table cells that spans could point to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import html

from ingest.readers.assemble import tidy
from ingest.readers.limits import Budget

# What the content systems of Chinese government sites call the element with the document (TRS, 大汉, 博达, 开普, the
# State Council's own), then the words that other sites use. Earlier ones are more specific.
_CONTENT_NAMES: Final = (
    "ucap-content", "trs_editor", "trs_ueditor", "pages_content", "xxgk_content", "zwgk_content",
    "gkml_content", "bt_content", "vsb_content", "v_news_content", "js_content", "rich_media_content",
    "easysite-news-text", "zoom", "articlecontent", "article-content", "article_content", "article-con",
    "article_con", "content_detail", "detail-content", "detail_content", "news_content", "news-content",
    "conttext", "con_text", "main-content", "main_content", "article", "content",
)  # fmt: skip
_CLUTTER: Final = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|crumbs?|location|position|footer|foot|copyright|share|bdshare\w*|social|"
    r"qrcode|ewm|print|fontsize|font-size|toolbar|tools|pagination|pager|related|recommend|sidebar|comment|comments|"
    r"search|login|banner|advert|ads?|popup|modal|btn|prev|next|wzgg)(?:$|[\s_-])",
    re.I,
)
_DEAD_TAGS: Final = frozenset((
    "script", "style", "noscript", "iframe", "frame", "object", "embed", "applet", "svg", "canvas", "audio",
    "video", "button", "select", "textarea", "input", "nav", "footer", "aside", "template", "head", "link",
    "meta",
))  # fmt: skip
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FIELDS: Final = (
    "索引号", "主题分类", "主题词", "发文机关", "发布机构", "发文单位", "成文日期", "发文日期", "标题",
    "名称", "发文字号", "文号", "发布日期", "公开日期", "生效日期", "实施日期", "施行日期", "废止日期",
    "失效日期", "有效性", "效力状态", "信息状态", "公开方式", "体裁分类", "组配分类", "公开类别", "信息来源",
    "来源", "发布时间", "统一编号",
)  # fmt: skip
_FIELD: Final = re.compile(
    r"[【\[]?\s*(" + "|".join(r"\s*".join(name) for name in _FIELDS) + r")\s*[】\]]?\s*(?:[:：]\s*(.*))?", re.S
)
_NEXT_FIELD: Final = re.compile(r"[\s\u3000|]+\S{1,8}[:：].*$")
"""发布时间：2026-01-26　来源：…　字体：… on one line: a field ends where the next one begins."""
_FIELD_TAGS: Final = frozenset(("td", "th", "li", "dt", "dd", "p", "span", "div", "strong", "b", "label", "em"))
_TAGS_KEPT: Final = re.compile(r"[\w:.-]{1,40}")


def alive(element: html.HtmlElement) -> bool:
    """Whether a browser would show the element: no script, no form control, not hidden."""
    if not isinstance(element.tag, str) or element.tag in _DEAD_TAGS:
        return False
    return not (element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")))


def clutter(element: html.HtmlElement) -> bool:
    """Whether the element's class or id says that it is the site's own: navigation, sharing, printing, footers."""
    name = f"{element.get('class', '')} {element.get('id', '')}"
    return name != " " and bool(_CLUTTER.search(name[:300]))


def words(element: html.HtmlElement) -> str:
    """All text within an element that a browser would show, as it stands in the source."""
    return "".join(_texts(element))


def _texts(element: html.HtmlElement) -> Iterator[str]:
    # Not recursive and not itertext(): whole branches have to be left out. A stack of iterators and not of elements, so
    # that a caller who stops early has not paid for a branch with 100,000 children.
    stack: list[tuple[html.HtmlElement, Iterator[html.HtmlElement]]] = [(element, iter(element))]
    if element.text:
        yield element.text
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack and parent.tail:
                yield parent.tail
        elif alive(child):
            stack.append((child, iter(child)))
            if child.text:
                yield child.text
        elif child.tail:
            yield child.tail


def main_content(root: html.HtmlElement, budget: Budget) -> html.HtmlElement:
    """The element that holds the document; the whole body where nothing stands out.

    First by the names that content systems give it, longest text first; else the smallest element that still holds
    three fifths of the text that is not in links: beside a short notice, index card and title take up a third.
    """
    body = root.find("body")
    body = root if body is None else body
    sizes = _text_sizes(body, budget)
    total = sizes.get(body, 0)
    named = [(_rank(e), -sizes[e], e) for e in sizes if _rank(e) < len(_CONTENT_NAMES)]
    for _, size, element in sorted(named, key=lambda item: item[:2]):
        if -size >= 80 and -size * 3 >= total:
            return _with_siblings(element, sizes)
    best = body
    while True:
        inner = [child for child in best if sizes.get(child, 0) * 5 >= total * 3]
        if inner and inner[0].tag == "table" and (cell := _only_cell(inner[0], sizes)) is not None:
            best = cell
            continue
        if not inner or inner[0].tag in {"p", "table", "ul", "ol", "span"}:
            return best
        best = inner[0]


def _only_cell(table: html.HtmlElement, sizes: dict[html.HtmlElement, int]) -> html.HtmlElement | None:
    """The cell that holds all of a table's text, beside cells of links: a site's menu left or right of its pages."""
    rows = [row for part in (table, *table.findall("tbody")) for row in part if row.tag == "tr"]
    cells = [cell for row in rows for cell in row if sizes.get(cell, 0)]
    return cells[0] if len(cells) == 1 and sum(len(row) for row in rows) > 1 else None


def _with_siblings(element: html.HtmlElement, sizes: dict[html.HtmlElement, int]) -> html.HtmlElement:
    """The element, or its parent where a site puts each paragraph or part into an element of the same name."""
    parent = element.getparent()
    if parent is None:
        return element
    same = [child for child in parent if child.get("class") == element.get("class") and sizes.get(child, 0)]
    return parent if element.get("class") and len(same) > 1 else element


def _rank(element: html.HtmlElement) -> int:
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
    if element.tag in {"article", "main"} or element.get("role") == "main":
        names.append("article")
    ranks = (_CONTENT_NAMES.index(name) for name in names if name in _CONTENT_NAMES)
    return min(ranks, default=len(_CONTENT_NAMES))


def _text_sizes(body: html.HtmlElement, budget: Budget) -> dict[html.HtmlElement, int]:
    """For each element that a browser would show, the characters of text within it that are not in links."""
    sizes: dict[html.HtmlElement, int] = {}
    order: list[html.HtmlElement] = []
    stack = [body]
    while stack:
        element = stack.pop()
        if element is body or (alive(element) and not clutter(element)):
            order.append(element)
            if element.tag != "a":
                stack.extend(element)
    for element in budget.ticking(reversed(order)):
        own = 0 if element.tag == "a" else len(tidy(element.text or ""))
        own += sum(sizes.get(child, 0) + len(tidy(child.tail or "")) for child in element) if element.tag != "a" else 0
        sizes[element] = own
    return sizes


def page_metadata(root: html.HtmlElement, budget: Budget) -> dict[str, str]:
    """The page's meta tags (as named) and the fields of its index card (as printed, without blanks)."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name, content = meta.get("name") or meta.get("property"), tidy(meta.get("content") or "")
        if name and content and _TAGS_KEPT.fullmatch(name) and name.lower() not in {"viewport", "renderer"}:
            found.setdefault(name, content[:500])
    for element in budget.ticking(root.iter(*_FIELD_TAGS)):
        shown = _short(element)
        match = _FIELD.fullmatch(shown) if 2 <= len(shown) <= 200 else None
        if match is None:
            continue
        value = _NEXT_FIELD.sub("", tidy(match[2] or "")) or _neighbour(element)
        if value and not _FIELD.fullmatch(value):
            found.setdefault(re.sub(r"\s", "", match[1]), value[:200])
    return found


def is_field(text: str) -> bool:
    """Whether a cell holds the name of an index card's field and nothing else."""
    match = _FIELD.fullmatch(text)
    return match is not None and not match[2]


def _short(element: html.HtmlElement) -> str:
    """The element's text, or nothing where it is too long to be a field: looking must not cost the page squared."""
    if len(element) > 6 or sum(1 for _ in islice(element.iter(), 21)) > 20:
        return ""
    parts, length = [], 0
    for part in _texts(element):
        parts.append(part)
        length += len(part)
        if length > 600:
            return ""
    return tidy("".join(parts))


def _neighbour(element: html.HtmlElement) -> str:
    """What stands beside a field's name: the next cell or element, or the text that follows it."""
    if element.tail and tidy(element.tail):
        return tidy(element.tail).lstrip(":： ")
    following = element.getnext()
    if following is None or following.tag not in _FIELD_TAGS | {"a", "time"}:
        return ""
    return _short(following).lstrip(":： ")
