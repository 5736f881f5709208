"""Makes OFD files for tests: the smallest packages that GB/T 33190 allows."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def text_object(x: float, y: float, words: str, size: float = 4.2) -> str:
    """Words whose first baseline begins at (x, y), in millimetres from the top left, every character one em wide."""
    deltas = f"g {len(words) - 1} {size}" if len(words) > 1 else ""
    return (
        f'<ofd:TextObject ID="1" Boundary="{x} {y - size} {size * len(words)} {size * 1.3}" Font="1" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}" DeltaX="{deltas}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    """A straight line."""
    return (
        f'<ofd:PathObject ID="2" Boundary="{x0} {y0} {max(x1 - x0, 0.3)} {max(y1 - y0, 0.3)}" LineWidth="0.3">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0} {y1 - y0}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def package(pages: list[str], template: str = "", **extra: bytes) -> bytes:
    """An OFD file of pages, each the objects of one layer; the template's objects stand on every page."""
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    common = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    if template:
        common += '<ofd:TemplatePage ID="99" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    members = {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        "<ofd:Title>云溪办法</ofd:Title>"
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    used = '<ofd:Template TemplateID="99"/>' if template else ""
    for i, objects in enumerate(pages):
        members[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f'<ofd:Page {NAMESPACE}>{used}<ofd:Content><ofd:Layer ID="3">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    if template:
        members["Doc_0/Tpls/Tpl_0/Content.xml"] = (
            f'<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer ID="4">{template}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for name, data in extra.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def regulation() -> bytes:
    """Two pages with a running title from the template, two articles, a table."""
    first = text_object(60, 40, "云溪市数据管理办法", 7)
    y = 60.0
    article = "第一条 本市各部门应当按照本办法的规定共享数据，不得拒绝其他部门合理的共享请求，法律另有规定的除外。"
    for i in range(0, len(article) + 2, 40):
        piece = ("　　" + article)[i : i + 40]
        first += text_object(20, y, piece, 4.2)
        y += 8
    second = text_object(28.4, 40, "补贴标准见下表：")
    for row, cells in enumerate([("项目", "金额"), ("平台建设", "100万元"), ("人才培训", "20万元")]):
        for column, words in enumerate(cells):
            second += text_object(32 + column * 60, 56 + row * 8, words)
    second += "".join(rule(30, 50 + 8 * i, 150, 50 + 8 * i) for i in range(4))
    second += "".join(rule(x, 50, x, 74) for x in (30, 90, 150))
    return package([first, second], template=text_object(20, 15, "云溪市人民政府公报", 3))
