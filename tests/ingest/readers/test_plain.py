"""Text files: every encoding gives the same text, offsets count in exactly what the bytes decode to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.readers import read_bytes

SIMPLIFIED = (
    "云溪市数据共享管理办法\n\n第一条 为了规范本市政务数据共享，提高办事效率，制定本办法。\n"
    "第二条 本办法所称政务数据，是指各部门在工作中产生的数据。\n"
)
TRADITIONAL = (
    "雲溪市資料共享管理辦法\n\n第一條 為了規範本市政務資料共享，提高辦事效率，制定本辦法。\n"
    "第二條 本辦法所稱政務資料，是指各部門在工作中產生的資料。\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"])
def test_simplified_text_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert read_bytes("a.txt", SIMPLIFIED.encode(encoding)).text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "big5", "gb18030"])
def test_traditional_text_reads_the_same_in_every_encoding(encoding: str) -> None:
    assert read_bytes("a.txt", TRADITIONAL.encode(encoding)).text == TRADITIONAL


def test_line_endings_and_blanks_stay_as_they_are() -> None:
    text = "第一条 甲。\r\n\r\n第二条 乙。 \r第三条\u3000丙。\n"
    assert read_bytes("a.txt", text.encode()).text == text


def test_windows_quotation_marks_in_english_text() -> None:
    text = "Article 1. The “Office” means the Yunxi Data Office – café meetings aren’t minuted.\n" * 3
    assert read_bytes("a.txt", text.encode("cp1252")).text == text


def test_form_feeds_start_pages() -> None:
    found = read_bytes("a.txt", "第一页\n\f第二页\n\f".encode())
    assert [found.text[at:][:3] for at in found.page_starts] == ["第一页", "第二页"]


def test_one_bad_byte_is_replaced_and_said() -> None:
    data = SIMPLIFIED.encode() * 5
    found = read_bytes("a.txt", data[:300] + b"\xff" + data[300:])
    assert found.text.count("\ufffd") == 1
    assert "1 byte" in found.warnings[0]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t\n", "no text"),
        ("program.txt", bytes(range(256)) * 40, "binary"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(64), "binary"),
        ("packed.txt", b"\x1f\x8b\x08\x00" + bytes(range(256)), "binary"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42", ".mp4"),
        ("notes.exe", b"just words", ".exe"),
        ("zero.docx", b"", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(name, data)
    assert str(caught.value).startswith(f"{name}: ")
    assert said in str(caught.value)
    assert caught.value.advice


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_utf8_text_is_never_changed(text: str) -> None:
    try:
        found = read_bytes("a.txt", text.encode("utf-8", "ignore"))
    except ReadError as error:
        assert any(c < " " or c == "\x7f" or c in "\ufffe\uffff\ufffd" for c in text), error
    else:
        assert found.text == text.removeprefix("\ufeff")


@settings(deadline=None)
@given(st.binary(max_size=3000), st.sampled_from([".txt", ".md", "", ".exe"]))
def test_any_bytes_give_text_or_a_read_error(data: bytes, suffix: str) -> None:
    try:
        assert isinstance(read_bytes("x" + suffix, data).text, str)
    except ReadError as error:
        assert error.advice
