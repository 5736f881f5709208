"""``policyqa bench``: the speed and scale benchmark on synthetic policies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.console import EncoderOption, JsonOption, QuestionsOption, clear_errors, out, print_json

app = typer.Typer(
    help="用合成政策测速度与规模。/ Speed and scale on synthetic policies.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def bench(
    context: typer.Context,
    clauses: Annotated[int, typer.Option("--clauses", min=40, metavar="N", help="条款数 / how many clauses")] = 10_000,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", metavar="DIR", help="保留在此,已有的接着用 / keep files and store here, or go on with them"
        ),
    ] = None,
    questions: Annotated[int, typer.Option("--questions", min=20, metavar="N", help="问题数 / questions asked")] = 200,
    crowds: Annotated[
        bool, typer.Option("--crowds/--no-crowds", help="许多人同时问 / many users at once as well")
    ] = True,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Makes a store of N clauses, asks it, changes it, and compares it with doing the same by hand."""
    if context.invoked_subcommand:
        return
    with clear_errors():
        from eval.benchmarks.scale import bench as measure
        from eval.errors import EvaluationError
        from index.encoder import load_encoder

        if folder is not None and folder.exists() and {one.name for one in folder.iterdir()} - {"policies", "store"}:
            raise EvaluationError(f"{folder} holds other files; give --folder a new folder or one of an earlier bench")
        figures = measure(clauses, load_encoder(encoder), folder, asked=questions, crowded=crowds, say=_say)
    if as_json:
        print_json(figures)
        return
    console = out()
    for name, value in figures.items():
        console.print(f"{name:22} {value}", highlight=False)


@app.command()
def growth(
    files: Annotated[list[Path], typer.Argument(metavar="FILE.json...", help="bench --json 的输出 / outputs")],
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.svg", help="画成图 / draw the latencies here")
    ] = None,
) -> None:
    """几个规模的结果排成一张表。/ Outputs at several sizes as one table, and a plot."""
    with clear_errors():
        from eval.benchmarks import growth as sizes

        runs = sizes.read_figures(files)
        if plot is not None:
            sizes.plot(runs, plot)
    sys.stdout.write(sizes.table(runs) + "\n")


@app.command()
def soak(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH...]", help="文库 / the library [samples]")
    ] = None,
    questions: QuestionsOption = None,
    users: Annotated[int, typer.Option("--users", min=1, metavar="N", help="同时的用户数 / users at once")] = 64,
    minutes: Annotated[float, typer.Option("--minutes", min=0.05, metavar="M", help="分钟 / minutes")] = 10.0,
    encoder: EncoderOption = None,
) -> None:
    """许多用户一边提问、检索,一边上传、移除。/ Many users at once for minutes: wrong answers, errors, memory."""
    with clear_errors():
        from eval.benchmarks.soak import soak as measure
        from eval.question_set import bundled_set, load_questions
        from index.encoder import load_encoder

        asked = [question.question for question in load_questions(questions or bundled_set("samples")).questions]
        print_json(measure(paths or [Path("samples")], asked, load_encoder(encoder), users=users, minutes=minutes))


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
