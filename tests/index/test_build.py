from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import IngestReport, ingest_paths
from index.encoder import load_encoder
from index.store import Store
from index.verify import verify
from index.walk import FoundFile, find_files
from index.workers import Task, run
from ingest.errors import ReadError

Make = Callable[..., Store]

HEATING = "澄江市供热条例\n\n第一条 供热期为十一月至三月。\n第二条 室温不低于十八摄氏度。\n"
DOGS = "澄江市养犬规定\n\n第一条 养犬应当登记。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "policies"
    (made / "民生").mkdir(parents=True)
    (made / "供热.txt").write_text(HEATING, encoding="utf-8")
    (made / "民生" / "养犬.txt").write_text(DOGS, encoding="gb18030")
    return made


def outcomes(report: IngestReport) -> dict[str, str]:
    return {file.name: file.outcome for file in report.files}


def test_a_folder_is_read_with_everything_below_it(make_store: Make, folder: Path) -> None:
    with make_store() as store:
        report = ingest_paths(store, [folder])
        assert outcomes(report) == {"供热.txt": "added", "民生/养犬.txt": "added"}
        assert store.search("养犬登记", k=1).hits[0].document.source == "民生/养犬.txt"


def test_only_what_changed_is_read_again(make_store: Make, folder: Path) -> None:
    with make_store() as store:
        first = ingest_paths(store, [folder])
        generation = store.generation
        again = ingest_paths(store, [folder])
        assert outcomes(again) == {"供热.txt": "unchanged", "民生/养犬.txt": "unchanged"}
        assert [file.clauses for file in again.files] == [file.clauses for file in first.files]
        assert store.generation == generation
        (folder / "供热.txt").write_text(HEATING.replace("十八", "二十"), encoding="utf-8")
        assert outcomes(ingest_paths(store, [folder])) == {"供热.txt": "replaced", "民生/养犬.txt": "unchanged"}
        assert "二十摄氏度" in store.search("室温", k=1).hits[0].clause.text


def test_a_bad_file_in_a_folder_is_reported_and_the_others_are_done(make_store: Make, folder: Path) -> None:
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    (folder / "空.txt").write_bytes(b"")
    with make_store() as store:
        report = ingest_paths(store, [folder])
        assert report.count("added") == 2
        failed = {file.name: file.error for file in report.files if file.outcome == "failed"}
        assert "坏.pdf" in failed
        assert all(name in (error or "") for name, error in failed.items())
        assert not report.nothing_read
        assert len(store.files()) == 4 - len(failed)


def test_a_single_bad_file_is_an_error(make_store: Make, tmp_path: Path) -> None:
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 broken")
    with make_store() as store, pytest.raises(ReadError, match=r"坏\.pdf"):
        ingest_paths(store, [bad])


def test_a_missing_path_is_an_error_before_anything_is_read(make_store: Make, folder: Path) -> None:
    with make_store() as store:
        with pytest.raises(ReadError, match="nowhere"):
            ingest_paths(store, [folder, folder / "nowhere"])
        assert store.files() == ()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_refused(make_store: Make, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("第一条 秘密。", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with make_store() as store:
        report = ingest_paths(store, [folder])
        assert outcomes(report)["link.txt"] == "failed"
        assert all("秘密" not in hit.clause.text for hit in store.search("秘密", k=20).hits)


def test_hidden_files_and_office_locks_are_left_out(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "~$供热.docx").write_bytes(b"x")
    assert {file.name for file in find_files([folder])} == {"供热.txt", "民生/养犬.txt"}


def test_two_files_of_one_name_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "供热.txt").write_text("第一条 另一份。", encoding="utf-8")
    with pytest.raises(ReadError, match=r"供热\.txt"):
        find_files([folder, tmp_path / "供热.txt"])


def test_progress_counts_up_to_the_end(make_store: Make, folder: Path) -> None:
    calls: list[tuple[int, int | None, str]] = []
    with make_store() as store:
        ingest_paths(store, [folder], progress=lambda *call: calls.append(call))
    assert calls[0] == (0, 2, "供热.txt")
    assert calls[-1] == (2, 2, "")


def test_an_interrupted_run_goes_on_where_it_stopped(
    make_store: Make, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build._BATCH_PASSAGES", 1)

    def stop(done: int, total: int | None, label: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with make_store() as store:
        with pytest.raises(KeyboardInterrupt):
            ingest_paths(store, [folder], progress=stop)
        assert [file.name for file in store.files()] == ["供热.txt"]
        assert outcomes(ingest_paths(store, [folder])) == {"供热.txt": "unchanged", "民生/养犬.txt": "added"}


@pytest.mark.slow
def test_worker_processes_give_what_one_process_gives(tmp_path: Path, folder: Path) -> None:
    for count in range(40):
        (folder / f"{count:02}.txt").write_text(HEATING.replace("供热", f"第{count}类供热"), encoding="utf-8")
    seen = []
    for processes in (1, 2):
        with Store.open(tmp_path / str(processes), load_encoder(), create=True) as store:
            ingest_paths(store, [folder], processes=processes)
            hits = store.search("室温不低于多少", k=50).hits
            seen.append([(hit.clause.clause_id, hit.score) for hit in hits])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 50


@pytest.mark.slow
def test_a_file_that_kills_its_worker_fails_alone(tmp_path: Path, folder: Path) -> None:
    files = [FoundFile(path.name, path, 1) for path in sorted(folder.rglob("*.txt"))]
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    bad = FoundFile("坏.pdf", tmp_path / "坏.pdf", 1)
    tasks = [Task(file, None) for file in (files[0], _Deadly("毒.txt", tmp_path, 1), bad, files[1])]
    found = {outcome.task.file.name: outcome for outcome in run(tasks, load_encoder(), processes=2)}
    assert found["毒.txt"].error is not None
    assert "died" in str(found["毒.txt"].error)
    assert "坏.pdf" in str(found["坏.pdf"].error)
    assert all(found[file.name].ready is not None for file in files)


class _Deadly(FoundFile):
    """Ends the process that unpacks it, as a parser that runs out of memory would; harmless where it was made."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _die_unless_here, (os.getpid(),)


def _die_unless_here(pid: int) -> FoundFile:
    if os.getpid() != pid:
        os._exit(1)
    return FoundFile("毒.txt", Path())


def test_a_folders_own_readme_is_set_aside_and_read_when_it_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "README.md").write_text("# 这些文件\n\n说明。\n", encoding="utf-8")
    (folder / "供水.txt").write_text("云溪市供水办法(虚构示例)\n\n第一条 水价每吨三元。\n", encoding="utf-8")
    with Store.open(tmp_path / "store", create=True) as store:
        report = ingest_paths(store, [folder], processes=1)
        assert {file.name: file.outcome for file in report.files} == {"README.md": "skipped", "供水.txt": "added"}
        assert not report.nothing_read
        assert ingest_paths(store, [folder / "README.md"], processes=1).count("added") == 1


def test_many_small_changes_leave_few_parts_of_the_word_index(make_store: Make, tmp_path: Path) -> None:
    with make_store() as store:
        orphan = store.folder / "lexical-1" / f"{'0f' * 16}.idx"
        orphan.write_bytes(b"left by a writer that died while it merged")
        for number in range(20):
            file = tmp_path / f"{number}.txt"
            file.write_text(DOGS.replace("澄江市", f"澄江市{number}号"), encoding="utf-8")
            ingest_paths(store, [file])
        with store.state() as snapshot:
            assert snapshot.lexical.segments < 10
        assert len(store.search("养犬登记", k=40).hits) >= 20
        assert not orphan.exists()
        assert verify(store.folder) == []
