"""Wires the line of questions and the metrics into the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.admission import Admission, Line, seats_for
from ui.metrics import CONTENT_TYPE, Measured, Metrics

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ui.workspace import Workspace

_FILES_AT_ONCE = 2
"""One is read while another is written; there is one writer."""


def add_line(app: FastAPI, workspace: Workspace) -> Metrics:
    """Adds ``/metrics`` and the line before questions and searches; what to measure requests with.

    Call it before the guards are added, so that only what they let through waits in line.
    """
    from fastapi import Response

    settings = workspace.settings
    metrics = Metrics()
    seats = seats_for(
        settings.questions_at_once, processes=settings.workers, language_model=settings.language_model is not None
    )
    line = Line(seats, settings.questions_waiting, settings.longest_wait_s)
    # One file may take as long as that to be read, so those behind it wait as long.
    changes = Line(_FILES_AT_ONCE, settings.questions_waiting, settings.parse_timeout_s)
    workspace.noted = metrics.reply

    @app.get("/metrics", include_in_schema=False)
    def tell() -> Response:
        return Response(metrics.page(workspace.store.stats, line), headers={"Content-Type": CONTENT_TYPE})

    app.add_middleware(Admission, line=line, changes=changes)
    return metrics


def add_measuring(app: FastAPI, metrics: Metrics) -> None:
    """Counts every request. Call it after everything else was added, so that refusals count too."""
    app.add_middleware(Measured, metrics=metrics)
