"""Older office formats: through LibreOffice where it is installed, with advice where it is not."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import pytest

from ingest.errors import ReadError
from ingest.readers import legacy, read_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
RTF = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0 SimSun;}}\f0 Article 1. The Office shall publish.\par Article 2.\par}"


@pytest.fixture
def without_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without LibreOffice: no command of that name is found."""
    monkeypatch.setattr(legacy, "shutil", SimpleNamespace(which=lambda name: None))


@pytest.mark.usefixtures("without_office")
@pytest.mark.parametrize(("name", "better"), [("旧文.doc", ".docx"), ("旧表.xls", ".xlsx")])
def test_without_libreoffice_the_error_says_what_to_do(name: str, better: str) -> None:
    with pytest.raises(ReadError, match="LibreOffice") as caught:
        read_bytes(name, OLE)
    assert caught.value.advice.endswith(f"save it as {better}")


@pytest.mark.usefixtures("without_office")
def test_a_docx_with_a_password_is_called_encrypted() -> None:
    with pytest.raises(ReadError, match="password"):
        read_bytes("密.docx", OLE + "EncryptedPackage".encode("utf-16-le"))


def test_a_doc_that_is_a_web_page_is_read_as_one() -> None:
    found = read_bytes("网页.doc", "<html><body><p>第一条 甲。</p></body></html>".encode())
    assert found.text == "第一条 甲。\n"
    assert "HTML" in found.warnings[0]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_rtf_file_is_converted() -> None:
    found = read_bytes("a.rtf", RTF.encode())
    assert found.text.splitlines() == ["Article 1. The Office shall publish.", "Article 2."]
    assert "LibreOffice" in found.warnings[-1]
