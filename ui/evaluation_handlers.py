"""What the evaluation view does when a run is started."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ui.evaluation import EvaluationError, Evaluations, Progress, Service, find_service
from ui.failures import failure_html
from ui.panels.evaluation import evaluation_frame, progress_html, result_html
from ui.render import esc
from ui.words import Words
from ui.workspace import Workspace


class EvaluationHandlers:
    """The handlers of the evaluation view, in one language. The service is looked for when the view is first opened."""

    def __init__(self, workspace: Workspace, words: Words) -> None:
        self._words = words
        self._evaluations = Evaluations(workspace)
        self._service: Service | None = None

    def frame(self) -> str:
        """The choice of question sets."""
        self._service = self._service or find_service()
        offered = self._evaluations.offered(self._service) if self._service else None
        return evaluation_frame(offered, self._words)

    def run(self, wanted: Mapping[str, Any]) -> Iterator[str]:
        """How far the run is, then what it found."""
        self._service = self._service or find_service()
        name = str(wanted.get("set") or "")
        if self._service is None:
            yield f'<p class="hint">{esc(self._words("eval.absent"))}</p>'
            return
        yield progress_html(Progress(0, None), self._words)
        earlier = self._evaluations.earlier(name)
        try:
            for news in self._evaluations.run(self._service, name):
                if isinstance(news, Progress):
                    yield progress_html(news, self._words)
                else:
                    self._evaluations.keep(name, news)
                    yield result_html(news, earlier, self._words)
        except (EvaluationError, OSError) as error:
            yield failure_html(error, self._words)
