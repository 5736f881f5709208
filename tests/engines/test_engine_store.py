from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.build import ingest_paths
from index.copying import copy
from index.engines.checking import damages
from index.engines.store import EngineStore
from index.errors import StoreError, UnknownDocumentError
from index.opening import Engine, StorePlace, open_store
from index.prepare import prepare
from index.protocol import PolicyStore
from index.store import Store
from index.types import Feedback, Filters
from ingest.model import Ending, Kind, ParsedFile, Reference, Status
from tests.engines.conftest import Places
from tests.index.conftest import TermEncoder, policy, raw

ENGINES = (Engine.POSTGRES, Engine.MILVUS)
HEATING = policy(
    "供热.txt",
    "本市供热期为十一月十五日至次年三月十五日。",
    "供热单位应当保证室温不低于十八摄氏度。",
    title="澄江市供热条例",
    number="澄政发〔2026〕3号",
    issuers=("澄江市人民政府", "澄江市住建局"),
    region="澄江市",
    effective_on=date(2026, 1, 1),
)
SUBSIDY = policy(
    "补贴/2026.txt",
    "企业购置设备的,按投资额的百分之十补贴。",
    "申报期限为每年六月底前。",
    title="澄江市技改补贴办法",
    kind=Kind.MEASURES if hasattr(Kind, "MEASURES") else Kind.REGULATION,
    status=Status.REPEALED,
    issuers=("澄江市工信局",),
    effective_on=date(2024, 1, 1),
    expires_on=date(2025, 12, 31),
)
DRAFT = policy("草案.txt", "供热期可以提前开始。", title="供热条例修订草案", status=Status.DRAFT)
MANY = [
    policy(f"规定{n}.txt", *(f"第{n}类事项由{place}窗口在{n + k}日内办结,收费{n * k}元。" for k in range(1, 5)),
           title=f"{place}办事规定({n})", region=f"{place}市", effective_on=date(2020 + n % 5, 1, 1))
    for n, place in enumerate(("澄江", "云溪", "临泽", "安河") * 4, 1)
]  # fmt: skip
OLD = policy("旧.txt", "供热单位应当保证室温不低于十六摄氏度。", title="云溪市供热办法", effective_on=date(2015, 1, 1))
NEW = policy("新.txt", "供热单位应当保证室温不低于二十摄氏度。", title="云溪市供热规定", effective_on=date(2024, 7, 1))
ENDING = ParsedFile(
    NEW.source,
    (replace(NEW.documents[0], endings=(Ending("云溪市供热办法", Status.REPEALED, date(2024, 7, 1)),)),),
)
EDITIONS = [
    policy(f"指南{year}.txt", f"{year}年供热补贴申报期限为六月底。", title=f"云溪市{year}年度供热补贴申报指南",
           kind=Kind.NORMATIVE, effective_on=date(year, 1, 1))
    for year in (2024, 2025)
]  # fmt: skip
FILTERS = (
    Filters(),
    Filters(documents=("doc-供热.txt",)),
    Filters(documents=("doc-nowhere",)),
    Filters(issuers=("澄江市",)),
    Filters(issuers=("工信", "住建")),
    Filters(issuers=("无此机关",)),
    Filters(regions=("澄江",)),
    Filters(regions=("云溪", "临泽")),
    Filters(kinds=(str(HEATING.documents[0].kind),)),
    Filters(number="澄政发[2026]3号"),
    Filters(number="澄政发[2026]4号"),
    Filters(as_of=date(2025, 6, 1)),
    Filters(as_of=date(2019, 1, 1)),
    Filters(in_force=True),
    Filters(in_force=False),
    Filters(in_force=False, as_of=date(2025, 6, 1)),
    Filters(regions=("澄江",), in_force=True, as_of=date(2023, 5, 5)),
)
QUERIES = ("供热室温不低于多少度", "窗口几日办结 收费7元", "投资额补贴百分之十", "heating", "第3类事项")

Make = Callable[..., PolicyStore]


