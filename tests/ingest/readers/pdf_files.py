"""Makes PDF files for tests with fpdf2 and a Chinese font, where the machine has one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from fpdf import FPDF

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/STHeiti Light.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
WIDTH, HEIGHT, MARGIN = 595.28, 841.89, 72.0


def chinese_font() -> str:
    """The path of a Chinese font; skips the test where there is none."""
    found = next((path for path in FONTS if Path(path).is_file()), None)
    if found is None:
        pytest.skip("no Chinese font on this machine")
    return found


class Page:
    """A PDF that is drawn on in points from the top left."""

    def __init__(self, *, chinese: bool = True) -> None:
        self.pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        self.pdf.set_auto_page_break(False)
        self.family = "helvetica"
        if chinese:
            self.pdf.add_font("cjk", "", chinese_font(), collection_font_number=2)
            self.family = "cjk"

    def page(self, *, landscape: bool = False) -> None:
        self.pdf.add_page(orientation="landscape" if landscape else "portrait")

    def text(self, x: float, y: float, words: str, size: float = 12) -> None:
        """Words whose baseline begins at (x, y)."""
        self.pdf.set_font(self.family, size=size)
        self.pdf.text(x, y, words)

    def paragraph(
        self, x: float, y: float, width: float, words: str, size: float = 12, pitch: float = 20, indent: float = 2
    ) -> float:
        """A paragraph broken by characters, its first line indented by ems; returns the next baseline."""
        per_line, first = int(width // size), int(width // size - indent)
        pieces = [words[:first]] + [words[i : i + per_line] for i in range(first, len(words), per_line)]
        for i, piece in enumerate(pieces):
            self.text(x + (indent * size if i == 0 else 0), y, piece, size)
            y += pitch
        return y

    def grid(self, x: float, y: float, widths: list[float], rows: list[list[str]], height: float = 24) -> float:
        """A ruled table; returns the y below it."""
        for row in rows:
            at = x
            for width, words in zip(widths, row, strict=True):
                self.pdf.rect(at, y, width, height)
                if words:
                    self.text(at + 4, y + height - 8, words, 10)
                at += width
            y += height
        return y

    def bytes(self, password: str | None = None) -> bytes:
        if password:
            self.pdf.set_encryption(owner_password=password + "-owner", user_password=password)
        return bytes(self.pdf.output())


@lru_cache(maxsize=1)
def notice() -> bytes:
    """Three pages with running header and footer, a paragraph over a page break, two columns, a table over pages."""
    page = Page()
    for number in (1, 2, 3):
        page.page()
        page.text(MARGIN, 40, "云溪市人民政府公报", 9)
        page.text(280, HEIGHT - 36, f"— {number} —", 9)
        if number == 1:
            page.text(150, 100, "云溪市人民政府关于印发政务数据", 20)
            page.text(190, 132, "共享管理办法的通知", 20)
            page.text(240, 164, "云政发〔2024〕12号", 12)
            y = 210.0
            for i in range(1, 10):
                y = page.paragraph(
                    MARGIN, y, 444, f"第{'一二三四五六七八九'[i - 1]}条 " + "本市各部门应当共享数据，" * 6
                )
            page.paragraph(MARGIN, y, 444, "续行" * 17)
        elif number == 2:
            page.text(MARGIN, 80, "这一段从上一页接下来。")
            for x in (MARGIN, 312.0):
                y = 120.0
                for i in range(4):
                    y = page.paragraph(
                        x, y, 210, f"{'左' if x == MARGIN else '右'}栏第{i}段，" + "数据安全工作要求，" * 5, 10.5, 18
                    )
            page.grid(
                MARGIN,
                640,
                [120, 200, 124],
                [["类别", "项目", "金额"], ["平台", "建设补助", "100万元"], ["平台", "运营补助", "50万元"]],
            )
        else:
            page.grid(MARGIN, 70, [120, 200, 124], [["类别", "项目", "金额"], ["人才", "培训补助", "20万元"]])
            page.paragraph(MARGIN, 160, 444, "本办法自2024年5月1日起施行。")
    return page.bytes()
