import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import Encoder, EncoderError, bundled_folder, load_encoder
from index.encoder_static import StaticEncoder
from index.script_fold import fold

TEXTS = [
    "谁可以申请创业补贴？",
    "The grant is paid once a year.",
    "第三条 申请人应当提交营业执照。",
    "餘款於次月支付。",
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    found = load_encoder()
    assert isinstance(found, StaticEncoder)
    return found


def test_bundled_encoder_keeps_the_protocol(encoder: StaticEncoder) -> None:
    assert isinstance(encoder, Encoder)
    assert len(encoder.revision) == 12
    assert encoder.name == bundled_folder().name


def test_the_bundled_encoder_loads_by_the_name_that_stores_keep_of_it(encoder: StaticEncoder) -> None:
    assert load_encoder(encoder.name).revision == encoder.revision


def test_rows_are_float32_of_length_one(encoder: StaticEncoder) -> None:
    rows = encoder.encode(TEXTS, "passage")
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_quick_path_and_sentence_transformers_give_the_same_vectors(encoder: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled_folder()), device="cpu")
    expected = model.encode([fold(text) for text in TEXTS], convert_to_numpy=True)
    np.testing.assert_allclose(encoder.encode(TEXTS, "query"), expected, atol=2e-3)


def test_encoding_a_query_imports_no_torch() -> None:
    code = (
        "import sys; from index.encoder import load_encoder; load_encoder().encode(['谁能申请'], 'query');"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_traditional_and_simplified_spellings_share_a_vector(encoder: StaticEncoder) -> None:
    rows = encoder.encode(["臺灣企業申請創業補貼", "台湾企业申请创业补贴"], "query")
    np.testing.assert_allclose(encoder.encode(["創業補貼"], "query"), encoder.encode(["创业补贴"], "query"))
    assert rows[0] @ rows[1] > 0.8


def test_a_text_in_a_batch_has_the_vector_it_has_alone(encoder: StaticEncoder) -> None:
    texts = ["", *TEXTS, "", ""] * 100
    together = encoder.encode(texts, "passage")
    alone = np.concatenate([encoder.encode([text], "passage") for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_empty_text_is_zeros_and_no_texts_are_no_rows(encoder: StaticEncoder) -> None:
    assert not encoder.encode([""], "query").any()
    assert encoder.encode([], "query").shape == (0, encoder.dim)


def test_text_vector_is_the_sum_of_its_token_rows(encoder: StaticEncoder) -> None:
    for text, ids in zip(TEXTS, encoder.token_ids(TEXTS), strict=True):
        total = encoder.token_rows(ids).sum(axis=0)
        np.testing.assert_allclose(total / np.linalg.norm(total), encoder.encode([text], "query")[0], atol=1e-5)


def test_traditional_text_is_read_as_the_same_tokens(encoder: StaticEncoder) -> None:
    traditional, simplified = encoder.token_ids(["申請創業補貼的條件", "申请创业补贴的条件"])
    assert traditional.tolist() == simplified.tolist()
    assert simplified.max() < encoder.vocabulary


def test_eight_bit_rows_with_a_scale_each_read_as_their_product(encoder: StaticEncoder, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    shutil.copytree(bundled_folder(), tmp_path / "small", dirs_exist_ok=True)
    table = encoder._table.astype(np.float32) * encoder._scales[:, None]
    scale = np.abs(table).max(axis=1) / 127
    rows = np.round(table / np.maximum(scale, 1e-9)[:, None]).astype(np.int8)
    save_file({"embeddings": rows, "weights": scale.astype(np.float32)}, tmp_path / "small" / "model.safetensors")
    assert load_file(tmp_path / "small" / "model.safetensors")["embeddings"].dtype == np.int8
    small = load_encoder(tmp_path / "small")
    cosines = (small.encode(TEXTS, "query") * encoder.encode(TEXTS, "query")).sum(axis=1)
    assert cosines.min() > 0.999
    assert small.revision != encoder.revision


def test_folder_without_weights_says_which_file_is_missing(tmp_path: Path) -> None:
    shutil.copy(bundled_folder() / "modules.json", tmp_path)
    with pytest.raises(EncoderError, match=r"model\.safetensors is missing"):
        load_encoder(tmp_path)


def test_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    for name in ("modules.json", "tokenizer.json"):
        shutil.copy(bundled_folder() / name, tmp_path)
    save_file({"embedding.weight": np.zeros((10, 4), dtype=np.float16)}, tmp_path / "model.safetensors")
    with pytest.raises(EncoderError, match="different models"):
        load_encoder(tmp_path)


def test_unknown_name_is_refused_with_advice() -> None:
    with pytest.raises(EncoderError, match="could not be loaded"):
        load_encoder("nobody/nothing-here", offline=True)


def test_static_folder_with_other_modules_goes_to_sentence_transformers(tmp_path: Path) -> None:
    from index.encoder_static import is_static_folder

    modules = json.loads((bundled_folder() / "modules.json").read_text())
    (tmp_path / "modules.json").write_text(json.dumps([*modules, {"type": "somewhere.Dense"}]))
    assert is_static_folder(bundled_folder())
    assert not is_static_folder(tmp_path)


@given(st.text(max_size=200))
def test_fold_keeps_length_and_folds_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=50), st.text(max_size=50))
def test_fold_works_character_by_character(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


def test_fold_turns_traditional_into_simplified() -> None:
    assert fold("臺灣電子商務後續餘額") == "台湾电子商务后续余额"
