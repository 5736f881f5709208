from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index import dense_files
from index.dense import ApproximateIndex, DenseIndex, DenseKind, build, extend
from index.errors import StoreError
from index.store import Store
from index.types import Filters
from index.vectors import widened
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw

Make = Callable[..., Store]


def clustered(rows: int, dim: int = 32, seed: int = 0) -> np.ndarray:
    """Unit vectors around a hundred centres, as the vectors of texts lie."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((100, dim))
    vectors = centres[rng.integers(100, size=rows)] + 0.5 * rng.standard_normal((rows, dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def test_the_exact_index_finds_what_numpy_finds() -> None:
    vectors = clustered(500)
    query = vectors[7].astype(np.float32)
    rows, scores = DenseIndex(vectors, first=1000).search(query, 10, None)
    cosines = vectors.astype(np.float32) @ query
    assert rows.tolist() == (1000 + np.argsort(-cosines, kind="stable")[:10]).tolist()
    assert scores == pytest.approx(np.sort(cosines)[::-1][:10], abs=1e-5)


def test_every_half_precision_number_is_the_same_in_single_precision() -> None:
    halves = np.arange(65_536, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)].reshape(-1, 2)
    assert widened(finite).tobytes() == finite.astype(np.float32).tobytes()


@pytest.mark.parametrize("share", [1.0, 0.3, 0.0])
def test_the_nearest_passages_are_those_that_numpy_finds_under_any_filter(
    make_store: Make, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr("index.snapshot._COMPARED_ROWS", 20)
    with make_store(*(policy(f"{number}.txt", *articles(number)) for number in range(1, 6))) as store:
        query = store.encoder.encode(["第4类企业购置第3号设备"], "query")[0]
        with store.state() as snapshot:
            exact = np.asarray(snapshot.vectors, dtype=np.float32) @ query
            allowed = np.random.default_rng(0).random(snapshot.rows) < share
            rows = np.flatnonzero(allowed)
            wanted = rows[np.lexsort((rows, -exact[rows]))][:10]
            near = snapshot.nearness(query, 10, allowed)
            assert near.cosines == pytest.approx(exact[near.rows], abs=1e-5)
            assert near.cosines == pytest.approx(exact[wanted], abs=1e-5)
            assert set(near.rows.tolist()) <= set(rows.tolist())
            asked = np.arange(0, snapshot.rows, 3)
            assert near.of(asked) == pytest.approx(exact[asked], abs=1e-5)


def test_no_row_that_is_not_allowed_is_found() -> None:
    vectors = clustered(300)
    allowed = np.zeros(300, dtype=np.bool_)
    allowed[[3, 250]] = True
    rows, _ = DenseIndex(vectors).search(vectors[0].astype(np.float32), 10, allowed)
    assert sorted(rows.tolist()) == [3, 250]


@pytest.mark.parametrize("kind", [DenseKind.SCAN, DenseKind.HNSW])
def test_an_approximate_index_finds_nearly_all_of_the_exact_ten(kind: DenseKind, tmp_path: Path) -> None:
    vectors = clustered(6_000)
    build(tmp_path / "a.faiss", vectors[:5_000], kind)
    extend(tmp_path / "a.faiss", tmp_path / "b.faiss", vectors)
    index = ApproximateIndex.open(tmp_path / "b.faiss", kind)
    assert len(index) == 6_000
    allowed = np.arange(6_000) % 3 != 0
    found = 0
    for query in vectors[::300].astype(np.float32):
        cosines = np.where(allowed, vectors.astype(np.float32) @ query, -2)
        exact = set(np.argsort(-cosines, kind="stable")[:10].tolist())
        rows, _ = index.search(query, 30, allowed)
        assert all(allowed[rows])
        found += len(exact & set(rows.tolist()))
    assert found >= 0.95 * 200


def test_a_missing_index_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"dense-1\.faiss.*policyqa rebuild"):
        ApproximateIndex.open(tmp_path / "dense-1.faiss", DenseKind.SCAN)


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Index files from forty rows on, as if those were fifty thousand."""
    monkeypatch.setattr(dense_files, "FLAT_ROWS", 40)
    monkeypatch.setattr(dense_files, "_TAIL_ROWS", 30)
    monkeypatch.setattr("index.snapshot._COMPARED_ROWS", 5)
    monkeypatch.setattr("index.snapshot._COMPARED_SHARE", 0.05)
    yield


