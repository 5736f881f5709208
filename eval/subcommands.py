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
    for command in (validate, baselines, robustness, draft, external):
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


def draft(
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="写入的问题集 / the set to write")],
    count: Annotated[int, typer.Option("--count", min=1, max=2000, help="大约多少题 / about how many")] = 60,
    feedback: Annotated[
        Path | None,
        typer.Option("--feedback", metavar="EXPORT.jsonl", help="由页面导出的反馈生成 / from exported feedback"),
    ] = None,
    with_model: Annotated[
        bool, typer.Option("--with-model", help="用已配置的语言模型改写 / reword with the configured language model")
    ] = False,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    as_json: JsonOption = False,
) -> None:
    """由库中条款(或读者反馈)起草问题集,供人工审阅 / propose questions from a store's clauses, for review."""
    from eval.draft import draft_questions
    from eval.draft_model import ModelReworder
    from eval.errors import EvaluationError
    from eval.feedback import questions_from_feedback
    from eval.opening import open_store
    from eval.question_set import write_questions
    from qa.settings import load_settings
    from qa.with_model import chat_model

    with clear_errors(), open_store(store, encoder) as opened, progress_bar("draft") as progress:
        if out_file.exists():
            raise EvaluationError(
                f"{out_file} exists; a reviewed set is never overwritten, name another file with --out"
            )
        if feedback is not None:
            questions = questions_from_feedback(feedback, opened)
        else:
            model = chat_model(load_settings(store=store, encoder=encoder)) if with_model else None
            if with_model and model is None:
                raise EvaluationError("--with-model needs a language model: set POLICYQA_LANGUAGE_MODEL")
            questions = draft_questions(opened, count, ModelReworder(model) if model else None, progress)
        written = write_questions(out_file, questions)
    if as_json:
        print_json({"file": str(out_file), "questions": written})
    else:
        typer.echo(f"{out_file}: {written} 道草稿,请逐题审阅 / drafts, review each of them")


def robustness(
    questions: QuestionsOption = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    views: Annotated[
        list[str] | None, typer.Option("--view", help="typos traditional colloquial english unrelated")
    ] = None,
    as_json: JsonOption = False,
    allow_missing: AllowMissing = False,
) -> None:
    """换种问法再问:错别字、繁体、口语、英文、插入无关对话 / the same questions asked otherwise, with intervals."""
    from eval.errors import EvaluationError
    from eval.opening import open_for_evaluation
    from eval.perturb import VIEWS, load_variants, variants_of
    from eval.question_set import bundled_set, load_questions
    from eval.robustness import measure_robustness, print_robustness
    from eval.service import DEFAULT_SET

    path = questions or bundled_set(DEFAULT_SET)
    with clear_errors():
        if unknown := next((view for view in views or () if view not in VIEWS), None):
            raise EvaluationError(f"--view {unknown!r} is unknown; known are {', '.join(VIEWS)}")
        loaded, written = load_questions(path), load_variants(variants_of(path))
        with open_for_evaluation(store, encoder) as opened, progress_bar(loaded.name) as progress:
            found = measure_robustness(
                opened.assistant,
                opened.store,
                loaded,
                written,
                views=views or VIEWS,
                progress=progress,
                allow_missing=allow_missing,
            )
    if as_json:
        print_json({"set": loaded.name, "views": [view.to_json() for view in found]})
    else:
        print_robustness(found, out())
