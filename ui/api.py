"""The HTTP API under ``/api``, in the contract's JSON."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from qa.request import filters_from_json
from qa.wire import document_json, reply_json, search_json
from ui.access.current import current_caller
from ui.marks import read_marks
from ui.page_image import page_image
from ui.streaming import reply_events
from ui.workspace import Workspace

Json = dict[str, Any]


class Sent(BaseModel):
    """What a client sends: known fields, and text in them that can be kept and sent back."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def whole_characters(cls, sent: object) -> object:
        """Raises ValueError for half a character, which JSON can spell and no text hold."""
        try:
            json.dumps(sent, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            raise ValueError(r"holds half a character, such as \ud800") from None
        return sent


class Filters(Sent):
    """Which documents to look at; absent fields restrict nothing."""

    documents: list[str] | None = None
    issuers: list[str] | None = None
    regions: list[str] | None = None
    kinds: list[str] | None = None
    number: str | None = None
    as_of: str | None = Field(default=None, description="YYYY-MM-DD, the day on which a text must be in force")
    in_force: bool | None = None


class Question(Sent):
    """A question with the earlier turns that it may lean on."""

    question: str
    history: list[str] = Field(default_factory=list, max_length=100, description="earlier questions, oldest first")
    filters: Filters | None = None
    id: str | None = Field(default=None, max_length=200, description="comes back in the reply")


class ErrorDetail(BaseModel):
    """A stable code for programs and a sentence for people."""

    code: str
    message: str
    request_id: str | None = Field(default=None, description="finds the request in the service's log")


class ErrorReply(BaseModel):
    """What every failure looks like."""

    error: ErrorDetail


def workspace_of(request: Request) -> Workspace:
    """The workspace that the application serves."""
    found: Workspace = request.app.state.workspace
    return found


Shared = Annotated[Workspace, Depends(workspace_of)]
ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorReply, "description": "Bad input"},
    401: {"model": ErrorReply, "description": "Nobody has signed in"},
    403: {"model": ErrorReply, "description": "Sent from another site, or not allowed for this role"},
    404: {"model": ErrorReply, "description": "Unknown document"},
    413: {"model": ErrorReply, "description": "Too large"},
    422: {"model": ErrorReply, "description": "Malformed"},
    429: {"model": ErrorReply, "description": "Too many requests; Retry-After says when to come back"},
    503: {"model": ErrorReply, "description": "The store can't answer"},
}
JSON_LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/x-ndjson": {}}, "description": "One JSON object a line"}
}
router = APIRouter(prefix="/api", responses=ERRORS)


@router.get("/health", tags=["service"])
def health(workspace: Shared) -> Json:
    """Whether the service runs, how much it holds and what it runs on; only the first for whoever has not signed in."""
    stats = workspace.store.stats
    if current_caller() is None:
        return {"status": _status(workspace)}
    return {
        "status": _status(workspace),
        "unreachable": list(workspace.store.unreachable),
        "documents": stats.documents,
        "clauses": stats.clauses,
        "passages": stats.passages,
        "disk_bytes": stats.disk_bytes,
        "encoder": stats.encoder,
        "language_model": workspace.settings.language_model,
    }


def _status(workspace: Workspace) -> str:
    """``degraded`` where a server with a part of the library does not answer."""
    return "degraded" if workspace.store.unreachable else "ok"


@router.post("/ask", tags=["ask"])
def ask(
    workspace: Shared, question: Annotated[Question, Body()], accept: Annotated[str, Header()] = "application/json"
) -> Response:
    """One reply; with ``Accept: text/event-stream`` as events: ``status``, ``delta``…, then ``reply`` or ``error``."""
    filters = filters_from_json(question.filters.model_dump() if question.filters else {})
    if "text/event-stream" in accept:
        workspace.check(question.question)
        events = reply_events(workspace, question.question, question.history, filters, question.id)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})
    reply = workspace.ask(question.question, question.history, filters)
    return JSONResponse(reply_json(reply, question.id))


@router.get("/search", tags=["ask"])
def search(
    workspace: Shared,
    q: Annotated[str, Query(min_length=1, description="what to look for")],
    k: Annotated[int, Query(ge=1, le=200)] = 10,
    documents: Annotated[list[str] | None, Query()] = None,
    issuers: Annotated[list[str] | None, Query()] = None,
    regions: Annotated[list[str] | None, Query()] = None,
    kinds: Annotated[list[str] | None, Query()] = None,
    number: str | None = None,
    as_of: str | None = None,
    in_force: bool | None = None,
) -> Json:
    """Ranked clauses."""
    given = {
        "documents": documents,
        "issuers": issuers,
        "regions": regions,
        "kinds": kinds,
        "number": number,
        "as_of": as_of,
        "in_force": in_force,
    }
    return search_json(workspace.search(q, k, filters_from_json(given)))


@router.get("/documents", tags=["library"])
def documents(workspace: Shared) -> Json:
    """Every document with its metadata, without its clauses."""
    return {"documents": [document_json(document, clauses=False) for document in workspace.documents()]}


@router.get("/pages/{clause_id}.png", tags=["library"], response_class=Response)
def page_picture(
    workspace: Shared, clause_id: str, marks: str = "", page: int | None = None, excerpt: bool = False
) -> Response:
    """The page of a PDF on which a clause stands, its place marked; ``marks`` are spans such as ``12-40,50-61``.

    A clause that runs over several pages begins on the first, unless ``page`` names another of them. ``excerpt`` leaves
    out what is far from the marks.
    """
    picture = page_image(workspace, clause_id, read_marks(marks), page=page, excerpt=excerpt)
    return Response(picture, media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@router.get("/documents/{doc_id}", tags=["library"])
def document(workspace: Shared, doc_id: str) -> Json:
    """One document with its clause tree."""
    return document_json(workspace.store.document(doc_id))
