"""Whatever bytes of a store's files are changed, it opens and answers as before, or a named error says what to do."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import verify as verification
from index.errors import StoreError
from index.store import Store
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw

EXAMPLES = int(os.environ.get("POLICYQA_FUZZ_EXAMPLES", "60"))
FILES = (
    policy("供热.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="供热条例"),
    policy("养犬.txt", "养犬应当登记。", "遛犬应当系绳。", title="养犬规定"),
)


@cache
def sound() -> tuple[Path, tuple[object, ...]]:
    """A store of two files and what can be told of it."""
    folder = Path(tempfile.mkdtemp()) / "store"
    with Store.open(folder, TermEncoder(), create=True) as store:
        store.ingest_many([(file, raw(file)) for file in FILES])
    return folder, told(folder)


@pytest.fixture(scope="module", autouse=True)
def _clean() -> Iterator[None]:
    yield
    if sound.cache_info().currsize:
        shutil.rmtree(sound()[0].parent)
        sound.cache_clear()


def told(folder: Path) -> tuple[object, ...]:
    with Store.open(folder, TermEncoder()) as store:
        documents = tuple(store.document(document.doc_id) for document in store.documents())
        found = tuple(
            tuple((hit.clause.clause_id, hit.clause.text, round(hit.score, 6)) for hit in store.search(query, k=9).hits)
            for query in ("供热期", "养犬登记", "室温")
        )
        originals = tuple((file.name, store.original(file.name), store.source(file.name)) for file in store.files())
        return documents, found, originals


@pytest.mark.parametrize("quick_bytes", [verification.QUICK_CATALOGUE_BYTES, 0], ids=["small", "as if large"])
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    which=st.integers(0, 1000),
    at=st.floats(0, 1, exclude_max=True),
    piece=st.binary(min_size=1, max_size=40),
    cut=st.one_of(st.none(), st.floats(0, 1)),
)
def test_changed_bytes_give_the_same_answers_or_a_named_error(
    quick_bytes: int, which: int, at: float, piece: bytes, cut: float | None
) -> None:
    origin, expected = sound()
    # Opening a word index starts a thread of tantivy's that makes a lock file once, perhaps while the folder goes.
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(verification, "QUICK_CATALOGUE_BYTES", quick_bytes)
        folder = shutil.copytree(origin, Path(temporary) / "store")
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        file = files[which % len(files)]
        content = bytearray(file.read_bytes())
        place = int(at * len(content))
        content[place : place + len(piece)] = piece
        file.write_bytes(bytes(content) if cut is None else bytes(content[: int(cut * len(content))]))
        try:
            found = told(folder)
        except StoreError as error:
            assert str(folder) in str(error)
            return
        if found != expected:
            assert verify(folder), f"{file.name} at byte {place} of {len(content)}: other answers, and nobody noticed"
            raise AssertionError(
                f"{file.name} at byte {place}: answered wrongly, though policyqa check sees the damage"
            )


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_word_index_cut_short_is_named_and_never_a_panic(kept: float, tmp_path: Path) -> None:
    origin, expected = sound()
    names = [file.relative_to(origin) for file in sorted(origin.glob("lexical-*/*")) if file.suffix != ".lock"]
    assert len(names) > 5
    for number, name in enumerate(names):
        folder = shutil.copytree(origin, tmp_path / str(number))
        os.truncate(folder / name, int(kept * (folder / name).stat().st_size))
        try:
            assert told(folder) == expected, name
        except StoreError as error:
            assert str(folder) in str(error)