@pytest.fixture(params=ENGINES, ids=str)
def make(request: pytest.FixtureRequest, new_place: Places, encoder: TermEncoder) -> Make:
    def opened(*files: ParsedFile, parts: int = 1) -> PolicyStore:
        store = open_store(new_place(request.param, parts), encoder, create=True)
        request.addfinalizer(store.close)
        if files:
            store.ingest_many([(file, raw(file)) for file in files])
        return store

    return opened


@pytest.fixture
def encoder() -> TermEncoder:
    return TermEncoder()


def folder_store(tmp_path: Path, *files: ParsedFile) -> Store:
    store = Store.open(tmp_path / "folder", TermEncoder(), create=True)
    store.ingest_many([(file, raw(file)) for file in files])
    return store


def test_what_went_in_comes_out_equal(make: Make) -> None:
    store = make(HEATING, SUBSIDY)
    assert isinstance(store, PolicyStore)
    assert store.document("doc-供热.txt") == HEATING.documents[0]
    assert store.source("补贴/2026.txt") == SUBSIDY.source
    assert store.original("供热.txt") == raw(HEATING)
    assert store.kept("供热.txt") == HEATING
    assert store.clause("供热.txt.2") == HEATING.documents[0].clauses[1]
    assert store.clauses(["供热.txt.1", "nowhere"]) == {"供热.txt.1": HEATING.documents[0].clauses[0]}
    assert store.outline("doc-供热.txt") == (("供热.txt.1", None), ("供热.txt.2", None))
    assert store.texts("doc-供热.txt", 1) == ("本市供热期为十一月十五日至次年三月十五日。",)
    assert store.document_of("补贴/2026.txt.2").doc_id == "doc-补贴/2026.txt"
    assert [document.title for document in store.documents()] == ["澄江市供热条例", "澄江市技改补贴办法"]
    assert [file.name for file in store.files()] == ["供热.txt", "补贴/2026.txt"]
    assert (store.stats.documents, store.stats.clauses, store.stats.passages) == (2, 4, 4)


def test_an_unknown_name_is_refused_by_name(make: Make) -> None:
    store = make(HEATING)
    for ask in (store.document, store.clause, store.document_of, store.source, store.original, store.remove):
        with pytest.raises(UnknownDocumentError, match="nowhere"):
            ask("nowhere")


@pytest.mark.parametrize("parts", [1, 2])
def test_every_search_gives_what_a_folder_gives(make: Make, tmp_path: Path, parts: int) -> None:
    files = (HEATING, SUBSIDY, DRAFT, *MANY, OLD, ENDING, *EDITIONS)
    folder, engine = folder_store(tmp_path, *files), make(*files, parts=parts)
    for query in QUERIES:
        for filters in FILTERS if query == QUERIES[0] else FILTERS[:1]:
            expected, found = folder.search(query, 10, filters).hits, engine.search(query, 10, filters).hits
            scores = {hit.clause.clause_id: hit.score for hit in found}
            assert {h.clause.clause_id: pytest.approx(h.score, abs=1e-4) for h in expected} == scores, (query, filters)
            listed = {d.doc_id: d for d in engine.documents(filters)}
            assert {d.doc_id: d for d in folder.documents(filters)} == listed
            assert all(hit.document in engine.documents() for hit in found)
    assert len(engine.search("。", 5).hits) == 5


def test_a_file_of_the_same_name_replaces_what_it_held(make: Make) -> None:
    store = make(HEATING, SUBSIDY)
    before = store.generation
    changed = policy("供热.txt", "本市供热期为十一月一日至次年三月三十一日。", title="澄江市供热条例")
    change = store.ingest(changed, raw(changed))
    assert change.replaced
    assert store.generation != before
    assert store.stats.clauses == 3
    texts = [hit.clause.text for hit in store.search("供热期从什么时候开始", k=10).hits]
    assert texts[0] == "本市供热期为十一月一日至次年三月三十一日。"
    assert "供热单位应当保证室温不低于十八摄氏度。" not in texts
    assert damages(store) == []


