"""Answers made in several processes over one store: one process can use no more than one processor for them."""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from index.errors import StoreError
from index.types import Filters
from qa.assistant import Assistant
from qa.heap import keep_heap_small
from qa.reply import Answer, Reply

if TYPE_CHECKING:
    from index.protocol import PolicyStore
    from qa.settings import Settings

Open = Callable[["Settings"], "PolicyStore"]
"""Opens the store in a process of its own; a function that can be sent there."""
_WARM_UP = "适用范围"
_log = logging.getLogger(__name__)


class PooledAssistant(Assistant):
    """Answers as `Assistant` does, each question in one of ``processes`` others; needs closing.

    A process that dies takes down no more than the questions that it was at, which are asked once more. With a language
    model questions are answered here: they wait for the model and not for a processor.
    """

    def __init__(self, store: PolicyStore, settings: Settings, processes: int, open_store: Open) -> None:
        super().__init__(store, settings)
        self._given = settings
        self._processes = processes
        self._open = open_store
        self._lock = threading.Lock()
        self._executor = self._fresh()

    def stream(
        self,
        question: str,
        history: Sequence[str] = (),
        filters: Filters = Filters(),  # noqa: B008  frozen
    ) -> Iterator[str | Reply]:
        """The text, then the `Reply` itself. Raises StoreError where the store can't be read."""
        if self._model is not None:
            yield from super().stream(question, history, filters)
            return
        reply = self._answered(question, tuple(history), filters)
        if isinstance(reply, Answer):
            yield reply.text
        yield reply

    def warm_up(self) -> None:
        """Waits until every process has loaded what answers need. Raises StoreError where one can't open the store."""
        with self._lock:
            executor = self._executor
        wait([executor.submit(_answer, _WARM_UP, (), Filters()) for _ in range(self._processes)])

    def close(self) -> None:
        """Ends the processes."""
        self._executor.shutdown(cancel_futures=True)

    def _answered(self, question: str, history: tuple[str, ...], filters: Filters) -> Reply:
        executor = self._executor
        try:
            return executor.submit(_answer, question, history, filters).result()
        except BrokenProcessPool:
            executor = self._renewed(executor)
        try:
            return executor.submit(_answer, question, history, filters).result()
        except BrokenProcessPool as error:
            raise StoreError(
                "the processes that answer end as soon as they start, perhaps for lack of memory; "
                "serve with fewer: --workers 1"
            ) from error

    def _renewed(self, broken: ProcessPoolExecutor) -> ProcessPoolExecutor:
        with self._lock:
            if self._executor is broken:
                self._executor = self._fresh()
            return self._executor

    def _fresh(self) -> ProcessPoolExecutor:
        # spawn: this process has threads (a server, tantivy), which a fork would freeze
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, context, initializer=_start, initargs=(self._open, self._given))


_assistant: Assistant | None = None


def _start(open_store: Open, settings: Settings) -> None:
    global _assistant  # noqa: PLW0603  a process has one
    keep_heap_small()
    _assistant = Assistant(open_store(settings), settings)
    _assistant.ask(_WARM_UP)
    # beside the questions, which should not wait for it
    threading.Thread(target=_make_ready, args=(_assistant,), daemon=True).start()


def _make_ready(assistant: Assistant) -> None:
    try:
        assistant.make_ready()
    except StoreError:
        _log.warning("clauses could not be made ready ahead of questions", exc_info=True)


def _answer(question: str, history: tuple[str, ...], filters: Filters) -> Reply:
    assert _assistant is not None
    return _assistant.ask(question, history, filters)
