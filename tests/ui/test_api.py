from __future__ import annotations

import io
import json

import pytest
from fastapi.testclient import TestClient

from ui.workspace import Workspace

QUESTION = "骑行满一百公里补贴多少钱？"


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_health_says_what_it_runs_on(client: TestClient) -> None:
    health = client.get("/api/health").json()
    assert health["status"] == "ok"
    assert health["documents"] == 2
    assert health["clauses"] > 4
    assert health["language_model"] is None
    assert health["encoder"]


def test_ask_answers_in_the_contracts_shape(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": QUESTION, "id": "q1"}).json()
    assert reply["kind"] == "answer"
    assert reply["id"] == "q1"
    assert "二十元" in reply["answer"]
    citation = reply["citations"][0]
    assert citation["document"] == "柳河市绿色出行补贴办法"
    assert citation["path"][-1].startswith("第二条")
    assert f"[{citation['marker']}]" in reply["answer"]


def test_ask_streams_status_words_and_the_same_reply(client: TestClient) -> None:
    with client.stream("POST", "/api/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}) as got:
        assert got.headers["content-type"].startswith("text/event-stream")
        told = events(got.read().decode())
    assert told[0][0] == "status"
    assert told[-1][0] == "reply"
    words = "".join(str(data["text"]) for name, data in told if name == "delta")
    assert words == told[-1][1]["answer"]


def test_filters_of_a_question_are_obeyed(client: TestClient, workspace: Workspace) -> None:
    parking = next(d.doc_id for d in workspace.documents() if "停车" in d.title)
    reply = client.post("/api/ask", json={"question": QUESTION, "filters": {"documents": [parking]}}).json()
    assert {hit["doc_id"] for hit in reply["retrieved"]} <= {parking}


def test_search_ranks_clauses(client: TestClient) -> None:
    found = client.get("/api/search", params={"q": "骑行补贴", "k": 3}).json()
    assert found["query"] == "骑行补贴"
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]


def test_documents_are_listed_without_clauses_and_read_with_them(client: TestClient) -> None:
    listed = client.get("/api/documents").json()["documents"]
    assert all("clauses" not in one for one in listed)
    guide = next(one for one in listed if one["number"] == "柳交发〔2030〕9号")
    whole = client.get(f"/api/documents/{guide['doc_id']}").json()
    assert any(clause["label"] == "第二条" for clause in whole["clauses"])


def test_upload_reports_each_file_and_makes_it_answerable(client: TestClient) -> None:
    text = "柳河市夜间照明规定\n\n第一条　主要道路的路灯应当在日落后十分钟内开启。\n"
    files = [("files", ("照明.txt", text.encode())), ("files", ("空.txt", b""))]
    report = client.post("/api/documents", files=files).json()
    assert [file["outcome"] for file in report["files"]] == ["added", "failed"]
    assert report["files"][0]["documents"] == 1
    assert "空.txt" in report["files"][1]["error"]
    reply = client.post("/api/ask", json={"question": "夜间照明规定对路灯有什么要求？"}).json()
    assert reply["citations"][0]["document"] == "柳河市夜间照明规定"


def test_a_replacement_under_another_name_takes_the_old_file_out(client: TestClient, workspace: Workspace) -> None:
    text = "柳河市步行补贴办法\n\n第一条　步行有补贴。\n"
    answer = client.post(
        "/api/documents", params={"replaces": "绿色出行.txt"}, files=[("files", ("步行.txt", text.encode()))]
    )
    assert answer.status_code == 200
    assert sorted(file.name for file in workspace.store.files()) == ["停车.txt", "步行.txt"]


def test_a_removed_document_is_gone(client: TestClient, workspace: Workspace) -> None:
    doc_id = workspace.documents()[0].doc_id
    assert client.delete(f"/api/documents/{doc_id}").json() == {"removed": [doc_id]}
    assert client.get(f"/api/documents/{doc_id}").status_code == 404


def test_feedback_is_kept_and_exported_as_questions(client: TestClient, workspace: Workspace) -> None:
    reply = client.post("/api/ask", json={"question": QUESTION}).json()
    cited = [citation["clause_id"] for citation in reply["citations"]]
    given = {"question": QUESTION, "helpful": True, "answer": reply["answer"], "cited": cited}
    assert client.post("/api/feedback", json=given).status_code == 201
    assert workspace.store.feedback()[0].question == QUESTION
    line = json.loads(client.get("/api/feedback.jsonl").text)
    assert line["question"] == QUESTION
    assert line["gold"][0]["doc"] == "柳河市绿色出行补贴办法"


def test_what_a_reader_called_wrong_is_exported_without_gold(client: TestClient) -> None:
    client.post("/api/feedback", json={"question": QUESTION, "helpful": False, "comment": "应是第三条"})
    line = json.loads(client.get("/api/feedback.jsonl").text)
    assert line["gold"] == []
    assert line["note"] == "应是第三条"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/ask", {"question": " "}, 400, "empty_question"),
        ("POST", "/api/ask", {"question": "问" * 20_000}, 400, "question_too_long"),
        ("POST", "/api/ask", {"question": "问", "filters": {"as_of": "soon"}}, 400, "bad_filter"),
        ("POST", "/api/ask", {"question": "问", "filters": {"colour": "red"}}, 422, "malformed"),
        ("POST", "/api/ask", {}, 422, "malformed"),
        ("GET", "/api/search", None, 422, "malformed"),
        ("GET", "/api/search?q=x&k=9999", None, 422, "malformed"),
        ("GET", "/api/search?q=%E9%97%AE&as_of=x", None, 400, "bad_filter"),
        ("GET", "/api/documents/nothing", None, 404, "unknown_document"),
        ("DELETE", "/api/documents/nothing", None, 404, "unknown_document"),
        ("GET", "/api/pages/nothing.png", None, 404, "unknown_document"),
        ("POST", "/api/feedback", {"question": "", "helpful": True}, 422, "malformed"),
        ("PUT", "/api/ask", {}, 404, "not_found"),
        ("GET", "/api/nothing", None, 404, "not_found"),
        ("POST", "/api/documents", None, 422, "malformed"),
    ],
)
def test_bad_input_gets_a_code_and_a_sentence(
    client: TestClient, method: str, path: str, body: object, status: int, code: str
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert len(error["message"]) > 10


def test_a_streamed_question_that_is_too_long_is_refused_before_the_stream(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "问" * 9000}, headers={"Accept": "text/event-stream"})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "question_too_long"