@pytest.mark.parametrize("name", ["doc-供热.txt", "供热.txt"])
def test_a_document_is_removed_by_its_id_or_by_its_file(make: Make, name: str) -> None:
    store = make(HEATING, SUBSIDY)
    assert store.remove(name) == ("doc-供热.txt",)
    assert [file.name for file in store.files()] == ["补贴/2026.txt"]
    assert all(hit.document.doc_id != "doc-供热.txt" for hit in store.search("供热室温", k=10).hits)
    with pytest.raises(UnknownDocumentError, match=r"供热\.txt"):
        store.remove(name)


def test_a_text_that_another_repealed_is_in_force_again_when_that_one_goes(make: Make) -> None:
    store = make(OLD, ENDING, *EDITIONS, parts=2)
    assert store.document("doc-旧.txt").status is Status.REPEALED
    assert store.document("doc-旧.txt").expires_on == date(2024, 6, 30)
    assert store.document_of("指南2024.txt.1").status is Status.SUPERSEDED
    in_force = Filters(in_force=True, as_of=date(2026, 1, 1))
    assert "doc-旧.txt" not in {hit.document.doc_id for hit in store.search("室温", 10, in_force).hits}
    store.remove("新.txt")
    assert store.document("doc-旧.txt") == OLD.documents[0]
    assert "doc-旧.txt" in {hit.document.doc_id for hit in store.search("室温", 10, in_force).hits}


def test_one_document_of_a_file_goes_and_the_others_stay(make: Make) -> None:
    both = ParsedFile(HEATING.source, (HEATING.documents[0], replace(DRAFT.documents[0], source="供热.txt")))
    store = make(both, SUBSIDY)
    assert store.remove("doc-草案.txt") == ("doc-草案.txt",)
    assert store.document("doc-供热.txt") == HEATING.documents[0]
    assert store.kept("供热.txt") == HEATING
    assert store.stats.documents == 2
    assert damages(store) == []


def test_an_id_that_another_file_has_is_refused_and_nothing_changes(make: Make) -> None:
    store = make(HEATING, SUBSIDY)
    other = ParsedFile(replace(HEATING.source, name="另存.txt"), HEATING.documents)
    with pytest.raises(StoreError, match=r"另存\.txt.*供热\.txt"):
        store.ingest_many([(DRAFT, raw(DRAFT)), (other, raw(other))])
    assert store.stats.documents == 2


def test_a_reference_leads_to_a_document_that_came_later(make: Make) -> None:
    reference = Reference((0, 5), "《澄江市技改补贴办法》第二条", named="澄江市技改补贴办法")
    document = HEATING.documents[0]
    clauses = (replace(document.clauses[0], references=(reference,)), *document.clauses[1:])
    store = make(ParsedFile(HEATING.source, (replace(document, clauses=clauses),)))
    assert store.clause("供热.txt.1").references[0].target_clause is None
    store.ingest(SUBSIDY, raw(SUBSIDY))
    assert store.clause("供热.txt.1").references[0].target_clause == "补贴/2026.txt.2"
    hit = next(h for h in store.search("供热期", 5).hits if h.clause.clause_id == "供热.txt.1")
    assert hit.clause.references[0].target_document == "doc-补贴/2026.txt"


def test_a_reader_sees_the_old_text_or_the_new_and_never_both_or_neither(make: Make) -> None:
    versions = [policy("供热.txt", *(f"第{v}版第{n}款:供热事项" for n in range(6)), title="供热条例") for v in range(6)]
    store = make(versions[0], SUBSIDY)
    writing = threading.Event()

    def write() -> None:
        for version in versions[1:]:
            store.ingest(version, raw(version))
        writing.set()

    writer = threading.Thread(target=write)
    writer.start()
    looks = 0
    while not writing.is_set() or looks < 3:
        looks += 1
        hits = [hit for hit in store.search("供热事项", 10).hits if hit.document.source == "供热.txt"]
        assert len(hits) == 6
        assert len({hit.clause.text[:3] for hit in hits}) == 1
        document = store.document("doc-供热.txt")
        assert document.clauses in [version.documents[0].clauses for version in versions]
    writer.join()
    assert damages(store) == []


