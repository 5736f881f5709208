from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from index.store import Store
from ingest.model import ParsedFile, Reference, Status
from tests.index.conftest import policy, raw

Make = Callable[..., Store]

LAW = policy("法.txt", "总则。", "供热应当达标。", title="中华人民共和国供热法", effective_on=date(2020, 1, 1))


def pointing(text: str, named: str) -> ParsedFile:
    """A file whose only article refers to ``named``."""
    file = policy("细则.txt", f"依照{text}执行。", title="供热细则")
    (document,) = file.documents
    reference = Reference(span=(0, 1), text=text, named=named)
    return replace(
        file, documents=(replace(document, clauses=(replace(document.clauses[0], references=(reference,)),)),)
    )


def test_a_reference_leads_to_the_article_once_the_document_is_there(make_store: Make) -> None:
    file = pointing("《供热法》第二条", "供热法")
    with make_store(file) as store:
        assert store.clause("细则.txt.1").references[0].target_document is None
        store.ingest(LAW, raw(LAW))
        (reference,) = store.clause("细则.txt.1").references
        assert (reference.target_document, reference.target_clause) == ("doc-法.txt", "法.txt.2")
        assert store.document("doc-细则.txt").clauses[0].references == (reference,)
        assert store.search("依照执行", k=1).hits[0].clause.references == (reference,)
        store.remove("法.txt")
        assert store.clause("细则.txt.1").references[0].target_document is None


def test_a_missing_article_leads_to_the_document_alone(make_store: Make) -> None:
    with make_store(LAW, pointing("《供热法》第九十条", "供热法")) as store:
        (reference,) = store.clause("细则.txt.1").references
        assert (reference.target_document, reference.target_clause) == ("doc-法.txt", None)


def test_of_two_of_one_name_the_one_in_force_is_meant(make_store: Make) -> None:
    old = policy("旧.txt", "旧总则。", title="供热法", status=Status.REPEALED, effective_on=date(2024, 1, 1))
    with make_store(old, LAW, pointing("《供热法》第1条", "供热法")) as store:
        assert store.clause("细则.txt.1").references[0].target_clause == "法.txt.1"
