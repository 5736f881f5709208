"""Whatever the bytes, a reader gives a text or a ReadError, and its spans lie inside the text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import lru_cache

import ofd_files
import openpyxl
import pdf_files
import pytest
import word_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers import Limits, read_bytes

LIMITS = Limits(seconds=20, text_chars=2_000_000, cells=200_000, pages=200)
QUICK = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@lru_cache(maxsize=1)
def word() -> bytes:
    document = word_files.new()
    document.add_paragraph("云溪市数据管理办法", style="Title")
    word_files.numbered(document, "为了规范数据管理，制定本办法。", 1, 1)
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).text, table.cell(1, 1).text = "项目", "100万元"
    table.cell(1, 0).merge(table.cell(2, 0))
    return word_files.saved(document)


@lru_cache(maxsize=1)
def workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    made.active.append(["项目", "金额"])
    made.active.append(["平台", 0.5])
    made.active.merge_cells("A2:A3")
    made.save(out)
    return out.getvalue()


def page() -> bytes:
    return (
        "<html><head><title>办法</title></head><body><div class='TRS_Editor'><h1>办法</h1><p>第一条 甲。</p>"
        "<table><tr><th rowspan=2>项目</th><th>金额</th></tr><tr><td colspan=3>1</td></tr></table><ol><li>一</ol>"
    ).encode()


@lru_cache(maxsize=1)
def small_pdf() -> bytes:
    made = pdf_files.Page(chinese=False)
    made.pdf.set_compression(False)
    for _ in range(2):
        made.page()
        made.text(72, 40, "Yunxi Gazette", 9)
        made.text(72, 100, "Article 1. The Office shall publish the catalogue of public data.")
        made.grid(72, 200, [100, 100], [["Item", "Amount"], ["Platform", "100"]])
    return made.bytes()


SEEDS: dict[str, Callable[[], bytes]] = {
    "a.docx": word,
    "a.xlsx": workbook,
    "a.ofd": ofd_files.regulation,
    "a.pdf": small_pdf,
    "a.html": page,
    "a.md": "---\nt: x\n---\n# 标题\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> - **x**\n```\n".encode,
    "a.csv": '项目,金额\n"平台,甲",100\n'.encode,
    "a.txt": lambda: "第一条 甲。\n第二条 乙。\n".encode("gb18030"),
}
PACKAGES = ("a.docx", "a.xlsx", "a.ofd")


def check(name: str, data: bytes) -> SourceText | None:
    try:
        found = read_bytes(name, data, limits=LIMITS)
    except ReadError as error:
        assert str(error).startswith(name)
        assert error.advice
        return None
    spans = [s for s, _ in found.headings] + list(found.furniture) + [r.span for r in found.regions]
    spans += [cell for table in found.tables for row in table.rows for cell in row if cell] + list(found.markup)
    assert all(0 <= start <= end <= len(found.text) for start, end in spans)
    assert list(found.page_starts) == sorted(found.page_starts)
    assert found.text.strip()
    return found


def mutated(data: bytes, edits: list[tuple[float, int, bytes]], cut: float) -> bytes:
    """The bytes with pieces overwritten at relative places, then cut off."""
    changed = bytearray(data)
    for place, length, piece in edits:
        at = int(place * len(changed))
        changed[at : at + length] = piece
    return bytes(changed[: max(1, int(cut * len(changed)))])


EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.binary(max_size=30)), max_size=6)
CUTS = st.one_of(st.just(1.0), st.floats(0, 1))


@pytest.mark.parametrize("name", SEEDS)
def test_the_untouched_file_reads(name: str) -> None:
    assert check(name, SEEDS[name]()) is not None


@pytest.mark.parametrize("name", SEEDS)
@QUICK
@given(edits=EDITS, cut=CUTS)
def test_mutated_and_truncated_files(name: str, edits: list[tuple[float, int, bytes]], cut: float) -> None:
    check(name, mutated(SEEDS[name](), edits, cut))


@pytest.mark.parametrize("name", PACKAGES)
@QUICK
@given(which=st.integers(0, 30), edits=EDITS, cut=CUTS)
def test_mutated_members_of_packages(name: str, which: int, edits: list[tuple[float, int, bytes]], cut: float) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SEEDS[name]())) as source, zipfile.ZipFile(out, "w") as target:
        members = source.namelist()
        chosen = members[which % len(members)]
        for member in members:
            data = source.read(member)
            target.writestr(member, mutated(data, edits, cut) if member == chosen else data)
    check(name, out.getvalue())


@pytest.mark.parametrize("name", SEEDS)
@QUICK
@given(data=st.binary(max_size=2000), keep=st.integers(0, 16))
def test_random_bytes_behind_a_true_beginning(name: str, data: bytes, keep: int) -> None:
    check(name, SEEDS[name]()[:keep] + data)


TAGS = (
    "<table>",
    "<tr>",
    "<td>",
    "<td rowspan=9>",
    "</table>",
    "<ol>",
    "<li>",
    "<p>",
    "<div>",
    "</div>",
    "<br>",
    "<h1>",
)
SIGNS = ("第一条", "|", "---", "#", "-", ">", "`", "```", "*", ",", '"', "\n", "\r\n", " ")
MARKUP = st.sampled_from(TAGS + SIGNS)


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.csv"])
@QUICK
@given(parts=st.lists(MARKUP, max_size=60))
def test_markup_in_any_order(name: str, parts: list[str]) -> None:
    check(name, ("<html><body>字" if name == "a.html" else "字").encode() + "".join(parts).encode())


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv"])
def test_a_line_of_five_million_characters(name: str) -> None:
    start = "<html><body>" if name == "a.html" else ""
    found = read_bytes(name, (start + "数" * 5_000_000).encode())
    assert found.text.count("数") == 5_000_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", b"<html><body>" + b"<div><b>" * 50_000 + b"x"),
        ("a.html", b"<html><body><table>" + b"<tr><td rowspan=65000 colspan=1000>x" * 3_000),
        ("a.html", b"<html>" + b"<!---->" * 100_000 + b"x"),
        ("a.md", b"> " * 100_000 + b"x"),
        ("a.md", b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n"),
        ("a.csv", b'"' * 500_001),
        ("a.txt", b"\x80" * 1_000_000),
    ],
)
def test_inputs_made_to_be_slow_end(name: str, data: bytes) -> None:
    check(name, data)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_bomb_in_a_package_is_refused(name: str) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SEEDS[name]())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.namelist():
            target.writestr(member, source.read(member))
        target.writestr("bomb.xml", bytes(80 * 1024 * 1024))
    with pytest.raises(ReadError, match="unpacks to far more"):
        read_bytes(name, out.getvalue())


@pytest.mark.parametrize("name", PACKAGES)
def test_entities_in_any_part_are_refused(name: str) -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
    for declaration in (laughs, laughs.decode().encode("utf-16")):
        for member in zipfile.ZipFile(io.BytesIO(SEEDS[name]())).namelist():
            if member in {"word/document.xml", "xl/workbook.xml", "OFD.xml"}:
                data = word_files.changed(
                    SEEDS[name](), member, zipfile.ZipFile(io.BytesIO(SEEDS[name]())).read(member), declaration
                )
                with pytest.raises(ReadError, match="entities"):
                    read_bytes(name, data)
