"""The commands under ``policyqa eval``: validate, baselines and the rest. Heavy imports happen inside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.console import (
    EncoderOption,
    JsonOption,
    QuestionsOption,
    StoreOption,
    clear_errors,
    out,
    print_json,
    progress_bar,
)

AllowMissing = Annotated[
    bool, typer.Option("--allow-missing", help="库中缺少的文件按未答对计 / score absent gold documents as missed")
]


def add_to(app: typer.Typer) -> None:
    """Adds every subcommand to the evaluation's application."""
    for command in (validate, baselines, external):
        app.command()(command)


def validate(
    questions: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="问题集 / question set")],
    store: StoreOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """检查问题集:重复、库中没有的依据、依据中没有的事实;有问题则退出码 1 / check a question set against a store."""
    from eval.opening import open_store
    from eval.question_set import load_questions
    from eval.validate import validate_set

    with clear_errors():
        loaded = load_questions(questions)
        with open_store(store, encoder) as opened:
            findings = validate_set(loaded, opened)
    if as_json:
        lines = [{"id": f.id, "line": f.line, "field": f.field, "problem": f.problem} for f in findings]
        print_json({"file": str(questions), "questions": len(loaded), "findings": lines})
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(f"{questions}: {len(loaded)} 题 / questions, {len(findings)} 处问题 / findings")
    if findings:
        raise typer.Exit(1)


def baselines(
    questions: QuestionsOption = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
    allow_missing: AllowMissing = False,
) -> None:
    """与教程做法、单独 BM25、单独向量检索并列比较 / beside the tutorial pipeline, BM25 alone and dense alone."""
    from eval.baselines import compare_baselines, print_baselines
    from eval.opening import open_for_evaluation
    from eval.question_set import bundled_set, load_questions
    from eval.service import DEFAULT_SET

    with clear_errors():
        loaded = load_questions(questions or bundled_set(DEFAULT_SET))
        with open_for_evaluation(store, encoder) as opened, progress_bar(loaded.name) as progress:
            rows = compare_baselines(
                opened.store, opened.assistant, loaded, progress=progress, allow_missing=allow_missing
            )
    if as_json:
        print_json({"set": loaded.name, "systems": [row.to_json() for row in rows]})
    else:
        print_baselines(rows, loaded.name, out())


def external(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="corpus.jsonl, queries.jsonl, qrels.tsv(可 .gz / may be gzipped)")
    ],
    split: Annotated[str, typer.Option("--split", help="qrels.SPLIT.tsv 或 / or qrels/SPLIT.tsv")] = "",
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """在外部检索基准(STARD、BEIR 格式)上评测 / run an external retrieval benchmark (STARD, BEIR-style folders)."""
    from eval.beir import load_benchmark
    from eval.external import print_external, run_external
    from index.encoder import load_encoder
    from qa.settings import load_settings

    with clear_errors(), progress_bar(folder.name) as progress:
        benchmark = load_benchmark(folder, split)
        result = run_external(benchmark, load_encoder(load_settings(encoder=encoder).encoder), progress)
    if as_json:
        print_json(result.to_json())
    else:
        print_external(result, out())
