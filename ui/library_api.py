"""The API's ways to change the library and to say what one thinks of a reply."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, File, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import Field

from index.build import FileReport
from index.errors import StoreError
from index.types import Feedback
from ingest.bilingual import both
from ingest.errors import ReadError
from ui.api import ERRORS, JSON_LINES, Sent, Shared
from ui.feedback import evaluation_lines
from ui.guards import error_body
from ui.text import Language
from ui.uploads import ingest_upload, report_json

Json = dict[str, Any]
router = APIRouter(prefix="/api", responses=ERRORS)


class FeedbackGiven(Sent):
    """What a reader thought of a reply."""

    question: str = Field(min_length=1, max_length=20_000)
    helpful: bool
    answer: str = Field(default="", max_length=50_000)
    comment: str = Field(default="", max_length=2_000)
    cited: list[str] = Field(default_factory=list, max_length=50, description="clause ids")


@router.post("/documents", tags=["library"])
def upload(
    workspace: Shared,
    files: Annotated[list[UploadFile], File()],
    replaces: Annotated[str | None, Query(description="a file that goes once the single new one is in")] = None,
    language: Annotated[Language | None, Query(description="of the messages; both languages without it")] = None,
) -> Response:
    """Reads files into the library and reports on each; 400 where none of them could be read."""
    limit = workspace.settings.upload_limit_mb * 1_000_000
    reports = []
    for file in files:
        name = file.filename or "file"
        data = file.file.read(limit + 1)
        if len(data) > limit:
            reports.append(FileReport(name, "failed", error=_too_big(name, workspace.settings.upload_limit_mb)))
            continue
        try:
            reports.append(ingest_upload(workspace, name, data))
        except (ReadError, StoreError) as error:
            reports.append(FileReport(name, "failed", error=str(error)))
    if replaces and len(reports) == 1 and reports[0].outcome != "failed" and reports[0].name != replaces:
        workspace.remove(replaces)
    failed = sum(report.outcome == "failed" for report in reports)
    body: Json = {
        "files": [report_json(report, language) for report in reports],
        "documents": sum(report.documents for report in reports),
        "clauses": sum(report.clauses for report in reports),
        "failed": failed,
    }
    if failed == len(reports):
        body |= error_body("unreadable_file", reports[0].error or "No file could be read.")
        return JSONResponse(body, 400)
    return JSONResponse(body)


def _too_big(name: str, limit_mb: int) -> str:
    return f"{name}: " + both(
        f"超过单个文件 {limit_mb} MB 的上限，请拆分。",
        f"larger than {limit_mb} MB, the most that is accepted. Split it.",
    )


@router.delete("/documents/{doc_id}", tags=["library"])
def remove(workspace: Shared, doc_id: str) -> Json:
    """Takes a document out of the library."""
    return {"removed": list(workspace.remove(doc_id))}


@router.post("/feedback", tags=["feedback"], status_code=201)
def feedback(workspace: Shared, given: Annotated[FeedbackGiven, Body()]) -> Json:
    """Keeps what a reader thought of a reply."""
    workspace.audit.question("feedback", given.question, "helpful" if given.helpful else "not helpful")
    workspace.store.record_feedback(
        Feedback(
            question=given.question,
            helpful=given.helpful,
            at=datetime.now(UTC),
            answer=given.answer,
            comment=given.comment,
            cited=tuple(given.cited),
        )
    )
    return {"status": "ok"}


@router.get("/feedback.jsonl", tags=["feedback"], responses=JSON_LINES, response_class=PlainTextResponse)
def feedback_lines(workspace: Shared) -> Response:
    """What readers said, as question-set lines: a person still fills in the gold."""
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in evaluation_lines(workspace))
    headers = {"Content-Disposition": 'attachment; filename="policyqa-feedback.jsonl"'}
    return PlainTextResponse(lines, media_type="application/x-ndjson", headers=headers)


@router.api_route("/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
def nothing_here(request: Request, rest: str) -> Response:
    """What no route above takes; without this the page, which is mounted at the root, would answer."""
    message = f"There is no {request.method} /api/{rest[:80]}. /openapi.json lists what there is."
    return JSONResponse(error_body("not_found", message), 404)
