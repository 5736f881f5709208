"""OFD files: text by layout, tables from the lines drawn, the template's running title as furniture."""

from __future__ import annotations

import ofd_files as make
import pytest

from ingest.errors import ReadError
from ingest.readers import read_bytes
from ingest.readers.ofd_objects import steps


def test_text_comes_in_paragraphs_with_pages_and_furniture() -> None:
    found = read_bytes("办法.ofd", make.regulation())
    body = [line for line in found.text.splitlines() if line != "云溪市人民政府公报"]
    assert body == [
        "云溪市数据管理办法",
        "第一条 本市各部门应当按照本办法的规定共享数据，不得拒绝其他部门合理的共享请求，法律另有规定的除外。",
        "补贴标准见下表：",
        "项目 | 金额",
        "平台建设 | 100万元",
        "人才培训 | 20万元",
    ]
    assert len(found.page_starts) == 2
    assert [found.text[start:end] for start, end in found.furniture] == ["云溪市人民政府公报"] * 2
    assert found.metadata["title"] == "云溪办法"


def test_table_cells_are_spans() -> None:
    found = read_bytes("办法.ofd", make.regulation())
    (table,) = found.tables
    assert table.header_rows == 1
    assert [[found.text[slice(*span)] for span in row if span] for row in table.rows][1] == ["平台建设", "100万元"]


def test_places_are_in_points_from_the_top_left() -> None:
    found = read_bytes("办法.ofd", make.regulation())
    region = next(r for r in found.regions if found.text[slice(*r.span)] == "云溪市数据管理办法")
    assert region.page == 1
    assert region.box[0] == pytest.approx(60 * 72 / 25.4, abs=0.2)
    assert region.box[3] == pytest.approx(40 * 72 / 25.4, abs=4)


def test_repeated_distances_are_written_out() -> None:
    assert list(steps("g 3 4.2 5 g 2 1")) == [4.2, 4.2, 4.2, 5.0, 1.0, 1.0]
    assert list(steps("g x 1 oops")) == [0.0]


def test_an_encrypted_file_is_refused() -> None:
    with pytest.raises(ReadError, match="password"):
        read_bytes("a.ofd", make.package([make.text_object(1, 1, "x")], **{"Encryptions.xml": b"<x/>"}))


@pytest.mark.parametrize("missing", ["Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"])
def test_a_missing_part_is_damage(missing: str) -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make.regulation())) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name != missing:
                target.writestr(name, source.read(name))
    with pytest.raises(ReadError, match="OFD file is damaged"):
        read_bytes("a.ofd", out.getvalue())


def test_text_askew_is_left_out() -> None:
    askew = make.text_object(30, 30, "内部资料").replace('Font="1"', 'Font="1" CTM="0.7 0.7 -0.7 0.7 0 0"')
    found = read_bytes("a.ofd", make.package([make.text_object(20, 50, "正文第一条") + askew]))
    assert found.text == "正文第一条\n"
