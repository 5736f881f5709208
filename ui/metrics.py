"""What the service tells Prometheus: requests, replies, refusals, the time of each stage, the line, the store."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from qa.reply import Refusal, Reply
from ui.guards import App, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from index.types import StoreStats
    from ui.admission import Line

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_ELSEWHERE: Final = "page"


class Metrics:
    """The service's figures since it started."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter("policyqa_requests", "HTTP requests", ("path", "method", "status"), registry=registry)
        self._request_s = Histogram(
            "policyqa_request_seconds", "Time to the end of the reply", ("path",), registry=registry, buckets=_SECONDS
        )
        self._replies = Counter(
            "policyqa_replies", "Answers, and refusals by their reason", ("kind", "reason"), registry=registry
        )
        self._stage_s = Histogram(
            "policyqa_stage_seconds", "Time of each stage of a reply", ("stage",), registry=registry, buckets=_SECONDS
        )
        self._turned_away = Counter("policyqa_busy", "Requests answered busy", registry=registry)
        self._running = Gauge("policyqa_questions_running", "Questions being worked on", registry=registry)
        self._waiting = Gauge("policyqa_questions_waiting", "Questions in line", registry=registry)
        self._size = Gauge("policyqa_store_items", "What the store holds", ("what",), registry=registry)
        self._bytes = Gauge("policyqa_store_bytes", "The store's size on disk", registry=registry)
        self._told_away = 0

    def reply(self, reply: Reply) -> None:
        """Counts a reply and the time of its stages."""
        refused = isinstance(reply, Refusal)
        self._replies.labels(
            "refusal" if refused else "answer", reply.reason if isinstance(reply, Refusal) else ""
        ).inc()
        for stage, took_ms in reply.timings_ms.items():
            self._stage_s.labels(stage).observe(took_ms / 1000)

    def request(self, path: str, method: str, status: int, took_s: float) -> None:
        """Counts a request; ``path`` is the route's template, of which there are few."""
        self._requests.labels(path, method, str(status)).inc()
        self._request_s.labels(path).observe(took_s)

    def page(self, stats: StoreStats, line: Line) -> bytes:
        """Everything in Prometheus's text format."""
        for what in ("documents", "clauses", "passages"):
            self._size.labels(what).set(getattr(stats, what))
        self._bytes.set(stats.disk_bytes)
        self._running.set(line.taken)
        self._waiting.set(line.waiting)
        self._turned_away.inc(line.turned_away - self._told_away)
        self._told_away = line.turned_away
        return generate_latest(self._registry)


class Measured:
    """Counts every request with its status and time."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.request(_template(scope), scope["method"], status, time.perf_counter() - started)


def _template(scope: Scope) -> str:
    """The path with its variable parts left out, so that there are as many series as routes and no more."""
    route = scope.get("route")
    path: str | None = getattr(route, "path_format", None) or getattr(route, "path", None)
    if path and path.startswith("/api"):
        return path
    return next(
        (known for known in ("/metrics", "/mcp", "/api/ask", "/api/search") if scope["path"] == known), _ELSEWHERE
    )
