from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ReadError
from ui.uploads import ingest_upload, read_again, safe_name
from ui.workspace import Workspace


@given(st.text(min_size=1, max_size=300))
def test_a_safe_name_leads_nowhere_and_fits(given_name: str) -> None:
    try:
        name = safe_name(given_name)
    except ReadError:
        return
    assert name
    assert not set(name) & set('/\\\x00\n"') - {'"'}
    assert not name.startswith(".")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\policies\\办法.docx", "办法.docx"),
        ("..hidden.txt", "hidden.txt"),
        ("办\u202ecod.txt", "办cod.txt"),
        ("长" * 300 + ".txt", "长" * 65 + ".txt"),
    ],
)
def test_names_that_lead_elsewhere_or_mislead_are_mended(given_name: str, name: str) -> None:
    assert safe_name(given_name) == name


@pytest.mark.parametrize("given_name", ["///", "..", "\u202e"])
def test_a_name_of_nothing_is_refused_by_name(given_name: str) -> None:
    with pytest.raises(ReadError):
        safe_name(given_name)


def test_an_upload_replaces_what_its_name_held(workspace: Workspace) -> None:
    before = {document.title for document in workspace.documents()}
    report = ingest_upload(workspace, "绿色出行.txt", "柳河市步行补贴办法\n\n第一条　步行有补贴。\n".encode())
    after = {document.title for document in workspace.documents()}
    assert report.outcome == "replaced"
    assert before - after == {"柳河市绿色出行补贴办法"}
    assert after - before == {"柳河市步行补贴办法"}


def test_an_unchanged_upload_is_left_alone(workspace: Workspace) -> None:
    generation = workspace.store.generation
    report = ingest_upload(workspace, "绿色出行.txt", workspace.store.original("绿色出行.txt"))
    assert (report.outcome, report.documents) == ("unchanged", 1)
    assert workspace.store.generation == generation


def test_a_kept_file_can_be_read_again(workspace: Workspace) -> None:
    assert read_again(workspace, "绿色出行.txt").outcome == "replaced"
    assert any(document.title == "柳河市绿色出行补贴办法" for document in workspace.documents())


def test_an_unreadable_upload_leaves_the_library_as_it_was(workspace: Workspace) -> None:
    before = workspace.documents()
    with pytest.raises(ReadError, match=r"坏\.pdf"):
        ingest_upload(workspace, "坏.pdf", b"%PDF-1.7 nothing more")
    assert workspace.documents() == before