def test_feedback_is_kept_in_order(make: Make) -> None:
    store = make(HEATING)
    told = [Feedback(f"问题{n}", n % 2 == 0, datetime(2026, 1, n, tzinfo=UTC), comment="谢谢" * n) for n in (1, 2, 3)]
    for feedback in told:
        store.record_feedback(feedback)
    assert list(store.feedback()) == told


def test_a_store_is_copied_to_servers_and_back(make: Make, tmp_path: Path) -> None:
    folder = folder_store(tmp_path, HEATING, SUBSIDY, DRAFT)
    folder.record_feedback(Feedback("供热期?", True, datetime(2026, 1, 1, tzinfo=UTC)))
    engine = make(parts=2)
    assert copy(folder, engine) == 3
    assert copy(folder, engine) == 0
    back = Store.open(tmp_path / "back", TermEncoder(), create=True)
    copy(engine, back)
    for name in ("供热.txt", "补贴/2026.txt", "草案.txt"):
        assert back.kept(name) == folder.kept(name)
        assert back.original(name) == folder.original(name)
    assert back.feedback() == folder.feedback()


def test_files_are_ingested_and_skipped_when_unchanged(make: Make, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("关于供热的通知\n一、供热期为五个月。\n二、室温不低于十八度。\n", encoding="utf-8")
    store = make()
    assert ingest_paths(store, [tmp_path / "甲.txt"], processes=1).count("added") == 1
    assert ingest_paths(store, [tmp_path / "甲.txt"], processes=1).count("unchanged") == 1


def test_two_workers_ingest_at_once_and_share_only_the_server(new_place: Places, encoder: TermEncoder) -> None:
    place = new_place(Engine.POSTGRES, 2)
    open_store(place, encoder, create=True).close()
    failures: list[BaseException] = []

    def work(files: list[ParsedFile]) -> None:
        try:
            with open_store(place, encoder) as store:
                for start in range(0, len(files), 3):
                    store.put([prepare(file, raw(file), encoder) for file in files[start : start + 3]])
        except BaseException as error:  # noqa: BLE001  told below
            failures.append(error)

    workers = [threading.Thread(target=work, args=(files,)) for files in (MANY[:10], MANY[6:], [HEATING, MANY[8]])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    with open_store(place, encoder) as store:
        assert isinstance(store, EngineStore)
        assert {file.name for file in store.files()} == {file.source.name for file in (*MANY, HEATING)}
        assert damages(store) == []


def test_what_a_writer_left_behind_in_milvus_is_never_shown(new_place: Places, encoder: TermEncoder) -> None:
    from index.engines.milvus import MilvusShard

    place = new_place(Engine.MILVUS)
    with open_store(place, encoder, create=True) as store:
        store.ingest(SUBSIDY, raw(SUBSIDY))
        ready = prepare(HEATING, raw(HEATING), encoder)
        dying = MilvusShard(place.uris[0])
        dying._write([ready], {ready.name: 12345})
        assert [hit.document.title for hit in store.search("供热室温", 1).hits] == ["澄江市技改补贴办法"]
        assert store.stats.documents == 1
        with pytest.raises(UnknownDocumentError):
            store.clause("供热.txt.1")
        store.ingest(HEATING, raw(HEATING))
        assert len([h for h in store.search("供热", 10).hits if h.document.source == "供热.txt"]) == 2
        dying.close()


def test_a_file_of_milvus_lite_is_a_store_too(tmp_path: Path, encoder: TermEncoder) -> None:
    from tests.engines.conftest import need

    need(Engine.MILVUS)
    place = StorePlace(tmp_path, Engine.MILVUS, (str(tmp_path / "trial.db"),))
    with open_store(place, encoder, create=True) as store:
        store.ingest(HEATING, raw(HEATING))
    with open_store(place, encoder) as store:
        assert store.search("室温", 1).hits[0].clause.clause_id == "供热.txt.2"
