from __future__ import annotations

from dataclasses import replace

from ui.versions import compare, likely_pairs
from ui.workspace import Workspace


def documents(workspace: Workspace) -> tuple[str, str]:
    by_number = {document.number: document.doc_id for document in workspace.documents()}
    return by_number["柳交发〔2030〕9号"], by_number["柳交发〔2033〕4号"]


def test_changed_words_are_marked_in_both_versions(shared_workspace: Workspace) -> None:
    left, right = (shared_workspace.document(doc_id) for doc_id in documents(shared_workspace))
    changed = [
        pair for pair in compare(left, right) if pair.change == "changed" and pair.right and "满一百" in pair.right.text
    ]
    assert len(changed) == 1
    pair = changed[0]
    assert pair.left is not None
    assert pair.right is not None
    assert [pair.left.text[a:b] for a, b in pair.left_spans] == ["二", "二"]
    assert [pair.right.text[a:b] for a, b in pair.right_spans] == ["三", "三"]


def test_an_inserted_article_is_added_and_the_ones_after_it_stay_partners(shared_workspace: Workspace) -> None:
    left, right = (shared_workspace.document(doc_id) for doc_id in documents(shared_workspace))
    pairs = compare(left, right)
    added = [pair.right.text for pair in pairs if pair.change == "added" and pair.right]
    assert any("监护人" in text for text in added)
    moved = next(pair for pair in pairs if pair.right and "逾期" in pair.right.text)
    assert moved.left is not None
    assert moved.change == "same"


def test_every_clause_of_both_versions_appears_exactly_once(shared_workspace: Workspace) -> None:
    left, right = (shared_workspace.document(doc_id) for doc_id in documents(shared_workspace))
    pairs = compare(left, right)
    assert sorted(p.left.clause_id for p in pairs if p.left) == sorted(c.clause_id for c in left.clauses)
    assert [p.right.clause_id for p in pairs if p.right] == [c.clause_id for c in right.clauses]


def test_a_document_equals_itself(shared_workspace: Workspace) -> None:
    whole = shared_workspace.document(documents(shared_workspace)[0])
    assert {pair.change for pair in compare(whole, whole)} == {"same"}


def test_versions_are_recognised_by_their_titles_the_earlier_first(shared_workspace: Workspace) -> None:
    pairs = likely_pairs(shared_workspace.documents())
    assert [(a.doc_id, b.doc_id) for a, b in pairs] == [documents(shared_workspace)]


def test_the_notice_that_issues_a_text_is_no_version_of_it_where_the_text_is_there(
    shared_workspace: Workspace,
) -> None:
    held = shared_workspace.documents()
    guide = held[0]
    notice = replace(
        guide, doc_id="notice", title=f"柳河市交通局关于印发《{guide.title}》的通知", number="柳交发〔2031〕1号"
    )
    pairs = likely_pairs((*held, notice))
    assert "notice" not in {doc_id for a, b in pairs for doc_id in (a.doc_id, b.doc_id)}
    alone = likely_pairs((notice, *(one for one in held if one.title != guide.title)))
    assert alone == []
