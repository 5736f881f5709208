import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.encoder import load_encoder
from index.training.__main__ import main
from index.training.align import english_tokens
from index.training.english import extended, missing_words
from index.training.export import export, finished_table
from index.training.recipe import RECIPES, Recipe, Stage
from index.training.table import TokenTable, parts_in
from index.training.vocabulary import american_forms, build_tokenizer, count_words, parts_of

WORDS = {"施工": "construction", "夜间": "night", "补贴": "subsidy", "许可": "license", "电梯": "lift"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    pairs = {
        "parallel_cedict": [{"zh": zh, "en": en} for zh, en in WORDS.items()] * 8,
        "parallel_tatoeba": [
            {"zh": f"{a}{b}", "en": f"{WORDS[a]} {WORDS[b]}s licences"} for a in WORDS for b in WORDS if a != b
        ],
        "parallel_law_zh_en": [],
    }
    for name, rows in pairs.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return folder


@pytest.fixture
def tokenizer() -> Tokenizer:
    texts = [*WORDS, "construction night license lift", "sub sidy"]
    return build_tokenizer(count_words(texts * 9), 400)


def test_new_words_are_those_that_were_read_in_pieces(data: Path, tokenizer: Tokenizer) -> None:
    new = dict(missing_words(data, tokenizer, 100))
    assert new["subsidy"] >= len(WORDS)
    assert {"licences", "licence", "lifts", "centre"} <= new.keys()
    assert not new.keys() & tokenizer.get_vocab().keys()


def test_a_new_word_starts_as_its_base_form_or_as_its_pieces(tokenizer: Tokenizer) -> None:
    table = np.random.default_rng(1).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32)
    larger, rows = extended(tokenizer, table, [("licence", 12), ("subsidy", 9)])
    vocabulary = larger.get_vocab()
    assert larger.encode("subsidy licence").tokens == ["subsidy", "licence"]
    np.testing.assert_allclose(rows[vocabulary["licence"]], table[vocabulary["license"]])
    pieces = tokenizer.encode("subsidy").ids
    assert len(pieces) > 1
    np.testing.assert_allclose(rows[vocabulary["subsidy"]], table[pieces].sum(axis=0), rtol=1e-5)
    np.testing.assert_array_equal(rows[: len(table)], table)


def test_forms_and_british_spellings_are_parts_of_a_word() -> None:
    vocabulary = {"license": 1, "licenses": 2, "meeting": 3, "meet": 4, "organize": 5, "organized": 6, "plan": 7}
    assert list(parts_of("licences", vocabulary)) == [2, 1]
    assert list(parts_of("meetings", vocabulary)) == [3, 4]
    assert list(parts_of("organised", vocabulary)) == [6, 5]
    assert list(parts_of("plan", {**vocabulary, "plane": 8})) == []
    assert "center" in american_forms("centre")


def test_a_table_taken_over_folds_back_into_itself(tokenizer: Tokenizer) -> None:
    parts = parts_in(tokenizer)
    finished = np.random.default_rng(2).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32)
    table = TokenTable(np.ones(len(finished), dtype=np.int64), parts, dim=8, share=1.0, seed=1)
    table.start_from(finished)
    np.testing.assert_allclose(table.folded()[1:], finished[1:], atol=1e-5)


def test_only_english_words_move_when_english_is_trained(
    data: Path,
    tokenizer: Tokenizer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    start, out = tmp_path / "start", tmp_path / "run"
    before = np.random.default_rng(3).normal(size=(tokenizer.get_vocab_size(), 32)).astype(np.float32)
    export(tokenizer, before, start)
    stage = Stage("English", 30.0, {"tatoeba": 1.0, "cedict_senses": 1.0}, batch=16, rate=0.2, only_english=True)
    monkeypatch.setitem(RECIPES, "toy", Recipe("toy", dim=32, more_english=4, stages=(stage,)))
    arguments = ["--data", str(data), "--out", str(out), "--recipe", "toy", "--start", str(start), "--quiet"]
    assert main(arguments) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    after, size = finished_table(folder), len(before)
    english = english_tokens(Tokenizer.from_file(str(folder / "tokenizer.json")))[:size]
    assert len(after) == size + 4
    shift = np.abs(after[1:size] - before[1:]).max(axis=1)
    assert shift[~english[1:]].max() < 0.03  # eight bits
    assert shift[english[1:]].max() > 0.1
    questions, texts = (
        ["night construction", "construction license", "lift subsidy"],
        ["夜间施工", "施工许可", "电梯补贴"],
    )
    old, new = load_encoder(start), load_encoder(folder)
    np.testing.assert_allclose(old.encode(texts, "passage"), new.encode(texts, "passage"), atol=0.02)
    nearness = [(model.encode(questions, "query") * model.encode(texts, "passage")).sum() for model in (old, new)]
    assert nearness[1] > nearness[0] + 0.3
