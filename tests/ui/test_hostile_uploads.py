"""Files made to do harm, sent as a browser sends them: refused or read as text, and never obeyed."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ingest.errors import ReadError
from ui.uploads import ingest_upload
from ui.workspace import Workspace

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
TO_DOCUMENT = (
    f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
ARTICLE = "第一条　桥梁每年检查一次。"


def document(inside: str = "", head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{WORD}" xmlns:r="{OFFICE}"><w:body>'
        f"<w:p><w:r><w:t>柳河市桥梁规定</w:t></w:r></w:p><w:p><w:r><w:t>{ARTICLE}</w:t></w:r></w:p>{inside}</w:body></w:document>"
    )


def packed(**members: str | bytes) -> bytes:
    """A docx with these members beside, or in place of, the usual ones."""
    return packed_as(
        {"[Content_Types].xml": TYPES, "_rels/.rels": TO_DOCUMENT, "word/document.xml": document()} | members
    )


def packed_as(members: dict[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def send(client: TestClient, name: str, data: bytes) -> tuple[int, dict[str, Any]]:
    answer = client.post("/api/documents", files=[("files", (name, data))])
    return answer.status_code, answer.json()["files"][0]


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """An address that hostile files name, and the paths that anything fetched from it."""
    fetched: list[str] = []

    class Trap(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_POST = do_GET  # noqa: N815  the library looks for these names

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", fetched
    server.shutdown()
    server.server_close()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
BOMB = f'<!DOCTYPE w [<!ENTITY l0 "哈">{LAUGHS}]>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("笑.docx", packed(**{"word/document.xml": document("&l8;", BOMB)})),
        (
            "笑16.docx",
            packed(**{"word/document.xml": document("&l8;", BOMB).replace("UTF-8", "UTF-16").encode("utf-16")}),
        ),
        ("笑.xlsx", packed_as({"[Content_Types].xml": TYPES, "xl/workbook.xml": f"{BOMB}<workbook>&l8;</workbook>"})),
        ("笑.ofd", packed_as({"OFD.xml": f"{BOMB}<ofd>&l8;</ofd>"})),
        ("弹.docx", packed(**{"word/media/big.bin": b"\0" * 40_000_000})),
        ("弹.xlsx", packed_as({"xl/workbook.xml": b" " * 40_000_000})),
        ("逃.docx", packed(**{"../../../../tmp/escaped.txt": "escaped"})),
        ("根.docx", packed(**{"/etc/escaped.txt": "escaped"})),
        ("盘.docx", packed(**{"C:\\escaped.txt": "escaped"})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bombs_and_members_that_lead_outside_are_refused_in_both_languages(
    client: TestClient, workspace: Workspace, name: str, data: bytes
) -> None:
    before = workspace.documents()
    status, report = send(client, name, data)
    assert status == 400
    assert report["outcome"] == "failed"
    assert name in report["error"]
    assert report["error"].isascii() is False
    assert workspace.documents() == before
    assert client.post("/api/ask", json={"question": "骑行补贴多少？"}).status_code == 200


def test_an_archive_of_too_many_members_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ReadError, match=r"多\.docx"):
        ingest_upload(workspace, "多.docx", packed_as({f"word/{n}": b"" for n in range(20_001)}))


@pytest.mark.parametrize("scheme", ["file:///etc/passwd", "{trap}/xxe"])
def test_an_external_entity_is_neither_read_nor_fetched(
    client: TestClient, workspace: Workspace, trap: tuple[str, list[str]], scheme: str
) -> None:
    address, fetched = trap
    head = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{scheme.format(trap=address)}">]>'
    for name, data in (
        ("体.docx", packed(**{"word/document.xml": document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", head)})),
        ("体.ofd", packed_as({"OFD.xml": f"{head}<ofd>&x;</ofd>"})),
    ):
        assert send(client, name, data)[0] == 400
    page = f"{head}<html><body><h1>柳河市桥梁规定</h1><p>{ARTICLE}</p><p>&x;</p></body></html>"
    send(client, "体.html", page.encode())
    kept = "".join(workspace.source(file.name).text for file in workspace.store.files())
    assert "root:" not in kept
    assert fetched == []


def test_nothing_that_a_file_points_to_is_fetched(client: TestClient, trap: tuple[str, list[str]]) -> None:
    address, fetched = trap
    outside = "".join(
        f'<Relationship Id="x{n}" Type="{OFFICE}/{kind}" Target="{address}/{kind}" TargetMode="External"/>'
        for n, kind in enumerate(("attachedTemplate", "image", "oleObject", "frame", "hyperlink", "subDocument"))
    )
    field = (
        "<w:p><w:fldSimple w:instr='DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\"'><w:r><w:t>域</w:t></w:r>"
        f"</w:fldSimple></w:p><w:p><w:fldSimple w:instr='INCLUDEPICTURE \"{address}/field\"'/></w:p>"
    )
    word = packed(
        **{
            "word/document.xml": document(field),
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{outside}</Relationships>',
        }
    )
    page = (
        f'<html><head><base href="{address}/"><link rel="stylesheet" href="{address}/a.css">'
        f'<meta http-equiv="refresh" content="0;url={address}/go"><script src="{address}/a.js"></script></head><body>'
        f'<h1>柳河市桥梁规定</h1><p>{ARTICLE}</p><img src="{address}/a.png"><iframe src="{address}/f"></iframe>'
        f'<object data="{address}/o"></object></body></html>'
    )
    mark = f"# 柳河市桥梁规定\n\n{ARTICLE}\n\n![图]({address}/b.png) [链接](javascript:alert(1))\n"
    for name, data in (("外.docx", word), ("外.html", page.encode()), ("外.md", mark.encode())):
        status, report = send(client, name, data)
        assert (status, report["outcome"]) == (200, "added"), report
    for one in client.get("/api/documents").json()["documents"]:
        client.get(f"/api/documents/{one['doc_id']}")
    assert fetched == []


def test_macros_are_left_out(client: TestClient, workspace: Workspace) -> None:
    macro = b"Attribute VB_Name = AutoOpen: Shell calc"
    types = TYPES.replace("wordprocessingml.document.main", "ms-word.document.macroEnabled.main")
    status, report = send(client, "宏.docm", packed(**{"[Content_Types].xml": types, "word/vbaProject.bin": macro}))
    assert (status, report["outcome"]) == (200, "added"), report
    assert "AutoOpen" not in workspace.source("宏.docm").text
    assert ARTICLE in workspace.source("宏.docm").text


@pytest.mark.parametrize(
    "name", ["../../escaped.txt", "/etc/cron.d/escaped.txt", "..\\..\\escaped.txt", "a/../../escaped.txt"]
)
def test_a_name_that_leads_elsewhere_stays_in_the_store(
    client: TestClient, workspace: Workspace, tmp_path: Path, name: str
) -> None:
    before = {path for path in tmp_path.rglob("*") if "store" not in path.parts}
    status, _ = send(client, name, f"柳河市桥梁规定\n\n{ARTICLE}\n".encode())
    assert status == 200
    assert "escaped.txt" in {file.name for file in workspace.store.files()}
    assert {path for path in tmp_path.rglob("*") if "store" not in path.parts} == before


def test_a_link_inside_an_archive_is_not_followed(client: TestClient, workspace: Workspace) -> None:
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = 0o120777 << 16
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", TO_DOCUMENT)
        archive.writestr(link, "/etc/passwd")
    assert send(client, "链.docx", data.getvalue())[0] == 400
    assert all(file.name != "链.docx" for file in workspace.store.files())


def test_a_pdf_that_wants_to_run_something_is_read_as_text(
    client: TestClient, workspace: Workspace, trap: tuple[str, list[str]]
) -> None:
    address, fetched = trap
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>"
        b"/AA<</WC<</S/Launch/F(cmd.exe)>>>>>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 300 200]/A<</S/URI/URI("
        + address.encode()
        + b"/uri)>>>>]>>endobj\n"
        b"4 0 obj<</Length 66>>stream\nBT /F1 12 Tf 20 100 Td (Article 1. Bridges are inspected.) Tj ET\n"
        b"endstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n"
    )
    status, report = send(client, "动.pdf", pdf)
    assert status == 200, report
    assert "Bridges are inspected" in workspace.source("动.pdf").text
    assert fetched == []
