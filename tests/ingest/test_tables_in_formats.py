"""One table in every format: its rows are rows with their header, and stand below the section they are printed in."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.model import ParsedFile
from ingest.pipeline import parse_bytes

sys.path.insert(0, str(Path(__file__).parent / "readers"))
import ofd_files
import pdf_files

TITLE, FIRST, SECOND, AFTER = "云溪市渔港分级指南", "一、适用范围", "二、分级标准", "三、管理要求"
ROWS = [["级别", "码头长度", "渔港"], ["一级", "六百米", "北礁渔港"], ["二级", "三百米", "望潮渔港"]]


def web_page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return (
        f"<html><body><h1>{TITLE}</h1><h2>{FIRST}</h2><p>本指南适用于本市渔港。</p><h2>{SECOND}</h2>"
        f"<p>渔港按照下表分级。</p><table>{rows}</table><h2>{AFTER}</h2><p>渔港由县级管理。</p></body></html>"
    ).encode()


def markdown() -> bytes:
    rows = [" | ".join(row).join(("| ", " |")) for row in ROWS]
    rows.insert(1, "| --- | --- | --- |")
    table = "\n".join(rows)
    return (
        f"# {TITLE}\n\n## {FIRST}\n\n本指南适用于本市渔港。\n\n## {SECOND}\n\n渔港按照下表分级。\n\n{table}\n\n"
        f"## {AFTER}\n\n渔港由县级管理。\n"
    ).encode()


def word() -> bytes:
    document = docx.Document()
    document.add_heading(TITLE, 0)
    for heading, text in ((FIRST, "本指南适用于本市渔港。"), (SECOND, "渔港按照下表分级。")):
        document.add_heading(heading, 1)
        document.add_paragraph(text)
    table = document.add_table(0, 3)
    for row in ROWS:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    document.add_heading(AFTER, 1)
    document.add_paragraph("渔港由县级管理。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = SECOND
    for row in ([TITLE], ["渔港按照下表分级。"], *ROWS):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A2:C2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(*, three_rules: bool) -> bytes:
    page = pdf_files.Page()
    page.page()
    page.text(200, 70, TITLE, 18)
    texts = [(FIRST, 110), ("本指南适用于本市渔港。", 130), (SECOND, 150), ("渔港按照下表分级。", 170)]
    for words, y in [*texts, (AFTER, 300), ("渔港由县级管理。", 320)]:
        page.text(96, y, words)
    if three_rules:
        for y in (185, 209, 257):
            page.pdf.line(72, y, 520, y)
        for y, row in zip((201, 225, 245), ROWS, strict=True):
            for x, words in zip((90, 220, 360), row, strict=True):
                page.text(x, y, words, 10)
    else:
        page.grid(72, 185, [120, 150, 150], ROWS)
    return page.bytes()


def ofd() -> bytes:
    objects = [ofd_files.text_object(70, 25, TITLE, 6)]
    texts = [(FIRST, 40), ("本指南适用于本市渔港。", 48), (SECOND, 56), ("渔港按照下表分级。", 64)]
    objects += [ofd_files.text_object(35, y, words) for words, y in [*texts, (AFTER, 110), ("渔港由县级管理。", 118)]]
    objects += [ofd_files.rule(25, y, 185, y) for y in (70, 79, 97)]
    for y, row in zip((76, 85, 93), ROWS, strict=True):
        objects += [ofd_files.text_object(x, y, words, 3.5) for x, words in zip((32, 80, 130), row, strict=True)]
    return ofd_files.package(["".join(objects)])


FILES = {
    "渔港.html": web_page,
    "渔港.md": markdown,
    "渔港.docx": word,
    "渔港.xlsx": workbook,
    "ruled.pdf": lambda: pdf(three_rules=False),
    "three.pdf": lambda: pdf(three_rules=True),
    "渔港.ofd": ofd,
}


@pytest.fixture(params=FILES)
def parsed(request: pytest.FixtureRequest) -> ParsedFile:
    return parse_bytes(request.param, FILES[request.param]())


def test_rows_are_rows_with_their_header(parsed: ParsedFile) -> None:
    (table,) = parsed.source.tables
    assert table.header_rows == 1
    assert [[parsed.source.text[slice(*span)] if span else "" for span in row] for row in table.rows] == ROWS


def test_every_row_stands_in_the_clause_of_its_section(parsed: ParsedFile) -> None:
    clauses = [clause for document in parsed.documents for clause in document.clauses]
    for row in parsed.source.tables[0].rows:
        first, last = row[0], row[-1]
        assert first is not None
        assert last is not None
        (holder,) = [c for c in clauses if any(a <= first[0] and last[1] <= b for a, b in c.spans)]
        assert holder.path[0] == SECOND
    assert all(c.path != (SECOND,) for c in clauses if "由县级管理" in c.text)
