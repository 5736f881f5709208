"""How the service is set up, for people who run it or wonder what answers them."""

from __future__ import annotations

import time
from importlib.metadata import version

from index.errors import StoreError
from index.types import Filters
from ui.failures import failure_text
from ui.render import esc, size_name
from ui.words import Words
from ui.workspace import Workspace


def status_html(workspace: Workspace, words: Words) -> str:
    """The service's settings and the store's size, as a description list."""
    stats = workspace.store.stats
    settings = workspace.settings
    told = len(workspace.store.feedback())
    limits = words("status.limits.value", mb=settings.upload_limit_mb, chars=settings.question_limit_chars)
    export = f'<a class="link" href="/api/feedback.jsonl" download>{esc(words("status.feedback.export"))}</a>'
    rows = [
        ("status.health", _health(workspace, words)),
        ("status.documents", f"{stats.documents:,}"),
        ("status.clauses", f"{stats.clauses:,}"),
        ("status.passages", f"{stats.passages:,}"),
        ("status.disk", size_name(stats.disk_bytes)),
        ("status.encoder", f"<code>{esc(stats.encoder)}</code>"),
        ("status.model", esc(settings.language_model or words("status.model.off"))),
        ("status.limits", esc(limits)),
        ("status.feedback", f"{esc(words('status.feedback.value', n=told))}{' · ' + export if told else ''}"),
        ("status.api", '<a class="link" href="/openapi.json">/openapi.json</a> · MCP <code>/mcp</code>'),
        ("status.version", esc(version("policyqa"))),
    ]
    items = "".join(f"<div><dt>{esc(words(key))}</dt><dd>{value}</dd></div>" for key, value in rows)
    return (
        f'<div class="view-head"><h2>{esc(words("status.title"))}</h2><p>{esc(words("status.lead"))}</p></div>'
        f'<dl class="status">{items}</dl>'
    )


def _health(workspace: Workspace, words: Words) -> str:
    """What a search through the store says just now: how long it took, or why there was none."""
    started = time.perf_counter()
    try:
        workspace.store.search(words("status.probe"), 1, Filters())
    except StoreError as error:
        return f'<span class="error">{esc(failure_text(error, words))}</span>'
    took_ms = round((time.perf_counter() - started) * 1000, 1)
    return f'<span class="ok">{esc(words("status.ok", ms=took_ms))}</span>'
