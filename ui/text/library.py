"""The library: files going in and out, and two versions side by side."""

from __future__ import annotations

from typing import Final

LIBRARY: Final[dict[str, tuple[str, str]]] = {
    "library.title": ("文库", "Library"),
    "library.lead": (
        "拖入 txt、md、html、docx、pdf、xlsx 文件，读成条款后即可提问。文件不离开本机。",
        "Drop in txt, md, html, docx, pdf or xlsx files; once read into clauses they can be asked about. "
        "Files stay on this machine.",
    ),
    "library.drop": ("把文件拖到这里，或", "Drop files here, or"),
    "library.choose": ("选择文件", "choose files"),
    "library.limit": ("单个文件不超过 {mb} MB", "{mb} MB a file at most"),
    "library.too_big": (
        "{name} 有 {size}，超过单个文件 {mb} MB 的上限，未上传。",
        "{name} is {size}, over the limit of {mb} MB a file; it was not uploaded.",
    ),
    "library.uploading": ("上传中", "Uploading"),
    "library.reading": ("正在读成条款", "Reading into clauses"),
    "library.done": ("已入库：{documents} 份文件，{clauses} 条条款", "Added: {documents} documents, {clauses} clauses"),
    "library.unchanged": ("内容未变，已跳过", "Unchanged, skipped"),
    "library.search": ("搜索标题、文号、机关", "Search title, number, issuer"),
    "library.count": ("{n} 份文件", "{n} documents"),
    "library.columns.title": ("文件", "Document"),
    "library.columns.actions": ("操作", "Actions"),
    "library.read": ("阅读", "Read"),
    "library.replace": ("替换", "Replace"),
    "library.reingest": ("重新读入", "Read again"),
    "library.remove": ("移除", "Remove"),
    "library.remove.ask": ("从库中移除“{name}”？", "Remove “{name}” from the library?"),
    "library.remove.detail": (
        "同一源文件中的文件将一并移除：{titles}。需要时可重新上传。",
        "Everything read from that file goes with it: {titles}. It can be uploaded again.",
    ),
    "library.removed": ("已移除 {name}。", "{name} was removed."),
    "library.reread": ("{name} 已重新读入。", "{name} was read again."),
    "library.lost": (
        "上传中断，库里的内容没有变。请重试。",
        "The upload was cut off; the library is as it was. Try again.",
    ),
    "library.first": ("{n} 份文件，列出前 {shown} 份", "{n} documents, the first {shown} listed"),
    "library.remove.one": ("只移除这一份，同文件的其他不动。", "Only this one goes; others from its file stay."),
    "library.columns.size": ("大小", "Size"),
    "library.columns.read_at": ("读入时间", "Read"),
    "library.empty": ("没有符合条件的文件。", "No document matches."),
    "library.warnings": ("{n} 处提醒", "{n} warnings"),
    "library.files": ("源文件", "Files"),
    "compare.title": ("版本对照", "Compare versions"),
    "compare.lead": (
        "选两份文件，条款并排，不同之处加底色。",
        "Choose two documents: clauses side by side, differences marked.",
    ),
    "compare.left": ("旧", "Earlier"),
    "compare.right": ("新", "Later"),
    "compare.go": ("对照", "Compare"),
    "compare.same": ("另有 {n} 条两份相同，未列出。", "{n} further clauses are the same in both and not listed."),
    "compare.only": ("此份没有", "not in this one"),
    "compare.summary": (
        "{changed} 处修改，{added} 处新增，{removed} 处删除",
        "{changed} changed, {added} added, {removed} gone",
    ),
}
