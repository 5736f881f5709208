"""Encoders other than the bundled one: a real, tiny BERT folder, built here and loaded as a user's would be."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from index.build import ingest_paths
from index.encoder import BUNDLED_NAME, EncoderError, bundled_folder, load_encoder, recorded_encoder
from index.encoder_transformer import SentenceTransformerEncoder
from index.errors import EncoderMismatchError
from index.store import Store
from index.training.trunk import Shape, configuration, export_transformer, with_specials
from index.training.vocabulary import build_tokenizer, count_words

TEXTS = ["养犬登记由公安机关办理。", "老旧电梯由特种设备部门检验。", "夜间施工须经批准。", "query passage"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertModel

    torch.manual_seed(1)
    tokenizer = with_specials(build_tokenizer(count_words(TEXTS * 5), 200))
    shape = Shape(layers=1, width=16, heads=2, longest=32)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    model = BertModel(configuration(len(tokenizer), shape, tokenizer.pad_token_id))
    export_transformer(model, tokenizer, shape, folder)
    return folder


@pytest.fixture
def tiny(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "tiny"))


def with_prompts(folder: Path, prompts: dict[str, str], default: str | None = None) -> Path:
    file = folder / "config_sentence_transformers.json"
    settings = json.loads(file.read_text("utf-8")) | {"prompts": prompts, "default_prompt_name": default}
    file.write_text(json.dumps(settings), "utf-8")
    return folder


def load(folder: Path) -> SentenceTransformerEncoder:
    encoder = load_encoder(folder, device="cpu")
    assert isinstance(encoder, SentenceTransformerEncoder)
    return encoder


def test_questions_and_passages_get_the_prompts_of_the_model_s_own_configuration(tiny: Path) -> None:
    plain = load(tiny).encode(["query 养犬登记", "passage 养犬登记"], "query")
    prompted = load(with_prompts(tiny, {"query": "query ", "passage": "passage "}))
    assert (prompted.prompt("query"), prompted.prompt("passage")) == ("query ", "passage ")
    np.testing.assert_allclose(prompted.encode(["养犬登记"], "query")[0], plain[0], atol=1e-5)
    np.testing.assert_allclose(prompted.encode(["养犬登记"], "passage")[0], plain[1], atol=1e-5)


def test_a_default_prompt_for_questions_is_not_put_before_passages(tiny: Path) -> None:
    plain = load(tiny).encode(["养犬登记"], "passage")
    prompted = load(with_prompts(tiny, {"query": "query "}, default="query"))
    np.testing.assert_allclose(prompted.encode(["养犬登记"], "passage"), plain, atol=1e-5)
    assert not np.allclose(prompted.encode(["养犬登记"], "query"), plain, atol=1e-3)


def test_vectors_have_length_one_and_no_texts_give_no_rows(tiny: Path) -> None:
    encoder = load(tiny)
    assert encoder.encode([], "query").shape == (0, 16)
    rows = encoder.encode(TEXTS * 9, "passage")
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert encoder.device == "cpu"


def test_a_copied_folder_has_the_same_revision_and_other_weights_have_another(tiny: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(tiny, copy, copy_function=shutil.copyfile)
    assert load(copy).revision == load(tiny).revision
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-8:] = bytes(8)
    (copy / "model.safetensors").write_bytes(weights)
    assert load(copy).revision != load(tiny).revision


def test_a_store_finds_its_encoder_folder_again_from_anywhere(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "办法.txt").write_text("养犬办法\n\n第一条 养犬登记由公安机关办理。\n第二条 夜间不得遛犬。\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    with Store.open(Path("store"), load_encoder("tiny", device="cpu"), create=True) as store:
        ingest_paths(store, [Path("办法.txt")])
    monkeypatch.chdir(Path(tmp_path.anchor))
    with Store.open(tmp_path / "store") as store:
        assert store.search("养犬登记", 1).hits
        assert store.encoder.name == str(tiny.resolve())
    with pytest.raises(EncoderMismatchError):
        Store.open(tmp_path / "store", load_encoder())


def test_a_folder_that_has_gone_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="there is no encoder folder"):
        load_encoder(tmp_path / "gone")
    with pytest.raises(EncoderError, match="there is no encoder folder"):
        recorded_encoder(str(tmp_path / "gone"))


def test_the_bundled_encoder_is_recorded_by_its_name_and_a_copy_of_it_by_its_path(tmp_path: Path) -> None:
    assert load_encoder().name == load_encoder(bundled_folder()).name == BUNDLED_NAME
    copy = tmp_path / BUNDLED_NAME
    shutil.copytree(bundled_folder(), copy)
    assert load_encoder(copy).name == str(copy.resolve())
    assert load_encoder(copy).revision == recorded_encoder(BUNDLED_NAME).revision


def test_a_backend_that_is_not_installed_is_said_with_what_to_install(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.encoder_transformer.find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"needs optimum and onnxruntime.*pip install"):
        load_encoder(tiny, backend="onnx")


def test_torch_takes_over_where_a_folder_s_onnx_weights_cannot_be_loaded(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = load(tiny).encode(TEXTS, "query")
    (tiny / "onnx").mkdir()
    (tiny / "onnx" / "model.onnx").write_bytes(b"no model")
    monkeypatch.setattr("index.encoder_transformer.find_spec", lambda name: object())
    monkeypatch.setitem(sys.modules, "optimum", None)  # installed, as far as anybody can tell, and not to be imported
    np.testing.assert_allclose(load(tiny).encode(TEXTS, "query"), expected, atol=1e-6)
