"""A disk that is full while files are read in: one clear error, the store as it was, and on it goes with room."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.build import ingest_paths
from index.store import Store
from index.verify import verify
from tests.index.conftest import TermEncoder, policy, raw

resource = pytest.importorskip("resource", reason="file size limits are POSIX")

FIRST = policy("一.txt", "供热期为十一月至三月。", "室温不低于十八摄氏度。", title="供热条例")
INGEST = """
import json, resource, sys
from pathlib import Path
from index.build import ingest_paths
from index.errors import StoreError
from index.store import Store
from tests.index.conftest import TermEncoder

folder, policies, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with Store.open(folder, TermEncoder()) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        ingest_paths(store, [policies], processes=1)
        said = None
    except StoreError as error:
        said = str(error)
    found = [hit.clause.text for hit in store.search("室温", k=1).hits]
print(json.dumps([said, found]))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "store", TermEncoder(), create=True) as store:
        store.ingest(FIRST, raw(FIRST))
    return tmp_path / "store"


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    made = tmp_path / "policies"
    made.mkdir()
    for number in range(60):
        articles = "".join(f"第{article}条 第{number}号泊位收费{article}元。\n" for article in range(1, 30))
        (made / f"{number}.txt").write_text(f"云湖市{number}号泊位办法\n\n{articles}", encoding="utf-8")
    return made


@pytest.mark.parametrize("room_kb", [0, 30, 120, 400])
def test_store_is_as_it_was_and_goes_on_when_there_is_room(folder: Path, policies: Path, room_kb: int) -> None:
    largest = max(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    limit = str(largest + room_kb * 1000 if room_kb else 1000)
    done = subprocess.run(
        [sys.executable, "-c", INGEST, str(folder), str(policies), limit],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    said, found = json.loads(done.stdout.splitlines()[-1])
    assert said is not None
    assert "could not be written" in said
    assert "Make room" in said
    assert found == ["室温不低于十八摄氏度。"]
    assert verify(folder) == []
    with Store.open(folder, TermEncoder()) as store:
        assert [file.name for file in store.files()] == ["一.txt"]
        assert store.search("室温", k=1).hits[0].clause.text == "室温不低于十八摄氏度。"
        assert ingest_paths(store, [policies], processes=1).count("added") == 60
        assert store.search("59号泊位收费", k=1).hits[0].document.source == "59.txt"
    assert verify(folder) == []