def articles(number: int) -> list[str]:
    return [f"第{number}类企业购置第{count * number + count}号设备的给予补贴。" for count in range(1, 25)]


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize("kind", ["auto", "hnsw"])
def test_a_store_grows_into_an_index_file_and_finds_the_same(make_store: Make, tmp_path: Path, kind: str) -> None:
    files = [policy(f"{number}.txt", *articles(number), region=f"{number % 3}市") for number in range(1, 8)]
    with make_store() as grown, make_store(folder="flat") as exact:
        grown.use_dense(kind)
        exact.use_dense("flat")
        for file in files:
            for store in (grown, exact):
                store.ingest(file, raw(file))
                store.search("补贴")
        for store in (grown, exact):
            store.ingest(policy("3.txt", "全新的规定。"), b"x")
            store.remove("5.txt")
        names = [path.name for path in (tmp_path / "store").glob("dense-*")]
        assert len(names) == 1
        assert list((tmp_path / "flat").glob("dense-*")) == []
        for filters in (Filters(), Filters(regions=("1市",)), Filters(documents=("doc-3.txt",))):
            for query in ("第4类企业购置设备", "全新的规定", "第7类企业第21号设备"):
                found = [
                    [(hit.clause.clause_id, round(hit.score, 5)) for hit in store.search(query, 10, filters).hits]
                    for store in (grown, exact)
                ]
                assert found[0] == found[1]
    assert verify(tmp_path / "store") == []
    with Store.open(tmp_path / "store", TermEncoder()) as store:
        assert store.search("全新的规定", k=1).hits[0].clause.text == "全新的规定。"


@pytest.mark.usefixtures("small_limits")
def test_a_damaged_index_file_is_named(make_store: Make, tmp_path: Path) -> None:
    make_store(*(policy(f"{number}.txt", *articles(number)) for number in range(1, 4))).close()
    (file,) = (tmp_path / "store").glob("dense-*")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(StoreError, match=rf"{file.name}.*policyqa rebuild"):
        Store.open(tmp_path / "store", TermEncoder())


def test_an_unknown_kind_is_refused(make_store: Make) -> None:
    with make_store() as store, pytest.raises(ValueError, match="pq"):
        store.use_dense("pq")


@pytest.mark.parametrize("k", [1, 5, 30])
def test_of_passages_that_are_as_near_the_first_ones_are_found(k: int) -> None:
    vectors = np.tile(clustered(40), (25, 1))
    query = vectors[7].astype(np.float32)
    rows, scores = DenseIndex(vectors, first=100).search(query, k, None)
    assert rows.tolist() == (100 + 7 + 40 * np.arange(25)).tolist()[:k] + rows.tolist()[25:]
    assert len(rows) == k
    assert scores[: min(k, 25)] == pytest.approx(1, abs=1e-3)


def test_no_clause_that_only_meaning_finds_is_lost_by_looking_less_deep(
    make_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [policy(f"{number}.txt", *articles(number)) for number in range(1, 8)]
    with make_store(*files) as store:
        shallow = [found_by(store, k) for k in (1, 5, 20)]
        monkeypatch.setattr("index.searching._DEPTH", 1_000)
        assert shallow == [found_by(store, k) for k in (1, 5, 20)]


def found_by(store: Store, k: int) -> list[tuple[str, float]]:
    queries = ("第4类企业购置设备", "补贴", "第7类企业第21号设备给予", "unknown words")
    return [(hit.clause.clause_id, round(hit.score, 5)) for query in queries for hit in store.search(query, k).hits]
