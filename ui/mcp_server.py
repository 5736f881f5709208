"""The Model Context Protocol at ``/mcp``: other assistants may ask and search, and get the contract's JSON."""

from __future__ import annotations

import importlib.util
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from qa.request import filters_from_json
from qa.wire import reply_json, search_json
from ui.workspace import Workspace

if TYPE_CHECKING:
    from fastapi import FastAPI

_INSTRUCTIONS = (
    "Answers questions about the policy documents in this library. Every statement of an answer is quoted from a "
    "clause and cited; where the documents do not say, the reply is a refusal. Quote the citations as they are."
)
_MOST_HITS = 50


def mount_mcp(app: FastAPI, workspace: Workspace) -> AbstractAsyncContextManager[Any]:
    """Adds ``/mcp`` to the application; what comes back must be entered while it serves.

    Without the optional package (``policyqa[mcp]``) nothing is added.
    """
    if importlib.util.find_spec("mcp") is None:
        return nullcontext()
    from fastapi import HTTPException
    from mcp.server.mcpserver import MCPServer
    from mcp.server.transport_security import TransportSecuritySettings

    server: MCPServer[Any] = MCPServer(
        "policyqa", title="政策问答 PolicyQA", instructions=_INSTRUCTIONS, log_level="WARNING"
    )

    @server.tool()
    def ask(question: str, history: list[str] | None = None, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """A cited answer or an honest refusal to a question about the policy documents.

        ``history`` holds earlier questions, oldest first. ``filters`` may name documents, issuers, regions, kinds,
        number, as_of (YYYY-MM-DD) and in_force.
        """
        return reply_json(workspace.ask(question, tuple(history or ()), filters_from_json(filters or {})))

    @server.tool()
    def search(query: str, k: int = 10, filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """The clauses that fit a query best, with their documents, numbers and places. ``k`` is at most 50."""
        wanted = min(max(k, 1), _MOST_HITS)
        return search_json(workspace.search(query, wanted, filters_from_json(filters or {})))

    # Host and origin are checked for the whole application by ui.guards.
    open_door = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = server.streamable_http_app(
        streamable_http_path="/mcp", json_response=True, stateless_http=True, transport_security=open_door
    )

    @app.get("/mcp", include_in_schema=False)
    def no_stream() -> None:
        # A stream on which nothing would ever come, since each request stands for itself, and which would never end.
        raise HTTPException(405, "Send requests by POST.", {"Allow": "POST"})

    app.router.routes.extend(inner.routes)
    return server.session_manager.run()
