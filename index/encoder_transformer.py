"""Any sentence-transformers model as an `Encoder`. The only file that imports sentence_transformers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Backend, EncoderError, Role, Vectors

# The names under which models store the prompt of each side, in the order in which they are tried.
_PROMPTS: dict[Role, tuple[str, ...]] = {
    "query": ("query", "search_query", "question", "retrieval.query"),
    "passage": ("passage", "document", "search_document", "corpus", "retrieval.passage"),
}
# The e5 family states its prompts in its model card, not in its configuration.
_E5_PROMPTS: dict[Role, str] = {"query": "query: ", "passage": "passage: "}


class SentenceTransformerEncoder:
    """A model from a folder or the model hub, with its own prompts for queries and passages."""

    def __init__(
        self,
        name_or_folder: str,
        *,
        device: str | None = None,
        batch_size: int | None = None,
        backend: Backend | None = None,
        offline: bool = False,
    ) -> None:
        from sentence_transformers import SentenceTransformer

        self._name = name_or_folder
        chosen = backend or _backend_in(Path(name_or_folder))
        try:
            self._model: Any = SentenceTransformer(
                name_or_folder, device=device, backend=chosen, local_files_only=offline, trust_remote_code=False
            )
        except (OSError, ValueError, ImportError) as error:
            raise EncoderError(
                f"the encoder {name_or_folder!r} could not be loaded ({error}); give a sentence-transformers folder, "
                "or a hub name on a machine that can reach the hub or has it in its cache"
            ) from error
        self._batch_size = batch_size or (64 if self.device.startswith(("cuda", "mps")) else 16)
        stored: dict[str, str] = {key: value for key, value in (self._model.prompts or {}).items() if value}
        self._prompts = {role: _prompt(role, stored, name_or_folder) for role in _PROMPTS}

    @property
    def name(self) -> str:
        """What the model was asked for by."""
        return self._name

    @property
    def device(self) -> str:
        """Where it computes: ``cpu``, ``cuda:0``, ``mps:0``."""
        return str(self._model.device)

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        dimension: int = self._model.get_embedding_dimension()
        return dimension

    @cached_property
    def revision(self) -> str:
        """The hub's commit where the model knows it, else the size and time of a folder's weights."""
        configuration = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        commit = getattr(configuration, "_commit_hash", None)
        if commit:
            return str(commit)[:12]
        files = sorted(Path(self._name).rglob("*.safetensors")) if Path(self._name).is_dir() else []
        return "-".join(f"{file.stat().st_size:x}.{file.stat().st_mtime_ns:x}" for file in files) or "unknown"

    def prompt(self, role: Role) -> str:
        """What is put before a text of that role, often nothing."""
        return self._prompts[role]

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """One row per text, float32 ``[len(texts), dim]``, of length 1."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(
            list(texts),
            prompt=self._prompts[role] or None,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)


def _prompt(role: Role, stored: dict[str, str], name: str) -> str:
    for key in _PROMPTS[role]:
        if key in stored:
            return stored[key]
    if "e5-" in name.lower() and "instruct" not in name.lower():
        return _E5_PROMPTS[role]
    return ""


def _backend_in(folder: Path) -> Backend:
    """ONNX or OpenVINO where the folder carries such weights and the runtime is installed, else torch."""
    if find_spec("optimum"):
        if find_spec("openvino") and any(folder.glob("openvino/*.xml")):
            return "openvino"
        if find_spec("onnxruntime") and any(folder.glob("onnx/*.onnx")):
            return "onnx"
    return "torch"
