"""Pictures and scanned pages: recognised where OCR is installed, said clearly where it is not."""

from __future__ import annotations

import importlib.util
import io
from types import SimpleNamespace

import pdf_files as make
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingest.errors import MissingExtraError, ReadError
from ingest.readers import ocr, read_bytes

WORDS = ("云溪市数据管理办法", "第一条 本市各部门应当共享数据。")
needs_ocr = pytest.mark.skipif(importlib.util.find_spec("rapidocr") is None, reason="policyqa[ocr] is not installed")


def picture(kind: str = "PNG") -> bytes:
    image = Image.new("RGB", (620, 877), "white")
    font = ImageFont.truetype(make.chinese_font(), 24, index=2)
    for i, line in enumerate(WORDS):
        ImageDraw.Draw(image).text((50, 40 + 60 * i), line, fill="black", font=font)
    out = io.BytesIO()
    image.save(out, format=kind)
    return out.getvalue()


def scan() -> bytes:
    page = make.Page(chinese=False)
    page.page()
    page.pdf.image(io.BytesIO(picture()), x=0, y=0, w=make.WIDTH)
    return page.bytes()


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine that has no RapidOCR: the module can't be found."""
    monkeypatch.setattr(ocr, "importlib", SimpleNamespace(util=SimpleNamespace(find_spec=lambda name: None)))


@pytest.mark.usefixtures("without_ocr")
def test_without_ocr_a_picture_names_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"policyqa\[ocr\]"):
        read_bytes("a.png", picture())


@pytest.mark.usefixtures("without_ocr")
def test_without_ocr_a_scanned_pdf_names_what_to_install() -> None:
    with pytest.raises(MissingExtraError, match=r"policyqa\[ocr\]"):
        read_bytes("a.pdf", scan())


@pytest.mark.usefixtures("without_ocr")
def test_without_ocr_a_scanned_page_among_others_is_a_warning() -> None:
    page = make.Page(chinese=False)
    page.page()
    page.text(72, 100, "Article 1. The Office shall publish the catalogue.")
    page.page()
    page.pdf.image(io.BytesIO(picture()), x=0, y=0, w=make.WIDTH)
    found = read_bytes("a.pdf", page.bytes())
    assert found.text.startswith("Article 1.")
    assert len(found.page_starts) == 2
    assert "pages 2 are pictures" in found.warnings[0]


@needs_ocr
@pytest.mark.slow
def test_words_of_a_scanned_page_are_recognised_in_their_places() -> None:
    found = read_bytes("a.pdf", scan())
    assert [line.replace(" ", "") for line in found.text.splitlines()] == [line.replace(" ", "") for line in WORDS]
    assert "certainty" in found.warnings[0]
    left, top, right, _ = found.regions[0].box
    assert left == pytest.approx(50 * 595 / 620, abs=8)
    assert top == pytest.approx(42 * 595 / 620, abs=10)
    assert right == pytest.approx((50 + 9 * 24) * 595 / 620, abs=12)


@needs_ocr
@pytest.mark.slow
def test_a_picture_is_a_page() -> None:
    found = read_bytes("a.jpg", picture("JPEG"))
    assert found.text.startswith(WORDS[0])
    assert found.media_type == "image/jpeg"
    assert found.page_starts == (0,)


@needs_ocr
def test_a_damaged_picture_is_refused() -> None:
    with pytest.raises(ReadError, match="image file is damaged"):
        read_bytes("a.png", picture()[:300])


def test_a_picture_named_as_text_is_refused() -> None:
    with pytest.raises(ReadError, match="contains an image"):
        read_bytes("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100))
