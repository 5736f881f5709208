"""The finished folder: what ``SentenceTransformer(folder)`` and the numpy path both read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.base.modules.normalize.Normalize"},
]
_CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def quantized(table: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Rows as whole numbers from -127 to 127 and a scale for each: a quarter of the space, cosine above 0.9999."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / 127
    rows: npt.NDArray[np.int8] = np.round(table / scales[:, None]).astype(np.int8)
    return rows, scales.astype(np.float32)


def export(tokenizer: Tokenizer, table: npt.NDArray[np.float32], folder: Path) -> None:
    """Writes the model to ``folder``: modules, configuration, tokenizer and the table in eight bits a number.

    ``embeddings`` and ``weights`` are the names of the model2vec layout, which StaticEmbedding multiplies out on
    loading, so no code of ours is needed to read it.
    """
    from safetensors.numpy import save_file

    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    rows, scales = quantized(table)
    save_file({"embeddings": rows, "weights": scales}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write(folder / "modules.json", _MODULES)
    _write(folder / "config_sentence_transformers.json", _CONFIG)
    names = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    _write(folder / "1_Normalize" / "config.json", names)


def finished_table(folder: Path) -> npt.NDArray[np.float32]:
    """The table of a folder that `export` wrote, float32 ``[tokens, dim]``."""
    from safetensors.numpy import load_file

    weights = load_file(folder / "model.safetensors")
    table: npt.NDArray[np.float32] = weights["embeddings"].astype(np.float32) * weights["weights"][:, None]
    return table


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
