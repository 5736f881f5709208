"""Files that nest, lie about their size, or are far longer or deeper than any document: a text or a clear ReadError."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import ofd_files
import openpyxl
import pytest
import word_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_fuzz import LIMITS, PACKAGES, SEEDS, check

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.pipeline import parse_bytes, parse_source
from ingest.readers import read_bytes


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", PACKAGES)
def test_an_archive_around_a_document_is_an_archive_and_no_document(name: str) -> None:
    data = SEEDS[name]()
    for _ in range(50):
        data = zipped({name: data})
    for ending in (name, "a.zip", "a.txt"):
        with pytest.raises(ReadError):
            read_bytes(ending, data, limits=LIMITS)


@pytest.mark.parametrize("name", PACKAGES)
def test_archives_inside_a_package_are_not_opened(name: str) -> None:
    bomb = zipped({"bomb.xml": bytes(60 * 1024 * 1024)})
    inner = zipped({f"{n}.zip": bomb for n in range(20)})
    found = check(name, zipped({**members_of(SEEDS[name]()), "embedded/inner.zip": inner, f"embedded/{name}": inner}))
    assert found is not None
    assert found.text == read_bytes(name, SEEDS[name](), limits=LIMITS).text


@pytest.mark.parametrize("name", PACKAGES)
def test_a_member_that_claims_to_be_small_is_not_unpacked_beyond_that(name: str) -> None:
    chosen = {"a.docx": "word/document.xml", "a.xlsx": "xl/worksheets/sheet1.xml", "a.ofd": "OFD.xml"}[name]
    data = bytearray(zipped({**members_of(SEEDS[name]()), chosen: b" " * (64 * 1024 * 1024)}))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):  # the two places that hold a member's size
        place = -1
        while (place := data.find(sign, place + 1)) >= 0:
            struct.pack_into("<I", data, place + at, min(struct.unpack_from("<I", data, place + at)[0], 1000))
    with pytest.raises(ReadError):
        read_bytes(name, bytes(data), limits=LIMITS)


def long_word() -> bytes:
    document = word_files.new()
    document.add_paragraph("数" * 5_000_000)
    return word_files.saved(document)


def long_workbook() -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    for n in range(200):
        made.active.append([f"{n}项", "数" * 25_000])
    made.save(out)
    return out.getvalue()


def long_ofd() -> bytes:
    return ofd_files.package([ofd_files.text_object(20, 20, "数" * 500_000)])


@pytest.mark.parametrize(
    ("name", "make"), [("a.docx", long_word), ("a.xlsx", long_workbook), ("a.ofd", long_ofd)], ids=PACKAGES
)
def test_very_long_lines_in_packages_end_in_a_text_or_an_error(name: str, make: Callable[[], bytes]) -> None:
    check(name, make())


def deep_word() -> bytes:
    document = word_files.new()
    for n in range(2_000):
        document.add_heading(f"第{n}层", 1 + n % 9)
    return word_files.saved(document)


DEEP: dict[str, Callable[[], bytes]] = {
    "deep.md": lambda: "\n\n".join(f"{'#' * (1 + n % 6)} 第{n}层" for n in range(10_000)).encode(),
    "deep.txt": lambda: "\n".join(".".join(["1"] * n) + " 标题" for n in range(1, 1_500)).encode(),
    "dots.txt": ("1." * 10_000 + " 标题\n正文。\n" + "（一）" * 10_000).encode,
    "quote.md": (">" * 10_000 + " 引文\n\n" + "\n".join("  " * n + "- 项" for n in range(500))).encode,
    "list.html": ("<html><body><p>甲</p>" + "<ol><li>项" * 10_000).encode,
    "deep.docx": deep_word,
}


@pytest.mark.parametrize("name", DEEP)
def test_outlines_far_deeper_than_any_document_are_parsed_or_refused(name: str) -> None:
    try:
        parsed = parse_bytes(name, DEEP[name]())
    except ReadError as error:
        assert "255" in str(error) or "256" in str(error)
        return
    assert max(len(clause.path) for document in parsed.documents for clause in document.clauses) <= 16


PIECES = st.sampled_from(
    [
        "第一条 ",
        "第三章 ",
        "一、",
        "(一)",
        "1.",
        "(1)",
        "①",
        "一是",
        "表1 级别\n",
        "下列条件:\n",
        "此外,",
        "《通知》指出,",
        "从国内看,",
        "云溪市渔业局",
        "加快建设",
        "。",
        ":",
        ";",
        "\n",
        "\n\n",
        "\x0c",
        " | ",
        "2021年7月4日",
        "来源:",
        "附件1",
        "为此,",
        "01\n",
    ]
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=120))
def test_any_order_of_labels_and_openings_makes_a_tree(pieces: list[str]) -> None:
    text = "".join(pieces)
    for document in parse_source(SourceText("a.txt", text)).documents:
        known: set[str] = set()
        for clause in document.clauses:
            assert clause.parent_id is None or clause.parent_id in known
            assert all(0 <= a < b <= len(text) for a, b in clause.spans)
            assert all(clause.path)
            known.add(clause.clause_id)
        assert len(known) == len(document.clauses)