def test_a_file_over_the_limit_is_refused_with_the_limit(client: TestClient, workspace: Workspace) -> None:
    before = workspace.store.generation
    answer = client.post("/api/documents", files=[("files", ("大.txt", b"x" * 2_000_000))])
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["error"]["message"]
    assert workspace.store.generation == before


def test_only_unreadable_files_is_a_400_that_names_the_first(client: TestClient) -> None:
    answer = client.post("/api/documents", files=[("files", ("坏.pdf", b"%PDF-1.7"))])
    assert answer.status_code == 400
    assert "坏.pdf" in answer.json()["error"]["message"]


def test_the_openapi_document_names_every_route_of_the_contract(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    wanted = {"/api/health", "/api/ask", "/api/search", "/api/documents", "/api/documents/{doc_id}", "/api/feedback"}
    assert wanted <= set(paths)


def test_other_assistants_find_two_tools(client: TestClient) -> None:
    pytest.importorskip("mcp")
    headers = {"Accept": "application/json, text/event-stream"}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    tools = client.post("/mcp", json=call, headers=headers).json()["result"]["tools"]
    assert sorted(tool["name"] for tool in tools) == ["ask", "search"]
    arguments = {"name": "ask", "arguments": {"question": QUESTION}}
    call = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": arguments}
    told = client.post("/mcp", json=call, headers=headers).json()["result"]
    assert "二十元" in told["content"][0]["text"]


def a_pdf() -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.add_page()
    document.set_font("Helvetica", size=12)
    for line in ("Liuhe Cycling Rules", "Article 1 Cyclists keep to the right.", "Article 2 A bell is required."):
        document.cell(text=line, new_x="LMARGIN", new_y="NEXT")
        document.ln(4)
    return bytes(document.output())


def test_the_page_of_a_pdf_is_drawn_with_its_clause_marked(client: TestClient, workspace: Workspace) -> None:
    from PIL import Image

    report = client.post("/api/documents", files=[("files", ("rules.pdf", a_pdf()))]).json()
    assert report["failed"] == 0
    doc_id = next(d.doc_id for d in workspace.documents() if d.source == "rules.pdf")
    clause = next(c for c in workspace.document(doc_id).clauses if "bell" in c.text)
    picture = client.get(f"/api/pages/{clause.clause_id}.png")
    assert picture.headers["content-type"] == "image/png"
    colours = Image.open(io.BytesIO(picture.content)).convert("RGB").getcolors(1_000_000)
    assert {colour for _, colour in colours or ()} >= {(250, 214, 92), (255, 255, 255)}


@pytest.mark.parametrize(("language", "said"), [("zh", "文件是空的。"), ("en", "the file is empty.")])
def test_an_upload_is_reported_in_the_language_that_is_asked_for(client: TestClient, language: str, said: str) -> None:
    answer = client.post("/api/documents", params={"language": language}, files={"files": ("空.txt", b"")})
    assert answer.status_code == 400
    assert answer.json()["files"][0]["error"].startswith(said)
    both = client.post("/api/documents", files={"files": ("空.txt", b"")}).json()["error"]["message"]
    assert "文件是空的" in both
    assert "the file is empty" in both
