"""References to other documents, resolved against the store when they are read.

Ingest can follow a reference within its file; where it leads to a document of another file, it leaves the printed name.
Which document that is changes as files come and go, so it is looked up anew at each reading, by indexed names.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from index import seals
from index.prepare import title_key
from ingest.model import Clause, Reference
from ingest.numerals import NUMERAL, number

K = TypeVar("K")

_ARTICLE = re.compile(rf"第\s*({NUMERAL})\s*条(?:\s*之\s*({NUMERAL}))?")


def linked(connection: sqlite3.Connection, clause: Clause) -> Clause:
    """The clause with the targets of its references filled in where the store holds what they name.

    Raises BrokenSealError.
    """
    return resolved(clause, partial(_document, connection), partial(_labels, connection))


def resolved(
    clause: Clause,
    document: Callable[[str], tuple[K, str] | None],
    labels: Callable[[K], Iterable[tuple[str, str]]],
) -> Clause:
    """The clause with its references' targets filled in.

    ``document`` gives the (key, id) that a `title_key` stands for, ``labels`` the (label, clause id) of the articles of
    the document with that key.
    """
    if not any(reference.named and reference.target_document is None for reference in clause.references):
        return clause

    def fill(reference: Reference) -> Reference:
        key = title_key(reference.named) if reference.named and reference.target_document is None else ""
        found = document(key) if key else None
        if found is None:
            return reference
        doc_key, doc_id = found
        return replace(reference, target_document=doc_id, target_clause=_article(labels(doc_key), reference.text))

    return replace(clause, references=tuple(fill(reference) for reference in clause.references))


def _document(connection: sqlite3.Connection, key: str) -> tuple[tuple[Any, ...], str] | None:
    """(row, id) of the document of that title or alias; of several, one in force, and the latest of those."""
    row = connection.execute(
        f"SELECT {seals.DOCUMENT} FROM documents WHERE title_key = :key"  # noqa: S608
        " OR doc_key IN (SELECT doc_key FROM aliases WHERE alias_key = :key)"
        " ORDER BY status IN ('repealed', 'superseded', 'draft'), title_key != :key,"
        " coalesce(effective_on, issued_on, '') DESC, doc_key LIMIT 1",
        {"key": key},
    ).fetchone()
    return (row, seals.document(*row).doc_id) if row is not None else None


def _labels(connection: sqlite3.Connection, document: tuple[Any, ...]) -> Iterable[tuple[str, str]]:
    for row in seals.clause_rows(connection, document):
        _, _, clause_id, label, _ = seals.intact("clauses", *row)
        if "条" in label:
            yield label, clause_id


def _article(labels: Iterable[tuple[str, str]], text: str) -> str | None:
    """The id of the article that the reference's text names, None where it names none or the document lacks it."""
    wanted = _number(text)
    if wanted is None:
        return None
    return next((clause_id for label, clause_id in labels if _number(label) == wanted), None)


def _number(text: str) -> tuple[int | None, int | None] | None:
    """(12, 1) for 第十二条之一, (12, None) for 第12条."""
    match = _ARTICLE.search(text)
    if match is None:
        return None
    return number(match[1]), number(match[2]) if match[2] else None
