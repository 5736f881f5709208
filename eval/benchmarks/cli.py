"""``policyqa bench``: the speed and scale benchmark on synthetic policies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.console import EncoderOption, JsonOption, clear_errors, out, print_json

app = typer.Typer(
    help="用合成政策测速度与规模。/ Speed and scale on synthetic policies.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def bench(
    clauses: Annotated[int, typer.Option("--clauses", min=40, metavar="N", help="条款数 / how many clauses")] = 10_000,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="DIR", help="保留在此空文件夹 / keep files and store in this empty folder"),
    ] = None,
    questions: Annotated[int, typer.Option("--questions", min=20, metavar="N", help="问题数 / questions asked")] = 200,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Makes a store of N clauses, asks it, changes it, and compares it with doing the same by hand."""
    with clear_errors():
        from eval.benchmarks.scale import bench as measure
        from eval.errors import EvaluationError
        from index.encoder import load_encoder

        if folder is not None and folder.exists() and any(folder.iterdir()):
            raise EvaluationError(f"{folder} is not empty; give --folder an empty or new folder")
        figures = measure(clauses, load_encoder(encoder), folder, asked=questions, say=_say)
    if as_json:
        print_json(figures)
        return
    console = out()
    for name, value in figures.items():
        console.print(f"{name:22} {value}", highlight=False)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
