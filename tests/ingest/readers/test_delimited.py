"""CSV: the file stays as it is; cells are spans of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers import read_bytes


def cells(text: str, name: str = "a.csv") -> list[list[str]]:
    found = read_bytes(name, text.encode())
    assert found.text == text
    return [[found.text[s[0] : s[1]] if s else "" for s in row] for table in found.tables for row in table.rows]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_from_the_lines(sign: str) -> None:
    text = f"项目{sign}金额\r\n平台{sign}100\r\n合计{sign}100\r\n"
    assert cells(text) == [["项目", "金额"], ["平台", "100"], ["合计", "100"]]


def test_quoted_cells_hold_delimiters_and_line_ends() -> None:
    assert cells('a,"x,y"\n"第一行\n第二行",b\n') == [["a", "x,y"], ["第一行\n第二行", "b"]]


def test_a_missing_quotation_mark_does_not_swallow_the_file() -> None:
    assert cells('a,"b\nc,d\ne,f\n') == [["a", '"b'], ["c", "d"], ["e", "f"]]


def test_the_header_row_is_known_by_its_words() -> None:
    assert read_bytes("a.csv", "项目,金额\n平台,100\n".encode()).tables[0].header_rows == 1
    assert read_bytes("a.csv", b"2021,100\n2022,200\n").tables[0].header_rows == 0


@settings(deadline=None)
@given(st.text(alphabet='ab,"\n \r;', min_size=1).filter(str.strip))
def test_cells_are_in_order_and_never_overlap(text: str) -> None:
    spans = [s for t in read_bytes("a.csv", text.encode()).tables for row in t.rows for s in row if s]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[s:e].strip() for s, e in spans)
