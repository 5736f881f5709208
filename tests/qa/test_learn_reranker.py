"""The bundled reranker's recipe, at toy size: from questions and a tiny encoder to a folder that the product reads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from index.encoder import load_encoder
from index.reranker import Reranker
from index.store import Store
from index.training.cross_encoder import Reading, begin, export, train
from index.training.sources import TrainingDataError
from ingest.pipeline import parse_bytes
from qa.learn_reranker import from_file, main, readings

RULES = """云溪市养犬条例

第一条 为了规范养犬行为,制定本条例。
第二条 城市管理部门负责养犬的登记。
第三条 携犬出户应当使用犬绳。
第四条 携犬出户未使用犬绳的,处二百元罚款。
"""
TOPICS = ["养犬", "电梯", "施工", "停车"]
LISTS = [
    Reading(f"{one}谁管", (f"{one}归甲局",), tuple(f"{two}归甲局" for two in TOPICS if two != one)) for one in TOPICS
]


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """An encoder with tokens like multilingual-e5-small's, and one token that nobody needs."""
    letters = sorted({letter for one in LISTS for text in (one.question, *one.right) for letter in text})
    tokens = ["<s>", "<pad>", "</s>", "<unk>", "▁", *letters, "养犬", "没人用"]
    tokenizer = Tokenizer(models.Unigram([(token, 0.0 if n < 4 else -2.0) for n, token in enumerate(tokens)], unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    folder = tmp_path / "encoder"
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(1)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(tokens), pad_token_id=1, **shape), add_pooling_layer=False).save_pretrained(
        folder
    )
    return folder


def test_network_learns_to_pick_what_answers_and_is_read_as_it_was_trained(start: Path, tmp_path: Path) -> None:
    model, tokenizer = begin(start, [text for one in LISTS for text in (one.question, *one.right)], 2)
    assert "没人用" not in tokenizer.get_vocab()
    assert "养犬" in tokenizer.get_vocab()
    losses: list[float] = []
    unanswered = Reading("电梯谁管", (), ("施工归甲局", "停车归甲局"))
    lists = [*LISTS, unanswered] * 160
    train(model, tokenizer, lists, rate=5e-3, others=3, note=lambda step, steps, loss: losses.append(loss))
    assert sum(losses[-5:]) < sum(losses[:5]) / 2
    pytest.importorskip("onnx", reason="writing the network out needs onnx, which nothing else does")
    export(model, tokenizer, tmp_path / "out")
    reranker = Reranker(tmp_path / "out")
    for one in LISTS:
        scores = reranker.scores(one.question, [*one.right, *one.others])
        assert scores.argmax() == 0


def test_lists_are_what_answers_and_what_ranks_beside_it(tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    gold = [{"doc": "云溪市养犬条例", "path": ["第四条"]}]
    rows = [
        {"id": "1", "question": "没牵绳罚多少", "answerable": True, "gold": gold, "must": []},
        {"id": "2", "question": "养猫罚多少", "answerable": False, "gold": [], "must": []},
    ]
    questions.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    with Store.open(tmp_path / "store", load_encoder(), create=True) as store:
        store.ingest(parse_bytes("养犬.txt", RULES.encode()), RULES.encode())
        found, unanswered = readings(store, questions)
    assert found.question == "没牵绳罚多少"
    assert ["二百元" in text for text in found.right] == [True]
    assert len(found.others) >= 3
    assert not any("二百元" in text for text in found.others)
    assert unanswered.question == "养猫罚多少"
    assert unanswered.right == ()
    assert len(unanswered.others) >= 4


def test_line_that_is_no_list_is_named(tmp_path: Path) -> None:
    file = tmp_path / "lists.jsonl"
    file.write_text(
        '{"question": "谁管", "right": ["甲局"], "others": ["乙局"]}\n{"question": "谁管"}\n', encoding="utf-8"
    )
    with pytest.raises(TrainingDataError, match=r"lists\.jsonl, line 2"):
        list(from_file(file))


def test_nothing_to_train_on_and_no_encoder_are_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lists.jsonl"
    file.write_text('{"question": "谁管", "right": ["甲局"], "others": ["乙局"]}\n', encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["--start", str(tmp_path), "--out", str(tmp_path / "out")])
    assert "--set" in capsys.readouterr().err
    assert main(["--start", str(tmp_path), "--lists", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "no BERT encoder" in capsys.readouterr().err
