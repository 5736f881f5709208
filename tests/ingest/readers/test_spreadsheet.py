"""Workbooks: sheets as headings, rows with their header, values as the sheet shows them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from ingest.errors import ReadError
from ingest.model import SourceText
from ingest.readers import read_bytes


def saved(workbook: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def service_list() -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "服务商名单"
    sheet.append(["云溪市2026年度服务商名单"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["区域", "名称", "补助比例", "认定日期"])
    sheet.append(["东区", "云溪数科", 0.25, dt.date(2026, 3, 1)])
    sheet.append([None, "溪云软件", 0.5, dt.date(2026, 4, 15)])
    sheet.merge_cells("A4:A5")
    sheet["C4"].number_format = sheet["C5"].number_format = "0%"
    return workbook


def read(workbook: openpyxl.Workbook) -> SourceText:
    return read_bytes("名单.xlsx", saved(workbook))


def test_sheet_title_heading_and_rows() -> None:
    found = read(service_list())
    assert found.text.splitlines() == [
        "服务商名单",
        "云溪市2026年度服务商名单",
        "区域 | 名称 | 补助比例 | 认定日期",
        "东区 | 云溪数科 | 25% | 2026-03-01",
        "东区 | 溪云软件 | 50% | 2026-04-15",
    ]
    assert [(found.text[s:e], level) for (s, e), level in found.headings] == [("服务商名单", 1)]
    (table,) = found.tables
    assert table.header_rows == 1
    assert [[found.text[slice(*span)] for span in row if span] for row in table.rows][2][0] == "东区"


def test_hidden_sheets_are_named_in_a_warning() -> None:
    workbook = service_list()
    workbook.create_sheet("内部底稿").append(["不公开"])
    workbook["内部底稿"].sheet_state = "hidden"
    found = read(workbook)
    assert "不公开" not in found.text
    assert "内部底稿" in found.warnings[0]


def test_far_away_cells_do_not_make_empty_columns() -> None:
    workbook = openpyxl.Workbook()
    workbook.active["A1"], workbook.active["CZ1"] = "甲", "乙"
    workbook.active["A3000"], workbook.active["CZ3000"] = "丙", "丁"
    assert read(workbook).text.splitlines()[1:] == ["甲 | 乙", "丙 | 丁"]


def test_an_empty_workbook_has_no_text() -> None:
    with pytest.raises(ReadError, match="no text"):
        read(openpyxl.Workbook())
