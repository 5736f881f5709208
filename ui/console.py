"""What the command line prints for people: short tables on standard output, progress and errors on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import typer

from ui.citation import in_title_marks

if TYPE_CHECKING:
    from index.build import IngestReport
    from ingest.model import PolicyDocument
    from qa.reply import Reply


class Progress(Protocol):
    """Called with how many are done, how many there are (None where unknown), and what is being worked on."""

    def __call__(self, done: int, total: int | None, label: str) -> None:
        """Show that ``done`` of ``total`` are finished and ``label`` is in hand."""


def print_json(value: Any) -> None:
    """One JSON value on standard output, and nothing else."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def fail(message: str) -> NoReturn:
    """One clear line on standard error, then exit code 2."""
    sys.stderr.write(" ".join(message.split()) + "\n")
    raise typer.Exit(2)


def warn_unreachable(servers: Sequence[str]) -> None:
    """A line on standard error where a part of the library could not be asked."""
    if servers:
        names = ", ".join(servers)
        typer.echo(
            f"※ 部分文库无法访问,结果不完整 / incomplete, part of the library can't be reached: {names}", err=True
        )


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error; silent where standard error is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    bar = RichProgress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task("", total=None)

        def show(done: int, total: int | None, label: str) -> None:
            bar.update(task, completed=done, total=total, description=label[-40:])

        yield show


def print_ingest(report: IngestReport) -> None:
    """What was found in each file and what looks wrong there."""
    for file in report.files:
        typer.echo(f"{file.name}: {file.summary}")
        for warning in file.warnings:
            typer.echo(f"  ! {warning}")
    typer.echo(report.summary)


def print_outline(documents: list[PolicyDocument]) -> None:
    """Each document with its clauses as an indented outline."""
    for document in documents:
        number = f" ({document.number})" if document.number else ""
        typer.echo(f"{document.title}{number}  [{document.doc_id}] {document.kind} · {document.status}")
        for clause in document.clauses:
            label = clause.path[-1] if clause.path else clause.text[:40]
            typer.echo(f"{'  ' * len(clause.path)}{label}")
        for warning in document.warnings:
            typer.echo(f"  ! {warning}")


def print_reply(reply: Reply) -> None:
    """The answer or refusal, its notices, and the clauses behind the markers."""
    typer.echo(reply.text)
    for notice in reply.notices:
        typer.echo(f"※ {notice}")
    for citation in reply.citations:
        number = f"({citation.document.number})" if citation.document.number else ""
        path = " › ".join(citation.clause.path)
        typer.echo(f"[{citation.marker}] {in_title_marks(citation.document.title)}{number} {path}")
