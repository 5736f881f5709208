"""Reading in a process of its own: the same answer, and an error where a file takes too much."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import word_files as make

from ingest.errors import ReadError
from ingest.readers import Limits, read_bytes
from ingest.readers.sandbox import read_bytes_in_worker
from ingest.readers.sandbox_codec import source_from_json, source_to_json


def document() -> bytes:
    made = make.new()
    made.add_paragraph("云溪市数据管理办法", style="Title")
    table = made.add_table(rows=2, cols=2)
    for i, text in enumerate(["项目", "金额", "平台", "100万元"]):
        table.cell(i // 2, i % 2).text = text
    return make.saved(made)


def test_the_worker_reads_what_the_program_reads() -> None:
    assert read_bytes_in_worker("办法.docx", document()) == read_bytes("办法.docx", document())


def test_an_error_comes_back_as_it_was() -> None:
    with pytest.raises(ReadError) as direct:
        read_bytes("a.docx", b"PK\x03\x04broken")
    with pytest.raises(ReadError) as caught:
        read_bytes_in_worker("a.docx", b"PK\x03\x04broken")
    assert str(caught.value) == str(direct.value)


def children() -> set[str]:
    """The process ids of this process's children, zombies included; other tests may have left some running."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
            parent = stat.read_text().rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                found.add(stat.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are counted through /proc")
def test_too_little_time_is_an_error_and_leaves_no_process() -> None:
    before = children()
    with pytest.raises(ReadError, match=r"longer than 0\.01 s"):
        read_bytes_in_worker("a.txt", b"text", seconds=0.01)
    assert children() <= before


@pytest.mark.skipif(os.name != "posix", reason="address space can be bounded on POSIX systems only")
def test_too_little_memory_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(ReadError, match=r"memory|died"):
        read_bytes_in_worker("a.txt", b"word " * 8_000_000, memory_bytes=150 * 1024 * 1024)


def test_limits_reach_the_worker() -> None:
    with pytest.raises(ReadError, match="more than 10 characters"):
        read_bytes_in_worker("a.txt", b"more than ten characters", limits=Limits(text_chars=10))


def test_the_codec_refuses_spans_outside_the_text() -> None:
    source = read_bytes("办法.docx", document())
    good = source_to_json(source)
    assert source_from_json(good, source.name) == source
    for damage in ({"furniture": [[0, 999]]}, {"headings": [[[3, 2], 1]]}, {"text": None}, {"page_starts": [-1]}):
        with pytest.raises((TypeError, ValueError)):
            source_from_json({**good, **damage}, source.name)


def test_the_codec_takes_the_name_from_the_caller() -> None:
    source = read_bytes("办法.docx", document())
    data = source_to_json(replace(source, name="../else"))
    assert source_from_json(data, "办法.docx").name == "办法.docx"
