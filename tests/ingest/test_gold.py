"""Floors on the real compilation and on clean statutes, where the folder ../shared lies beside the repository."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from eval.benchmarks import statutes, structure
from ingest.model import Kind, ParsedFile, Status
from ingest.pipeline import parse_file

SHARED = Path(__file__).resolve().parents[2].parent / "shared"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared"),
]


@pytest.fixture(scope="module")
def compilation() -> ParsedFile:
    (path,) = (SHARED / "corpus").glob("*.txt")
    return parse_file(path)


@pytest.mark.parametrize("name", ["structure_A", "structure_C"])
def test_lines_of_the_compilation_are_in_their_document_and_place(compilation: ParsedFile, name: str) -> None:
    gold = json.loads((SHARED / "structure" / f"{name}.json").read_text(encoding="utf-8"))
    found = structure.measure(compilation, gold)
    assert found.document >= 0.99
    assert found.path >= 0.95


def test_documents_of_the_gold_are_found_once_with_their_numbers(compilation: ParsedFile) -> None:
    titles = [structure.folded(document.title) for document in compilation.documents]
    assert len(titles) == len(set(titles))
    numbers = {document.title: document.number for document in compilation.documents}
    for name in ("structure_A", "structure_C"):
        for gold in json.loads((SHARED / "structure" / f"{name}.json").read_text(encoding="utf-8")):
            assert structure.folded(gold["title"]) in " ".join(titles)
            if gold["number"]:
                assert gold["number"] in numbers.values()


def test_the_appended_draft_is_a_draft_and_lacks_four_articles(compilation: ParsedFile) -> None:
    (draft,) = (document for document in compilation.documents if document.status is Status.DRAFT)
    assert draft.kind is Kind.LAW
    assert draft.missing == ("第三十二条", "第三十三条", "第三十四条", "第三十五条")


def test_articles_of_clean_statutes_are_found_and_none_invented() -> None:
    laws = statutes.laws_of(SHARED / "benchmarks" / "stard" / "corpus.jsonl.gz")
    found = statutes.measure(dict(islice(sorted(laws.items()), 0, None, 12)))
    assert found.precision >= 0.999
    assert found.recall >= 0.999
