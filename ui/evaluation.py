"""Evaluation runs from the page: found through an entry point, since this package may not import what runs them."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Final, Protocol

from index.protocol import PolicyStore
from ingest.bilingual import both
from ui.workspace import Workspace

_log = logging.getLogger(__name__)
GROUP: Final = "policyqa.evaluation"
_KEPT_RUN: Final = "last-evaluation.json"


class Figure(Protocol):
    """A mean over questions with its 95 % interval."""

    mean: float
    low: float
    high: float
    count: int


class Result(Protocol):
    """A finished run: ``summary`` has its figures, ``run.outcomes`` one trace a question, ``failed`` the wrong ones."""

    run: Any
    summary: Any

    @property
    def by_type(self) -> Sequence[Any]:
        """Figures by question type, worst first."""

    @property
    def failed(self) -> Sequence[Any]:
        """The traces of the questions that were not answered as wanted."""


class Service(Protocol):
    """Whatever runs question sets over an open store."""

    def sets(self) -> dict[str, Path]:
        """The question sets at hand, by name."""

    def run(
        self,
        store: PolicyStore,
        questions_path: Path | None = None,
        progress: Callable[[int, int | None, str], None] | None = None,
    ) -> Result:
        """Asks a whole set."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: questions done, how many there are."""

    done: int
    total: int | None


class EvaluationError(Exception):
    """A run that could not be started or finished; the message says why."""


def find_service() -> Service | None:
    """The evaluation that is installed beside this package, None where there is none."""
    for point in entry_points(group=GROUP):
        made: Service = point.load()()
        return made
    return None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A question set as the page offers it: how many questions, and how many of the documents that they ask about.

    ``documents`` counts those that the gold names, ``held`` those of them that are in the library.
    """

    name: str
    questions: int
    documents: int
    held: int


class Evaluations:
    """One run at a time over the workspace's store, and what the run before it found."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._running = threading.Lock()

    def offered(self, service: Service) -> list[QuestionSet]:
        """The question sets, those that ask about what the library holds first."""
        titles = {name for one in self._workspace.documents() for name in (one.title, *one.aliases)}
        found = [_described(name, path, titles) for name, path in service.sets().items()]
        return sorted(found, key=lambda one: one.held / max(1, one.documents), reverse=True)

    def run(self, service: Service, set_name: str) -> Iterator[Progress | Result]:
        """How far it is, again and again, then the result. Raises EvaluationError."""
        if not self._running.acquire(blocking=False):
            raise EvaluationError(
                both("另一次评测正在进行，请等它结束", "another run is under way; wait for it to end")
            )
        try:
            yield from self._run(service, service.sets().get(set_name))
        finally:
            self._running.release()

    def _run(self, service: Service, questions: Path | None) -> Iterator[Progress | Result]:
        told: queue.Queue[Progress | Result | Exception] = queue.Queue()

        def work() -> None:
            try:
                told.put(
                    service.run(
                        self._workspace.store, questions, lambda done, total, _: told.put(Progress(done, total))
                    )
                )
            except Exception as error:  # noqa: BLE001  told to the reader by the thread that waits
                _log.exception("the evaluation failed")
                told.put(error)

        threading.Thread(target=work, name="evaluation", daemon=True).start()
        while True:
            news = told.get()
            while isinstance(news, Progress) and not told.empty():  # a reader sees the newest, not each
                news = told.get()
            if isinstance(news, Exception):
                raise EvaluationError(str(news)) from news
            yield news
            if not isinstance(news, Progress):
                return

    def earlier(self, set_name: str) -> Mapping[str, Any] | None:
        """What the last run of that set found: ``means`` by measure and ``right`` by question id."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        found = kept.get(set_name) if isinstance(kept, dict) else None
        return found if isinstance(found, dict) else None

    def keep(self, set_name: str, result: Result) -> None:
        """Keeps a run's figures for the next to be compared with."""
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            kept = {}
        kept[set_name] = {
            "means": {name: figure.mean for name, figure in result.summary.measures.items()},
            "right": {outcome.id: bool(outcome.right) for outcome in result.run.outcomes},
            "started_at": str(result.run.started_at),
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @property
    def _file(self) -> Path:
        return self._workspace.beside / _KEPT_RUN


def _described(name: str, path: Path, titles: set[str]) -> QuestionSet:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    named = {str(gold.get("doc")) for line in lines for gold in line.get("gold", ())}
    return QuestionSet(name, len(lines), len(named), len(named & titles))
