"""The quick way into a static sentence-transformers folder: tokenizers and numpy, without importing torch.

It reads the very files that ``SentenceTransformer(folder)`` reads (``modules.json``, ``tokenizer.json``,
``model.safetensors``) and gives the same vectors; a test holds the two together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import BUNDLED_NAME, EncoderError, Role, Vectors, bundled_folder
from index.script_fold import fold

_TEXTS_AT_ONCE = 512  # what the tokenizer spreads over its threads at a time
_WORTH_THREADS = 64  # below, waking the tokenizer's threads takes longer than the texts
_STATIC = ("StaticEmbedding",)
_ALLOWED = (*_STATIC, "Normalize")


def is_static_folder(folder: Path) -> bool:
    """True where ``folder`` is a sentence-transformers model made of static token embeddings and nothing else."""
    modules = folder / "modules.json"
    if not modules.is_file():
        return False
    kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in json.loads(modules.read_text(encoding="utf-8"))]
    return kinds[:1] == list(_STATIC) and all(kind in _ALLOWED for kind in kinds)


class StaticEncoder:
    """Mean of the texts' token vectors, scaled to length 1. Loads in 0.1 s; a query takes well under a millisecond.

    Traditional characters are folded to Simplified first, so both spellings of a text have one vector.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        weights_file, tokenizer_file = folder / "model.safetensors", folder / "tokenizer.json"
        for file in (weights_file, tokenizer_file):
            if not file.is_file():
                raise EncoderError(f"{folder} is not a complete encoder: {file.name} is missing; copy the folder again")
        self._folder = folder.resolve()
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table, self._scales = _read_table(load_file(weights_file), folder)
        if self._table.shape[0] < self._tokenizer.get_vocab_size():
            raise EncoderError(
                f"{folder}: the tokenizer knows {self._tokenizer.get_vocab_size()} tokens but model.safetensors holds "
                f"{self._table.shape[0]} vectors; the two files belong to different models"
            )

    @property
    def name(self) -> str:
        """`BUNDLED_NAME`, or the folder's full path."""
        return BUNDLED_NAME if self._folder == bundled_folder().resolve() else str(self._folder)

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        return int(self._table.shape[1])

    @cached_property
    def revision(self) -> str:
        """Twelve hexadecimal digits of the files that decide the vectors."""
        digest = hashlib.sha256()
        for name in ("tokenizer.json", "model.safetensors"):
            digest.update((self._folder / name).read_bytes())
        return digest.hexdigest()[:12]

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """One row per text, float32 ``[len(texts), dim]``, of length 1 (zeros where a text has no known token)."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            folded = [fold(text) for text in texts[start : start + _TEXTS_AT_ONCE]]
            for place, encoding in enumerate(
                self._tokenizer.encode_batch_fast(folded, add_special_tokens=False), start
            ):
                # text by text: the rows of one stay in the processor's cache, those of a thousand do not (3.5 times
                # slower with one gather and np.add.reduceat)
                ids = np.asarray(encoding.ids, dtype=np.int64)
                rows[place] = self._scales[ids] @ self._table[ids].astype(np.float32)
        return _unit(rows)

    @property
    def vocabulary(self) -> int:
        """How many different tokens there are."""
        return len(self._table)

    def token_ids(self, texts: Sequence[str]) -> list[npt.NDArray[np.int32]]:
        """For each text the vocabulary numbers of its tokens, in order."""
        folded = [fold(text) for text in texts]
        if len(folded) >= _WORTH_THREADS:
            encodings = self._tokenizer.encode_batch_fast(folded, add_special_tokens=False)
        else:
            encodings = [self._tokenizer.encode_batch_fast([text], add_special_tokens=False)[0] for text in folded]
        return [np.asarray(encoding.ids, dtype=np.int32) for encoding in encodings]

    def token_rows(self, ids: npt.NDArray[np.int32]) -> Vectors:
        """The vectors of those vocabulary numbers as training left them, float32 ``[len(ids), dim]``.

        Scaled to length 1, two texts' rows multiplied give the cosine of every pair of words: what late interaction
        needs. The length itself says how much a token moves a text's vector: training gives words that decide nothing
        short ones, so it is a learned word weight.
        """
        rows: Vectors = self._table[ids].astype(np.float32) * self._scales[ids, None]
        return rows


def _read_table(weights: dict[str, Any], folder: Path) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
    """``[tokens, dim]`` as stored and a factor for each row, from either layout that sentence-transformers reads.

    ``embedding.weight`` is its own; ``embeddings`` with optional per-token ``weights`` is model2vec's, in which int8
    rows with one scale each take half the space of half precision, in memory as on disk.
    """
    table = weights.get("embedding.weight", weights.get("embeddings"))
    if table is None:
        raise EncoderError(f"{folder}: model.safetensors holds {sorted(weights)}, none of which is an embedding table")
    if "mapping" in weights:
        table = table[weights["mapping"]]
    scales = weights.get("weights", np.ones(len(table)))
    return table, np.asarray(scales, dtype=np.float32)


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
