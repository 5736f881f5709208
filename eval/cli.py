"""``policyqa eval``: run a question set, report, compare, gate. Heavy imports happen inside the commands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from eval.outcome import Run
    from eval.runner import Progress

app = typer.Typer(
    help="评测:用问题集检验检索、引用、事实与拒答。/ Run a question set: retrieval, citations, facts, refusals.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

StoreOption = Annotated[
    Path | None, typer.Option("--store", metavar="DIR", help="存储文件夹 / the store folder [env: POLICYQA_STORE]")
]
EncoderOption = Annotated[str | None, typer.Option("--encoder", metavar="NAME", help="编码器 / encoder name or folder")]
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
    from index.errors import StoreError
    from ingest.errors import ReadError
    from qa.settings import SettingsError

    try:
        yield
    except (EvaluationError, StoreError, ReadError, SettingsError) as error:
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


@app.callback()
def evaluate(
    context: typer.Context,
    questions: QuestionsOption = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="RUN.json", help="保存本次运行,中断后可续 / save; a stopped run goes on"),
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option("--require", metavar="NAME=X", help="达不到则退出码 1,如 hit5=.9 / exit 1 where missed"),
    ] = None,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="库中缺少的文件按未答对计 / score absent gold documents as missed")
    ] = False,
) -> None:
    """运行问题集并报告 / run a question set and report."""
    if context.invoked_subcommand is not None:
        return
    from eval.gates import failures, figures, parse_gate
    from eval.summary import summarize

    with clear_errors():
        gates = [parse_gate(text) for text in require or []]
        run = run_set(questions, store, encoder, save, allow_missing=allow_missing)
        missed = failures(gates, figures(summarize(run.outcomes)))
    if as_json:
        from eval.run_file import run_json

        print_json(run_json(run))
    else:
        from rich.console import Console

        from eval.report_text import print_run

        print_run(run, Console(width=None if sys.stdout.isatty() else 160))
    for sentence in missed:
        sys.stderr.write(f"{sentence}\n")
    if missed:
        raise typer.Exit(1)


def run_set(
    questions: Path | None, store: Path | None, encoder: str | None, save: Path | None, *, allow_missing: bool
) -> Run:
    """The set asked of the store's assistant; saved, and taken up where it stopped, where ``save`` names a file."""
    from eval.opening import open_for_evaluation
    from eval.question_set import bundled_set, load_questions
    from eval.run_file import Checkpoint, write_run
    from eval.runner import run_questions
    from eval.service import DEFAULT_SET

    asked = load_questions(questions or bundled_set(DEFAULT_SET))
    with open_for_evaluation(store, encoder) as opened, progress_bar(asked.name) as progress:
        key = json.dumps({"set": asked.content_hash, **opened.description}, sort_keys=True)
        checkpoint = Checkpoint(save, key) if save else None
        run = run_questions(
            opened.assistant,
            opened.store,
            asked,
            store=opened.description,
            progress=progress,
            done=checkpoint.outcomes() if checkpoint else (),
            keep=checkpoint.keep if checkpoint else None,
            allow_missing=allow_missing,
        )
    if save and checkpoint:
        write_run(save, run)
        checkpoint.finish()
    return run


if __name__ == "__main__":
    app()
