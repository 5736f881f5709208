from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.errors import EncoderMismatchError, StoreError, UnknownDocumentError
from index.store import Store
from index.types import Feedback, Filters
from tests.index.conftest import TermEncoder, policy, raw

HEATING = policy(
    "供热.txt",
    "本市供热期为十一月十五日至次年三月十五日。",
    "供热单位应当保证室温不低于十八摄氏度。",
    title="澄江市供热条例",
)
SUBSIDY = policy(
    "补贴.txt", "企业购置设备的,按投资额的百分之十补贴。", "申报期限为每年六月底前。", title="澄江市技改补贴办法"
)

Make = Callable[..., Store]


def test_search_finds_the_clause_and_says_where_it_stands(make_store: Make) -> None:
    with make_store(HEATING, SUBSIDY) as store:
        hit = store.search("供热室温不低于多少度", k=3).hits[0]
    assert hit.clause.text == "供热单位应当保证室温不低于十八摄氏度。"
    assert hit.document.title == "澄江市供热条例"
    assert hit.document.clauses == ()
    assert hit.rank == 1
    assert hit.passage is not None
    assert HEATING.source.text[slice(*hit.passage)] == hit.clause.text


def test_what_went_in_comes_out_equal(make_store: Make, tmp_path: Path, encoder: TermEncoder) -> None:
    make_store(HEATING, SUBSIDY).close()
    with Store.open(tmp_path / "store", encoder) as store:
        assert store.document("doc-供热.txt") == HEATING.documents[0]
        assert store.source("供热.txt") == HEATING.source
        assert store.original("供热.txt") == raw(HEATING)
        assert store.clause("补贴.txt.2") == SUBSIDY.documents[0].clauses[1]
        assert store.document_of("补贴.txt.2").doc_id == "doc-补贴.txt"
        assert [file.name for file in store.files()] == ["供热.txt", "补贴.txt"]
        assert (store.stats.documents, store.stats.clauses) == (2, 4)


def test_a_file_of_the_same_name_replaces_what_it_held(make_store: Make) -> None:
    changed = policy("供热.txt", "本市供热期为十一月一日至次年三月三十一日。", title="澄江市供热条例")
    with make_store(HEATING, SUBSIDY) as store:
        before = store.generation
        change = store.ingest(changed, raw(changed))
        assert change.replaced
        assert store.generation > before
        assert store.stats.clauses == 3
        texts = [hit.clause.text for hit in store.search("供热期从什么时候开始", k=10).hits]
    assert texts[0] == "本市供热期为十一月一日至次年三月三十一日。"
    assert "供热单位应当保证室温不低于十八摄氏度。" not in texts


@pytest.mark.parametrize("name", ["doc-供热.txt", "供热.txt"])
def test_a_document_is_removed_by_its_id_or_by_its_file(make_store: Make, name: str) -> None:
    with make_store(HEATING, SUBSIDY) as store:
        assert store.remove(name) == ("doc-供热.txt",)
        assert [document.title for document in store.documents()] == ["澄江市技改补贴办法"]
        assert [file.name for file in store.files()] == ["补贴.txt"]
        assert all(hit.document.doc_id == "doc-补贴.txt" for hit in store.search("供热室温", k=10).hits)
        with pytest.raises(UnknownDocumentError, match=r"供热\.txt"):
            store.remove(name)


def test_an_unknown_name_is_refused_by_name(make_store: Make) -> None:
    with make_store(HEATING) as store:
        for ask in (store.document, store.clause, store.document_of, store.source, store.original, store.remove):
            with pytest.raises(UnknownDocumentError, match="nowhere"):
                ask("nowhere")


def test_another_encoder_is_refused_and_both_are_named(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    with pytest.raises(EncoderMismatchError, match=r"terms.*other.*policyqa rebuild"):
        Store.open(tmp_path / "store", TermEncoder("other", dim=8))


class NewerTermEncoder(TermEncoder):
    @property
    def revision(self) -> str:
        return f"{self.name}-2"


def test_after_an_update_of_the_encoder_only_encoding_anew_is_offered(make_store: Make, tmp_path: Path) -> None:
    make_store(HEATING).close()
    with pytest.raises(
        EncoderMismatchError, match=r"revision terms-2.*numbers\): encode it anew with: policyqa rebuild"
    ):
        Store.open(tmp_path / "store", NewerTermEncoder())


def test_a_folder_without_a_store_is_refused(tmp_path: Path, encoder: TermEncoder) -> None:
    with pytest.raises(StoreError, match="policyqa ingest"):
        Store.open(tmp_path / "absent", encoder)


def test_a_folder_of_other_files_does_not_become_a_store(tmp_path: Path, encoder: TermEncoder) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"work")
    with pytest.raises(StoreError, match=r"thesis\.docx"):
        Store.open(tmp_path, encoder, create=True)


def test_an_empty_store_answers_with_no_hits(make_store: Make) -> None:
    with make_store() as store:
        assert store.search("任何问题").hits == ()


def test_a_query_without_any_known_word_is_no_error(make_store: Make) -> None:
    with make_store(HEATING) as store:
        assert isinstance(store.search("?!…").hits, tuple)


def test_two_files_with_one_document_id_are_refused_and_nothing_changes(make_store: Make) -> None:
    twin = policy("供热.txt", "另一份。", title="另一份")
    twin = type(twin)(type(twin.source)("copy.txt", twin.source.text), twin.documents)
    with make_store(HEATING) as store:
        before = store.generation
        with pytest.raises(StoreError, match=r"copy\.txt|供热\.txt"):
            store.ingest(twin, b"x")
        assert store.generation == before
        assert store.stats.documents == 1
        store.ingest(SUBSIDY, raw(SUBSIDY))
        assert store.search("补贴百分之几", k=1).hits[0].document.title == "澄江市技改补贴办法"


def test_feedback_is_kept(make_store: Make, tmp_path: Path, encoder: TermEncoder) -> None:
    said = Feedback("问?", False, datetime(2026, 11, 23, tzinfo=UTC), comment="答非所问", cited=("供热.txt.1",))
    with make_store(HEATING) as store:
        store.record_feedback(said)
    with Store.open(tmp_path / "store", encoder) as store:
        assert store.feedback() == (said,)


def test_a_second_open_store_sees_the_first_ones_changes(
    make_store: Make, tmp_path: Path, encoder: TermEncoder
) -> None:
    with make_store(HEATING) as writer, Store.open(tmp_path / "store", encoder) as reader:
        assert len(reader.search("补贴").hits) == 2
        writer.ingest(SUBSIDY, raw(SUBSIDY))
        assert reader.search("企业购置设备补贴", k=1).hits[0].document.title == "澄江市技改补贴办法"
        writer.remove("补贴.txt")
        assert {hit.document.title for hit in reader.search("企业购置设备补贴").hits} == {"澄江市供热条例"}


def test_a_filter_works_inside_the_search(make_store: Make) -> None:
    many = [policy(f"{n}.txt", "企业购置设备的,按投资额补贴。", region="澄江市") for n in range(30)]
    other = policy("远.txt", "企业搬迁的,给予安置费用。", region="临海市", effective_on=date(2020, 1, 1))
    with make_store(*many, other) as store:
        hits = store.search("企业购置设备补贴", k=5, filters=Filters(regions=("临海",))).hits
    assert [hit.document.doc_id for hit in hits] == ["doc-远.txt"]
