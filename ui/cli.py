"""The ``policyqa`` command. Heavy libraries are imported inside the commands, so that ``--help`` is quick."""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import maintenance
from ui.access import commands as access
from ui.access.audit_commands import note_command
from ui.batch import ask_batch, read_batch
from ui.console import fail, print_ingest, print_json, print_outline, print_reply, progress_bar, warn_unreachable
from ui.opening import clear_errors, open_store, read_settings
from ui.options import (
    AsOfOption,
    DocumentOption,
    EncoderOption,
    EngineOption,
    EngineUriOption,
    InForceOption,
    IssuerOption,
    JsonOption,
    KindOption,
    NumberOption,
    RegionOption,
    StoreOption,
    read_filters,
)

if TYPE_CHECKING:
    from qa.settings import Settings

app = typer.Typer(
    name="policyqa",
    help="政策问答:用日常语言提问,得到逐字引用、注明文件、文号与条款的回答。\n\n"
    "Ask in everyday words, get the clause that answers, word for word.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="文件或文件夹 / files or folders")],
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
) -> None:
    """读入文件,建立条款树和索引;未变的文件跳过,变了的替换。/ Read files into the store."""
    from index.build import ingest_paths

    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings, create=True) as opened, progress_bar() as progress:
        report = ingest_paths(opened, paths, progress=progress)
    note_command(settings, "ingest", ", ".join(str(path) for path in paths))
    if as_json:
        print_json(report.to_json())
    else:
        print_ingest(report)
    if report.nothing_read:
        raise typer.Exit(2)


@app.command()
def remove(
    target: Annotated[str, typer.Argument(metavar="DOC_ID_OR_FILE")],
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
) -> None:
    """移除一份文件,或一个源文件里的全部文件。/ Take documents out."""
    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings) as opened:
        removed = opened.remove(target)
    note_command(settings, "remove", target)
    if as_json:
        print_json({"removed": list(removed)})
    else:
        typer.echo("已移除 / removed: " + ", ".join(removed))


@app.command()
def outline(
    doc_id: Annotated[str | None, typer.Argument(metavar="[DOC_ID]")] = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
) -> None:
    """文件及其条款树。/ The documents and their clause trees."""
    from qa.wire import document_json

    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings) as opened:
        ids = [doc_id] if doc_id else [record.doc_id for record in opened.documents()]
        documents = [opened.document(one) for one in ids]
        missing = opened.unreachable
    warn_unreachable(missing)
    if as_json:
        listed = [document_json(document) for document in documents]
        print_json({"documents": listed, **({"unreachable": list(missing)} if missing else {})})
    else:
        print_outline(documents)


@app.command()
def source(
    file: Annotated[str, typer.Argument(metavar="FILE", help="源文件名 / name of an ingested file")],
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
) -> None:
    """从源文件提取出的文字,引文的字符位置即以此计。/ The text that spans count in."""
    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings) as opened:
        text = opened.source(file).text
    # Bytes, so that neither the terminal's encoding nor newline translation shifts an offset.
    sys.stdout.buffer.write(text.encode("utf-8"))


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="条数 / how many")] = 10,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    document: DocumentOption = None,
    issuer: IssuerOption = None,
    region: RegionOption = None,
    kind: KindOption = None,
    number: NumberOption = None,
    as_of: AsOfOption = None,
    in_force: InForceOption = None,
    as_json: JsonOption = False,
) -> None:
    """检索条款。/ Ranked clauses."""
    from qa.search import search as find
    from qa.wire import search_json

    filters = read_filters(document, issuer, region, kind, number, as_of, in_force)
    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings) as opened:
        result = find(opened, query, k, filters)
    warn_unreachable(result.unreachable)
    if as_json:
        print_json(search_json(result))
        return
    for hit in result.hits:
        typer.echo(f"{hit.rank:>3}  {hit.document.title} › {' › '.join(hit.clause.path)}")
        typer.echo(f"     {' '.join(hit.clause.text.split())[:100]}")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(metavar="QUESTION")] = None,
    history: Annotated[
        list[str] | None, typer.Option("--history", metavar="TEXT", help="先前的提问 / earlier turns, oldest first")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE.jsonl", help="逐行提问 / one question a line")
    ] = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    document: DocumentOption = None,
    issuer: IssuerOption = None,
    region: RegionOption = None,
    kind: KindOption = None,
    number: NumberOption = None,
    as_of: AsOfOption = None,
    in_force: InForceOption = None,
    as_json: JsonOption = False,
) -> None:
    """提问,得到注明条款的回答,或如实告知文件中没有。/ Ask: a cited answer or an honest refusal."""
    if (question is None) == (batch is None):
        fail("Give either a QUESTION or --batch FILE.jsonl.")
    from qa.assistant import Assistant
    from qa.wire import reply_json

    filters = read_filters(document, issuer, region, kind, number, as_of, in_force)
    questions = read_batch(batch) if batch is not None else ()
    settings = read_settings(store, encoder, engine=engine, engine_uri=engine_uri)
    with clear_errors(), open_store(settings) as opened:
        assistant = Assistant(opened, settings)
        if batch is not None:
            ask_batch(assistant, questions, filters)
            return
        reply = assistant.ask(question or "", tuple(history or ()), filters)
    if as_json:
        print_json(reply_json(reply))
    else:
        print_reply(reply)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听地址 / address [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口 / port [7860]")] = None,
    store: StoreOption = None,
    encoder: EncoderOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="回答问题的进程数 / processes that answer [1]")
    ] = None,
    read_first: Annotated[
        list[Path] | None,
        typer.Option(
            "--ingest", metavar="PATH", help="启动前先读入,未变的跳过 / ingest first, unchanged files skipped"
        ),
    ] = None,
) -> None:
    """打开聊天页面(/)和 HTTP 接口(/api)。/ The chat page and the HTTP API."""
    settings = read_settings(
        store, encoder, engine=engine, engine_uri=engine_uri, host=host, port=port, workers=workers
    )
    with clear_errors():
        if read_first:
            _ingest_first(settings, read_first)
        from ui.server import serve as run_server

        run_server(settings)


def _ingest_first(settings: Settings, paths: list[Path]) -> None:
    """Reads ``paths`` into the store before it is served; unchanged files are skipped by their hash."""
    from index.build import ingest_paths

    with open_store(settings, create=True) as opened, progress_bar() as progress:
        report = ingest_paths(opened, paths, progress=progress)
    typer.echo(report.summary, err=True)


def _add_commands() -> None:
    """Adds the commands of other rooms (eval, bench), which ``ui`` may not import, through their entry points."""
    maintenance.add_to(app)
    access.add_to(app)
    for point in sorted(entry_points(group="policyqa.commands"), key=lambda one: one.name):
        app.add_typer(point.load(), name=point.name)


# typer carries a click of its own and exports only this leaf of its tree of usage errors.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def main() -> None:
    """Runs the command line; a wrong option is one line on standard error and exit code 2, like any bad input."""
    # The matrices of one question are small: threads that share one out wait for each other longer than they work, and
    # an answer takes twice the processor time. Numpy reads this when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _add_commands()
    try:
        code = app(args=sys.argv[1:] or ["--help"], prog_name="policyqa", standalone_mode=False)
    except _UsageError as error:
        sys.stderr.write(f"policyqa: {_one_line(error)} See policyqa --help.\n")
        code = 2
    sys.exit(code if isinstance(code, int) else 0)


def _one_line(error: Exception) -> str:
    told = getattr(error, "format_message", lambda: str(error))()
    return " ".join(str(told).split())


if __name__ == "__main__":
    main()
