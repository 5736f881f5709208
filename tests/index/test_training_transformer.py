import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from index.encoder import load_encoder
from index.training.journal import Journal
from index.training.recipe import Recipe, Stage
from index.training.static import Job
from index.training.transformer import train_transformer
from index.training.trunk import Shape, with_specials
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


def test_sentence_marks_stand_around_a_text() -> None:
    tokenizer = with_specials(build_tokenizer(count_words(TOPICS * 5), 200))
    assert tokenizer.convert_ids_to_tokens(tokenizer("创业补贴")["input_ids"])[::3][0] == "[CLS]"
    assert tokenizer.pad_token_id != tokenizer.mask_token_id
