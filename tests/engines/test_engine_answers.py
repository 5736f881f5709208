from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.build import ingest_paths
from index.encoder import load_encoder
from index.opening import Engine, StorePlace, open_store
from index.protocol import PolicyStore
from qa.assistant import Assistant
from qa.wire import reply_json
from tests.engines.conftest import Places, need
from tests.index.conftest import TermEncoder, policy, raw
from ui.cli import app

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
ALIKE = {Engine.POSTGRES: 0.99, Engine.MILVUS: 0.97}
"""Shares of the first ten clauses that engine and folder have in common; 1.000 and .994 when this was written."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PolicyStore:
    store = open_store(StorePlace(tmp_path_factory.mktemp("samples") / "store"), load_encoder(), create=True)
    ingest_paths(store, [SAMPLES], processes=1)
    return store


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "asked"), [(Engine.POSTGRES, 40), (Engine.MILVUS, 20)])
def test_the_samples_are_answered_as_in_a_folder(
    folder: PolicyStore, new_place: Places, engine: Engine, asked: int
) -> None:
    lines = (ROOT / "eval/questions/samples.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines][:: len(lines) // asked]
    with open_store(new_place(engine), load_encoder(), create=True) as store:
        ingest_paths(store, [SAMPLES], processes=1)
        assert {d.doc_id: d for d in store.documents()} == {d.doc_id: d for d in folder.documents()}
        shares, firsts = [], 0
        for question in questions:
            ours, theirs = ([hit.clause for hit in one.search(question, 10).hits] for one in (folder, store))
            firsts += ours[0] == theirs[0]
            shares.append(sum(clause in theirs for clause in ours) / len(ours))
        assert sum(shares) / len(shares) >= ALIKE[engine]
        assert firsts >= 0.97 * len(questions)
        same = 0
        for question in questions[::5]:
            replies = (reply_json(Assistant(one).ask(question)) for one in (folder, store))
            first, second = ((reply["kind"], reply["answer"]) for reply in replies)
            same += first == second
        assert same >= 0.9 * len(questions[::5])


def test_the_commands_work_on_an_engine_as_on_a_folder(new_place: Places, tmp_path: Path) -> None:
    place = new_place(Engine.POSTGRES, 2)
    on_engine = ["--engine", "postgres", "--engine-uri", ",".join(place.uris)]
    file = tmp_path / "停车.txt"
    text = "云溪市停车收费办法(虚构示例)\n\n第一条 小型汽车停车首小时收费三元。\n第二条 新能源汽车首两小时免费。\n"
    file.write_text(text, encoding="utf-8")

    def run(*command: str) -> str:
        done = CliRunner().invoke(app, [*command, *on_engine])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert json.loads(run("ingest", str(file), "--json"))["documents"] == 1
    (document,) = json.loads(run("outline", "--json"))["documents"]
    assert run("source", "停车.txt") == text
    hits = json.loads(run("search", "新能源车免费多久", "--json"))["hits"]
    assert hits[0]["text"] == "第二条 新能源汽车首两小时免费。"
    reply = json.loads(run("ask", "新能源车停车免费多久", "--json"))
    assert (reply["kind"], reply["notices"]) == ("answer", [])
    assert json.loads(run("remove", document["doc_id"], "--json"))["removed"] == [document["doc_id"]]


def test_langchain_searches_the_passages_in_milvus(new_place: Places) -> None:
    need(Engine.MILVUS)
    pytest.importorskip("langchain_milvus")
    from index.engines.milvus_langchain import milvus_vector_store

    place, encoder = new_place(Engine.MILVUS), TermEncoder()
    heating = policy("供热.txt", "供热期五个月。", "室温不低于十八摄氏度。", title="供热条例", region="云溪市")
    other = policy("供暖.txt", "室温不低于十六摄氏度。", title="旧供热条例", region="澄江市")
    with open_store(place, encoder, create=True) as store:
        store.ingest_many([(one, raw(one)) for one in (heating, other)])
    vectors = milvus_vector_store(place.uris[0], encoder)
    found = vectors.similarity_search("室温不低于多少摄氏度", k=3, expr='region == "云溪市"', ranker_type="rrf")
    assert found[0].metadata["clause_id"] == "供热.txt.2"
    assert {document.metadata["region"] for document in found} == {"云溪市"}
