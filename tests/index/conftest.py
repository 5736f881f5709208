"""Small policies and an encoder of a few lines, so that every test of the store takes milliseconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.store import Store
from index.tokens import terms
from ingest.model import Clause, Kind, ParsedFile, PolicyDocument, SourceText, Status


class TermEncoder:
    """A real if crude encoder: every term has a fixed random direction, a text is the sum of its terms."""

    def __init__(self, name: str = "terms", dim: int = 16) -> None:
        self.name = name
        self.dim = dim

    @property
    def revision(self) -> str:
        return f"{self.name}-1"

    def encode(self, texts: Sequence[str], role: str) -> np.ndarray:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for index, text in enumerate(texts):
            for term in terms(text):
                seed = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "big")
                rows[index] += np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def policy(
    name: str,
    *articles: str,
    title: str | None = None,
    number: str | None = None,
    kind: Kind = Kind.REGULATION,
    status: Status = Status.IN_FORCE,
    issuers: tuple[str, ...] = (),
    region: str | None = None,
    effective_on: date | None = None,
    expires_on: date | None = None,
) -> ParsedFile:
    """A file with one document of one clause per article."""
    title = title or name
    text = "\n".join((title, *articles))
    clauses: list[Clause] = []
    at = len(title) + 1
    for count, article in enumerate(articles, 1):
        label = f"第{count}条"
        clauses.append(Clause(f"{name}.{count}", (label,), label, "", ((at, at + len(article)),), article))
        at += len(article) + 1
    document = PolicyDocument(
        doc_id=f"doc-{name}",
        title=title,
        source=name,
        kind=kind,
        status=status,
        number=number,
        issuers=issuers,
        region=region,
        effective_on=effective_on,
        expires_on=expires_on,
        clauses=tuple(clauses),
    )
    return ParsedFile(SourceText(name, text), (document,))


def raw(file: ParsedFile) -> bytes:
    """The bytes that such a file would have on disk."""
    return file.source.text.encode()


@pytest.fixture
def encoder() -> TermEncoder:
    return TermEncoder()


@pytest.fixture
def make_store(tmp_path: Path, encoder: TermEncoder) -> Callable[..., Store]:
    """Makes a store that holds the given files."""

    def make(*files: ParsedFile, folder: str = "store") -> Store:
        store = Store.open(tmp_path / folder, encoder, create=True)
        if files:
            store.ingest_many([(file, raw(file)) for file in files])
        return store

    return make
