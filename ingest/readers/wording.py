"""What readers say to people: Chinese and English side by side, in one place.

An error has a problem and an advice, a warning is one sentence. Values are put in with ``str.format``.
"""

from __future__ import annotations

from typing import Final

from ingest.bilingual import both

_Both = tuple[str, str]

PROBLEMS: Final[dict[str, tuple[_Both, _Both]]] = {
    "empty": (
        ("文件是空的", "the file is empty"),
        ("请检查它是否复制完整，再试一次", "Check that it was copied completely and try again"),
    ),
    "no_text": (
        ("文件里没有文字", "there is no text in the file"),
        ("请换成有文字的文件", "Use a file that contains text"),
    ),
    "unsupported": (
        ("不支持 {suffix} 格式", "the format {suffix} is not supported"),
        ("可用的格式：{supported}；请转换后再试", "Convert it to one of {supported}"),
    ),
    "binary": (
        ("内容是二进制数据，不是文本", "the content is binary data, not text"),
        (
            "如果是 Word、PDF 等文件，请改回原来的扩展名；否则请另存为 UTF-8 文本",
            "Restore the extension it had (.docx, .pdf, …), or save it as UTF-8 text",
        ),
    ),
    "mismatch": (
        ("扩展名是 {suffix}，内容却是 {found}", "it is named {suffix} but contains {found}"),
        ("请改用正确的扩展名或重新导出", "Correct the extension or export the file again"),
    ),
    "encoding": (
        ("认不出文本编码", "the text encoding could not be recognised"),
        ("请另存为 UTF-8 后再试", "Save it as UTF-8 and try again"),
    ),
    "too_large": (
        ("文件有 {size} MB，上限是 {limit} MB", "the file has {size} MB, the limit is {limit} MB"),
        ("请拆分后再导入", "Split it and ingest the parts"),
    ),
    "too_many_pages": (
        ("共 {pages} 页，上限是 {limit} 页", "it has {pages} pages, the limit is {limit}"),
        ("请拆分后再导入", "Split it and ingest the parts"),
    ),
    "too_many_cells": (
        ("表格单元格超过 {limit} 个", "its tables have more than {limit} cells"),
        ("请拆分后再导入", "Split it and ingest the parts"),
    ),
    "too_much_text": (
        ("文字超过 {limit} 字", "it holds more than {limit} characters of text"),
        ("请拆分后再导入", "Split it and ingest the parts"),
    ),
    "too_slow": (
        ("读取超过 {limit} 秒", "reading took longer than {limit} s"),
        ("请拆分或重新导出后再试", "Split it or export it again"),
    ),
    "too_deep": (
        ("内容嵌套超过 {limit} 层", "its content is nested more than {limit} levels deep"),
        ("请重新导出后再试", "Export it again"),
    ),
    "bomb": (
        ("压缩包展开后过大（{detail}），可能是压缩炸弹", "it unpacks to far more than a document needs ({detail})"),
        ("请用办公软件重新另存后再试", "Save it again from the program that made it"),
    ),
    "unsafe_path": (
        ("压缩包里的路径不安全：{detail}", "it holds an unsafe path: {detail}"),
        ("请从可信来源重新获取该文件", "Get the file again from a source you trust"),
    ),
    "unsafe_xml": (
        ("内部 XML 含实体或外部引用", "its XML declares entities or refers to outside files"),
        ("请用办公软件重新另存后再试", "Save it again from the program that made it"),
    ),
    "archive": (
        ("这是压缩包，不是文档", "this is an archive, not a document"),
        ("请解压后导入里面的文件", "Unpack it and ingest the files inside"),
    ),
    "broken": (
        ("{format} 文件已损坏或不完整（{detail}）", "the {format} file is damaged or incomplete ({detail})"),
        ("请重新下载或从原程序重新导出", "Download or export it again"),
    ),
    "encrypted": (
        ("{format} 文件有密码保护", "the {format} file is protected by a password"),
        ("请去掉密码后再试", "Remove the password and try again"),
    ),
    "needs_ocr": (
        ("需要文字识别，但没有安装 OCR 组件", "it needs text recognition, which is not installed"),
        ('请运行 pip install "policyqa[ocr]"', 'Run pip install "policyqa[ocr]"'),
    ),
    "needs_office": (
        (
            "读取 {suffix} 需要 LibreOffice，但没有找到 soffice",
            "reading {suffix} needs LibreOffice; soffice was not found",
        ),
        ("请安装 LibreOffice，或另存为 {better} 后再试", "Install LibreOffice, or save it as {better}"),
    ),
    "conversion": (
        ("LibreOffice 未能转换该文件（{detail}）", "LibreOffice could not convert it ({detail})"),
        ("请另存为 {better} 后再试", "Save it as {better} and try again"),
    ),
    "memory": (
        ("读取所需内存超过 {limit} MB", "reading it needs more than {limit} MB of memory"),
        ("请拆分后再试", "Split it and try again"),
    ),
    "crashed": (
        ("读取进程意外退出（{detail}）", "the reading process died ({detail})"),
        ("文件可能已损坏，请重新导出后再试", "The file may be damaged; export it again"),
    ),
}

WARNINGS: Final[dict[str, _Both]] = {
    "replaced_bytes": (
        "有 {count} 处字节不合 {encoding} 编码，已用 \N{REPLACEMENT CHARACTER} 代替",
        "{count} byte sequences are not valid {encoding} and were replaced by \N{REPLACEMENT CHARACTER}",
    ),
    "guessed_encoding": (
        "文本编码按 {encoding} 读取，若有乱码请另存为 UTF-8",
        "read as {encoding}; save it as UTF-8 if characters look wrong",
    ),
    "picture_pages": (
        '第 {pages} 页是图片，没有读取；请安装 OCR 组件：pip install "policyqa[ocr]"',
        'pages {pages} are pictures and were not read; pip install "policyqa[ocr]" recognises them',
    ),
    "converted": (
        "由 LibreOffice 从 {suffix} 转换后读取",
        "read from {suffix} as converted by LibreOffice",
    ),
    "hidden_sheets": (
        "隐藏的工作表没有读取：{names}",
        "hidden sheets were not read: {names}",
    ),
    "recognised": (
        "第 {page} 页的文字由图片识别得来（平均把握 {score}），请与原文核对",
        "the text of page {page} was recognised from a picture (mean certainty {score}); check it against the original",
    ),
    "mismatch": (
        "扩展名是 {suffix}，内容是 {found}，已按内容读取",
        "named {suffix} but contains {found}; read as that",
    ),
}


def _both(pair: _Both, values: dict[str, object]) -> str:
    chinese, english = pair
    return both(chinese.format(**values), english.format(**values))


def problem(key: str, **values: object) -> str:
    """What is wrong, in both languages. Raises KeyError for a key that is not in the list."""
    return _both(PROBLEMS[key][0], values)


def advice(key: str, **values: object) -> str:
    """What to do about it, in both languages. Raises KeyError for a key that is not in the list."""
    return _both(PROBLEMS[key][1], values)


def warning(key: str, **values: object) -> str:
    """One sentence for people, in both languages. Raises KeyError for a key that is not in the list."""
    return _both(WARNINGS[key], values)
