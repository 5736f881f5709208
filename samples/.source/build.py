"""Writes the docx and pdf samples from the marked-up texts beside it; run ``python samples/.source/build.py``.

The folder's name begins with a dot so that ``policyqa ingest samples`` takes the finished files only.

One line of a ``.src`` file is one paragraph, and how it begins says what it is::

    = title            # ## ### headings        ^ centred          > signature, set right
    + numbered item    - list item              ! table caption    | cells | of a row |
    --- page break     anything else is a paragraph

In docx, headings and ``+`` items carry Word's automatic numbering instead of typed numbers where the text has none.
The PDFs embed a subset of Noto Serif CJK (SIL Open Font License, Debian's fonts-noto-cjk). Dates inside the files
are fixed, so that building twice gives the same bytes wherever the libraries are the same.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from fpdf import FPDF

HERE = Path(__file__).parent
FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
SIMPLIFIED = 2
"""Number of the Simplified Chinese face inside the font collection."""
NEVER_FIRST = set("，。；：、！？）》”’…")
NEVER_LAST = set("（《“‘〔")
MADE_ON = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or one table of a source text; ``mark`` is the sign it began with, ``table`` for tables."""

    mark: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(source: str) -> Iterator[Block]:
    """The paragraphs and tables of a source text, in order."""
    rows: list[tuple[str, ...]] = []
    for line in [*source.splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            yield Block("table", rows=tuple(rows))
            rows = []
        mark, _, text = line.partition(" ")
        if mark in {"=", "#", "##", "###", "^", ">", "+", "-", "!"}:
            yield Block(mark, text.strip())
        elif line == "---":
            yield Block("---")
        elif line.strip():
            yield Block("", line)


# --- docx ---------------------------------------------------------------------------------------------------------

NUMBERING = """<w:abstractNum {ns} w:abstractNumId="{id}"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3．"/></w:lvl>
</w:abstractNum>"""
ITEMS = """<w:abstractNum {ns} w:abstractNumId="{id}"><w:multiLevelType w:val="singleLevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>"""


class Docx:
    """A Word file under construction. ``numbered`` leaves the numbers of headings to Word."""

    def __init__(self, header: str, *, numbered: bool) -> None:
        self.document = Document()
        self.numbered = numbered
        self.lists = 0
        self.in_list = False
        section = self.document.sections[0]
        section.page_height, section.page_width = Cm(29.7), Cm(21)
        section.header.paragraphs[0].text = header
        self._page_number(section.footer.paragraphs[0])
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Noto Serif CJK SC", Pt(12)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
        core = self.document.core_properties
        core.author, core.created, core.modified = "云溪市（虚构）", MADE_ON, MADE_ON
        self.outline = self._definition(NUMBERING)

    def _page_number(self, paragraph: Paragraph) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run("— ")
        paragraph._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
        paragraph.add_run(" —")

    def _definition(self, xml: str) -> int:
        numbering = self.document.part.numbering_part.element
        number = 90 + self.lists
        self.lists += 1
        abstract = parse_xml(xml.format(ns=nsdecls("w"), id=number))
        numbering.insert(0, abstract)
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )
        return number

    def _number(self, paragraph: Paragraph, definition: int, level: int) -> None:
        numbered = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{definition}"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(numbered))

    def add(self, block: Block) -> None:
        """Appends one block."""
        if block.mark != "+":
            self.in_list = False
        if block.mark == "table":
            self._table(block.rows)
        elif block.mark == "---":
            self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        elif block.mark == "=":
            self.document.add_heading(block.text, 0)
            self.outline = self._definition(NUMBERING)
        elif block.mark.startswith("#"):
            heading = self.document.add_heading(block.text, len(block.mark))
            if self.numbered:
                self._number(heading, self.outline, len(block.mark) - 1)
        elif block.mark == "+":
            if not self.in_list:
                self.items = self._definition(ITEMS)
            self.in_list = True
            self._number(self.document.add_paragraph(block.text), self.items, 0)
        else:
            paragraph = self.document.add_paragraph(("— " if block.mark == "-" else "") + block.text)
            if block.mark == "^":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif block.mark == ">":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        table = self.document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))

    def save(self, path: Path) -> None:
        """Writes the file with fixed dates inside the archive."""
        buffer = io.BytesIO()
        self.document.save(buffer)
        with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for name in made.namelist():
                out.writestr(zipfile.ZipInfo(name, (2026, 6, 1, 0, 0, 0)), made.read(name), zipfile.ZIP_DEFLATED)


# --- pdf ----------------------------------------------------------------------------------------------------------


