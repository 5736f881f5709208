"""``policyqa eval``: run a question set, report, compare, gate. Heavy imports happen inside the commands."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval import subcommands
from eval.console import (
    EncoderOption,
    EngineOption,
    EngineUriOption,
    JsonOption,
    QuestionsOption,
    StoreOption,
    clear_errors,
    out,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from eval.outcome import Run

app = typer.Typer(
    help="评测:用问题集检验检索、引用、事实与拒答。/ Run a question set: retrieval, citations, facts, refusals.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def evaluate(
    context: typer.Context,
    questions: QuestionsOption = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="RUN.json", help="保存本次运行,中断后可续 / save; a stopped run goes on"),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="写出 HTML 报告 / write an HTML report")
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--compare", metavar="RUN_A RUN_B", help="比较两次保存的运行 / compare two saved runs"),
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
    if compare is not None:
        _compare(*compare, as_json=as_json)
        return
    from eval.gates import failures, figures, parse_gate
    from eval.summary import summarize

    with clear_errors():
        gates = [parse_gate(text) for text in require or []]
        named = {"engine": engine, "engine_uri": engine_uri}
        run = run_set(questions, store, encoder, save, allow_missing=allow_missing, **named)
        missed = failures(gates, figures(summarize(run.outcomes)))
        if report is not None:
            from eval.report_html import write_report

            write_report(report, run)
    if as_json:
        from eval.run_file import run_json

        print_json(run_json(run))
    else:
        from eval.report_text import print_run

        print_run(run, out())
    for sentence in missed:
        sys.stderr.write(f"{sentence}\n")
    if missed:
        raise typer.Exit(1)


def run_set(
    questions: Path | None,
    store: Path | None,
    encoder: str | None,
    save: Path | None,
    *,
    allow_missing: bool,
    **named: Any,
) -> Run:
    """The set asked of the store's assistant; saved, and taken up where it stopped, where ``save`` names a file."""
    from eval.opening import open_for_evaluation
    from eval.question_set import bundled_set, load_questions
    from eval.run_file import Checkpoint, write_run
    from eval.runner import run_questions
    from eval.service import DEFAULT_SET

    asked = load_questions(questions or bundled_set(DEFAULT_SET))
    with open_for_evaluation(store, encoder, **named) as opened, progress_bar(asked.name) as progress:
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


def _compare(first: Path, second: Path, *, as_json: bool) -> None:
    from eval.compare import compare_runs, print_comparison
    from eval.run_file import read_run

    with clear_errors():
        comparison = compare_runs(read_run(first), read_run(second))
    if as_json:
        print_json(comparison.to_json())
    else:
        print_comparison(comparison, out())


subcommands.add_to(app)

if __name__ == "__main__":
    app()
