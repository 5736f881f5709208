"""What the evaluation's commands share: options, clear errors, progress on standard error, JSON on standard output."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from eval.runner import Progress

StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="存储文件夹 / the store folder [env: POLICYQA_STORE]")
]
EncoderOption = Annotated[str | None, typer.Option("--encoder", metavar="NAME", help="编码器 / encoder name or folder")]
EngineOption = Annotated[
    str | None, typer.Option("--engine", metavar="NAME", help="local milvus postgres [env: POLICYQA_ENGINE]")
]
EngineUriOption = Annotated[
    str | None,
    typer.Option("--engine-uri", metavar="URI", help="引擎地址 / the engine's address [env: POLICYQA_ENGINE_URI]"),
]
QuestionsOption = Annotated[
    Path | None, typer.Option("--questions", metavar="FILE", help="问题集 / question set [the samples' set]")
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON and nothing else")]


def fail(message: str) -> NoReturn:
    """One clear line on standard error, then exit code 2."""
    sys.stderr.write(" ".join(message.split()) + "\n")
    raise typer.Exit(2)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns the errors that a user can mend into one line and exit code 2."""
    from eval.errors import EvaluationError
    from index.encoder import EncoderError
    from index.errors import StoreError
    from ingest.errors import ReadError
    from qa.settings import SettingsError

    try:
        yield
    except (EvaluationError, EncoderError, StoreError, ReadError, SettingsError) as error:
        fail(str(error))


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """A progress bar on standard error; silent where standard error is not a terminal."""
    from rich.console import Console
    from rich.progress import Progress as RichProgress

    with RichProgress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)

        def show(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{what} {label}")

        yield show


def print_json(value: object) -> None:
    """One JSON value on standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def out() -> Console:
    """Standard output for tables; wide where it is no terminal, so that nothing is cut off."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)
