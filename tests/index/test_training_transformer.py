import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer
from transformers import BertForSequenceClassification

from index.encoder import load_encoder
from index.training.__main__ import main
from index.training.job import Job
from index.training.journal import Journal
from index.training.recipe import RECIPES, Recipe, Stage
from index.training.transformer import train_transformer
from index.training.trunk import Frame, Shape, with_specials
from index.training.vocabulary import build_tokenizer, count_words

TOPICS = ["养犬登记", "老旧电梯", "夜间施工", "创业补贴"]
ASKED = ["怎么办理", "要交多少钱", "谁来管", "多久能办完"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {"query": f"{topic}{asked}", "positive": f"{topic}办法：{asked}另行公布。"}
        for topic in TOPICS
        for asked in ASKED
    ]
    with gzip.open(tmp_path / "pairs_statutes_stard_train.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return tmp_path


def test_transformer_recipe_runs_from_data_to_a_folder_that_loads(data: Path, tmp_path: Path) -> None:
    stage = Stage("pairs", 4.0, {"statutes": 1.0}, batch=8, transformer_rate=1e-3)
    shape = Shape(layers=1, width=16, heads=2, longest=24)
    recipe = Recipe("toy", vocabulary=200, stages=(stage,), transformer=shape, masked_passes=1)
    job = Job(recipe, data, tmp_path / "run", None, full=True, quiet=True)
    folder = train_transformer(job)
    encoder = load_encoder(folder, device="cpu", offline=True)
    rows = encoder.encode(["养犬登记怎么办理", "夜间施工"], "query")
    assert rows.shape == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    log = Journal(tmp_path / "run").lines("loss")
    assert [line["stage"] for line in log] == ["masked words", "pairs"]
    again = train_transformer(job)
    assert len(Journal(tmp_path / "run").lines("loss")) == len(log), "a finished stretch is not trained again"
    assert again == folder


def test_a_transformer_is_measured_after_each_stage_and_its_trunk_becomes_a_reranker(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shape = Shape(layers=1, width=16, heads=2, longest=24)
    stages = (Stage("pairs", 2.0, {"statutes": 1.0}, batch=8, transformer_rate=1e-3),)
    trunk = Recipe("toy", vocabulary=200, stages=stages, transformer=shape, masked_passes=1)
    reading = Stage("together", 40.0, {"statutes": 1.0}, batch=8, transformer_rate=5e-3, mined_negatives=3)
    monkeypatch.setitem(RECIPES, "transformer", trunk)
    monkeypatch.setitem(RECIPES, "reranker", replace(trunk, stages=(reading,)))
    common = ["--data", str(data), "--full", "--quiet"]
    statutes = statute_folder(tmp_path)
    arguments = [*common, "--recipe", "transformer", "--out", str(tmp_path / "run"), "--statutes", str(statutes)]
    assert main(arguments) == 0
    folder = capsys.readouterr().out.strip()
    journal = Journal(tmp_path / "run")
    assert [line["stage"] for line in journal.lines("evaluation")] == ["pairs"]
    assert 0 <= journal.lines("report")[0]["recall@10"] <= 1
    arguments = [*common, "--recipe", "reranker", "--out", str(tmp_path / "rerank")]
    assert main(arguments) == 2
    assert "--start" in capsys.readouterr().err
    assert main([*arguments, "--start", folder]) == 0
    finished = capsys.readouterr().out.strip()
    log = Journal(tmp_path / "rerank").lines("loss")
    assert log[-1]["loss"] < log[0]["loss"]
    pairs = [("养犬登记谁来管", f"{topic}办法谁来管另行公布") for topic in TOPICS]
    reranker = CrossEncoder(finished, device="cpu", local_files_only=True)
    tokenizer = Tokenizer.from_file(f"{finished}/tokenizer.json")
    ids = [[np.array(tokenizer.encode(text, add_special_tokens=False).ids) for text in pair] for pair in pairs]
    frame = Frame.of(reranker.tokenizer, shape.longest)
    inputs = frame.pairs([question for question, _ in ids], [passage for _, passage in ids])
    network = BertForSequenceClassification.from_pretrained(finished, dtype=torch.float32).eval()
    with torch.no_grad():
        expected = torch.sigmoid(network(**inputs).logits[:, 0]).numpy()
    np.testing.assert_allclose(reranker.predict(pairs), expected, atol=5e-3)  # it reads as it was trained


def test_question_and_passage_are_told_apart_and_cut_to_the_room_there_is() -> None:
    frame = Frame(pad=0, first=7, last=8, longest=9)
    question, passage = np.array([1, 2, 3, 4], dtype=np.int32), np.array([5, 6, 5, 6, 5, 6], dtype=np.int32)
    inputs = frame.pairs([question, question[:1]], [passage, passage[:1]])
    assert inputs["input_ids"].tolist() == [[7, 1, 2, 3, 8, 5, 6, 5, 8], [7, 1, 8, 5, 8, 0, 0, 0, 0]]
    assert inputs["token_type_ids"][0].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert inputs["attention_mask"][1].tolist() == [1, 1, 1, 1, 1, 0, 0, 0, 0]


def statute_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "stard"
    folder.mkdir()
    corpus = [{"id": f"L{n}", "title": f"{TOPICS[n % 4]}办法", "text": f"第{n}号{TOPICS[n % 4]}"} for n in range(104)]
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in corpus)
    questions = [
        {"id": f"q{n}", "text": f"{TOPICS[n % 4]}找谁{n}", "split": s} for n, s in enumerate(["dev", "train"] * 20)
    ]
    (folder / "queries.jsonl").write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in questions), "utf-8")
    judged = "\n".join(["query-id\tcorpus-id\tscore", *(f"q{n}\tL{n % 4}\t1" for n in range(40))])
    (folder / "qrels.tsv").write_text(judged, "utf-8")
    return folder


def test_sentence_marks_stand_around_a_text() -> None:
    tokenizer = with_specials(build_tokenizer(count_words(TOPICS * 5), 200))
    assert tokenizer.convert_ids_to_tokens(tokenizer("创业补贴")["input_ids"])[::3][0] == "[CLS]"
    assert tokenizer.pad_token_id != tokenizer.mask_token_id
