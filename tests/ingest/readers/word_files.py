"""Makes Word files for tests: python-docx for the package, plain XML where it has no words for a feature."""

from __future__ import annotations

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

NUMBERINGS = {
    # levels as (format, text, suffix), one abstract numbering each; numId counts from 1
    1: [("chineseCounting", "第%1章", "space"), ("chineseCounting", "第%2条", "space"), ("decimal", "%2.%3", "tab")],
    2: [("chineseCounting", "%1、", "nothing"), ("chineseCounting", "（%2）", "nothing"), ("decimal", "%3.", "space")],
    3: [("bullet", "\uf0b7", "tab")],
}


def new() -> docx.document.Document:
    """An empty document with the numberings above, ids 11 to 13 (python-docx's template has ten of its own)."""
    document = docx.Document()
    root = document.part.numbering_part.element
    first_num = root.find(qn("w:num"))
    for key, levels in NUMBERINGS.items():
        shown = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:suff w:val="{suffix}"/>'
            f'{"<w:isLgl/>" if style == "decimal" else ""}<w:lvlText w:val="{text}"/></w:lvl>'
            for i, (style, text, suffix) in enumerate(levels)
        )
        first_num.addprevious(
            parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{90 + key}">{shown}</w:abstractNum>')
        )
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{90 + key}"><w:abstractNumId w:val="{90 + key}"/></w:num>')
        )
    return document


def numbered(document: docx.document.Document, text: str, key: int, level: int = 0, style: str | None = None) -> None:
    """Adds a paragraph that belongs to one of the numberings."""
    paragraph = document.add_paragraph(text, style=style)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{90 + key}"/></w:numPr>')
    )


def restart(document: docx.document.Document, key: int) -> int:
    """A second numbering of the same format that begins again at 1; returns its key."""
    root = document.part.numbering_part.element
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{190 + key}"><w:abstractNumId w:val="{90 + key}"/>'
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    return 100 + key


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data: bytes, name: str, old: bytes, new_bytes: bytes) -> bytes:
    """The package with words replaced in one member; the member is added where it is missing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            content = source.read(member)
            target.writestr(member, content.replace(old, new_bytes) if member == name else content)
        if name not in source.namelist():
            target.writestr(name, new_bytes)
    return out.getvalue()
