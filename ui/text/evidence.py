"""The clause beside the answer, and the reader of a whole document."""

from __future__ import annotations

from typing import Final

EVIDENCE: Final[dict[str, tuple[str, str]]] = {
    "evidence.title": ("依据", "Evidence"),
    "evidence.none": (
        "回答里的编号会在这里打开所引的条款，被引的字句加底色。",
        "The numbers in an answer open the cited clause here, with the quoted words marked.",
    ),
    "evidence.mark": ("引用 {n}：{document}{place}", "Citation {n}: {document}, {place}"),
    "evidence.read": ("在原文中查看", "Read in context"),
    "evidence.cite": ("复制引注", "Copy citation"),
    "evidence.link": ("复制链接", "Copy link"),
    "evidence.wrong": ("引用有误", "Citation is wrong"),
    "evidence.whole": ("显示整条", "Show the whole clause"),
    "evidence.gone": (
        "此文件已不在库中，以下是当时引用的原文。",
        "No longer in the library; these are the words cited.",
    ),
    "evidence.page": ("第 {pages} 页", "p. {pages}"),
    "evidence.found": ("检索", "Search"),
    "evidence.found.rank": ("第 {rank} 位", "rank {rank}"),
    "evidence.found.cosine": ("语义 {score}", "meaning {score}"),
    "evidence.found.bm25": ("词语 {score}", "words {score}"),
    "evidence.image": ("版面 · 第 {pages} 页", "Page image · p. {pages}"),
    "evidence.path": ("所在位置", "Place in the document"),
    "evidence.mended": (
        "此处原文排版顺序已修复，把握 {percent}%。",
        "Reading order was repaired here, {percent}% sure.",
    ),
    "report.title": ("这处引用哪里不对？", "What is wrong with this citation?"),
    "report.note": ("说明（可不填）", "Note (optional)"),
    "report.send": ("报告", "Report"),
    "report.placeholder": ("例如：应当是第十二条", "For example: it should be Article 12"),
    "reader.title": ("原文", "Document"),
    "reader.outline": ("目录", "Outline"),
    "reader.text": ("正文", "Text"),
    "reader.page": ("版面", "Page image"),
    "reader.page.alt": ("{document}第 {page} 页，所引处加底色", "{document}, page {page}, the cited place marked"),
    "reader.link": ("复制本条链接", "Copy link to this clause"),
    "reader.missing": ("原件中缺：{labels}", "Missing from the original: {labels}"),
    "reader.unnumbered": ("（无编号）", "(unnumbered)"),
    "reader.unknown": (
        "链接里的条款 {clause} 不在库中，可能已被移除或替换。",
        "The clause {clause} in this link is not in the library; it may have been removed or replaced.",
    ),
}