class Pdf(FPDF):
    """A PDF under construction with a running header and page numbers, in one column or two."""

    TOP_MM, BOTTOM_MM, SIDE_MM, GUTTER_MM = 24.0, 24.0, 22.0, 8.0

    def __init__(self, header: str, *, columns: int) -> None:
        super().__init__(format="A4")
        self.running, self.columns, self.column, self.down_mm = header, columns, 0, self.TOP_MM
        self.set_creation_date(MADE_ON)
        self.add_font("serif", fname=str(FONT), collection_font_number=SIMPLIFIED)
        self.set_margins(self.SIDE_MM, self.TOP_MM, self.SIDE_MM)
        # Columns are filled line by line here, since fpdf2 itself would break the page at the foot of a column.
        self.set_auto_page_break(auto=False)
        self.body_pt = 12.0 if columns == 1 else 9.5
        self.add_page()

    def header(self) -> None:
        """The running header of every page."""
        self.set_font("serif", size=9)
        self.set_xy(self.SIDE_MM, 12)
        self.cell(0, 6, self.running, align="C", border="B")
        self.column, self.down_mm = 0, self.TOP_MM

    def footer(self) -> None:
        """The page number at the foot of every page."""
        self.set_font("serif", size=9)
        self.set_xy(self.SIDE_MM, -17)
        self.cell(0, 6, f"— {self.page_no()} —", align="C")

    @property
    def width_mm(self) -> float:
        """Width of one column in millimetres."""
        return float((self.w - 2 * self.SIDE_MM - self.GUTTER_MM * (self.columns - 1)) / self.columns)

    def add(self, block: Block) -> None:
        """Appends one block."""
        if block.mark == "table":
            self._table(block.rows)
        elif block.mark == "---":
            self.add_page()
        elif block.mark == "=":
            self.down_mm += self.body_pt * 0.4
            self._write(block.text, self.body_pt * 1.35, "C")
            self.down_mm += self.body_pt * 0.25
        elif block.mark.startswith("#"):
            self._write(block.text, self.body_pt * (1.12 if block.mark == "#" else 1.0), indent=block.mark != "#")
        else:
            align = {"^": "C", ">": "R", "!": "C"}.get(block.mark, "L")
            text = ("— " if block.mark == "-" else "") + block.text
            self._write(text, self.body_pt, align, indent=block.mark in {"", "+", "-"})

    def _write(self, text: str, size_pt: float, align: str = "L", *, indent: bool = False) -> None:
        step_mm = size_pt * 0.62
        self.set_font("serif", size=size_pt)
        for line in self._lines(("　　" if indent and not text.startswith("　") else "") + text):
            if self.down_mm + step_mm > self.h - self.BOTTOM_MM:
                self._next_column()
                self.set_font("serif", size=size_pt)
            self.set_xy(self.SIDE_MM + self.column * (self.width_mm + self.GUTTER_MM), self.down_mm)
            self.cell(self.width_mm, step_mm, line, align=align)
            self.down_mm += step_mm

    def _next_column(self) -> None:
        if self.column < self.columns - 1:
            self.column, self.down_mm = self.column + 1, self.TOP_MM
        else:
            self.add_page()

    def _lines(self, text: str) -> Iterator[str]:
        """Lines that fit the column; none begins with closing punctuation, none ends with an opening bracket."""
        room_mm = self.width_mm - 2 * self.c_margin
        units = re.findall(r"[0-9A-Za-z./%—-]+|.", text)
        line: list[str] = []
        for unit in units:
            if line and self.get_string_width("".join(line) + unit) > room_mm and unit not in NEVER_FIRST:
                carried = [line.pop()] if line[-1] in NEVER_LAST else []
                yield "".join(line)
                line = carried
            line.append(unit)
        yield "".join(line)

    def _table(self, rows: Sequence[Sequence[str]]) -> None:
        self.set_font("serif", size=9)
        self.set_xy(self.SIDE_MM, self.down_mm)
        widths = [min(max(len(row[i]) for row in rows) + 2, 24) for i in range(len(rows[0]))]
        with self.table(rows, col_widths=widths, line_height=6, first_row_as_headings=False, wrapmode="CHAR"):
            pass
        self.down_mm = self.get_y() + 2


# --- the files ----------------------------------------------------------------------------------------------------

PDFS = (
    ("04-plan.src", "04-中小企业数字化转型行动计划（2026—2028年）.pdf", "云溪市人民政府文件", 1),
    ("16-bulletin.src", "16-云溪市人民政府公报2026年第5期.pdf", "云溪市人民政府公报　2026年第5期", 2),
)
DOCXS = (
    ("05-guide.src", "05-2026年度中小企业数字化改造补贴申报指南.docx", "云溪市工业和信息化局文件", True),
    ("09-list.src", "09-2026年度数字化服务商名单.docx", "云溪市工业和信息化局", False),
    ("17-operation.src", "17-公共数据授权运营实施细则.docx", "云溪市人民政府规范性文件", False),
    ("10-draft.src", "10-数据交易管理办法（征求意见稿）.docx", "云溪市数据局　征求意见稿", False),
)


def build(target: Path = HERE.parent) -> list[Path]:
    """Writes every docx and pdf sample into ``target`` and returns their paths."""
    made = []
    for source, name, header, columns in PDFS:
        pdf = Pdf(header, columns=columns)
        for block in blocks((HERE / source).read_text("utf-8")):
            pdf.add(block)
        pdf.output(str(target / name))
        made.append(target / name)
    for source, name, header, numbered in DOCXS:
        docx = Docx(header, numbered=numbered)
        for block in blocks((HERE / source).read_text("utf-8")):
            docx.add(block)
        docx.save(target / name)
        made.append(target / name)
    return made


if __name__ == "__main__":
    for path in build():
        sys.stdout.write(f"{path.name}\n")
