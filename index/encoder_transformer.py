"""Any sentence-transformers model as an `Encoder`. The only file that imports sentence_transformers."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Backend, EncoderError, Role, Vectors

_log = logging.getLogger(__name__)
# The names under which models store the prompt of each side, in the order in which they are tried.
_PROMPTS: dict[Role, tuple[str, ...]] = {
    "query": ("query", "search_query", "question", "retrieval.query"),
    "passage": ("passage", "document", "search_document", "corpus", "retrieval.passage"),
}
# The e5 family states its prompts in its model card, not in its configuration.
_E5_PROMPTS: dict[Role, str] = {"query": "query: ", "passage": "passage: "}


_DECIDING = (".safetensors", ".bin", ".json", ".txt", ".model")


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
        if backend:
            _require(backend)

        def load(chosen: Backend) -> Any:
            return SentenceTransformer(
                name_or_folder, device=device, backend=chosen, local_files_only=offline, trust_remote_code=False
            )

        try:
            self._model: Any = load(backend) if backend else _load_best(Path(name_or_folder), load)
        except Exception as error:  # what runtimes raise is of classes of their own
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
        """The hub's commit where the model knows it, else twelve hexadecimal digits of a folder's files."""
        configuration = getattr(getattr(self._model[0], "auto_model", None), "config", None)
        commit = getattr(configuration, "_commit_hash", None)
        if commit:
            return str(commit)[:12]
        return _digest(Path(self._name)) if Path(self._name).is_dir() else "unknown"

    def prompt(self, role: Role) -> str:
        """What is put before a text of that role, often nothing."""
        return self._prompts[role]

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """One row per text, float32 ``[len(texts), dim]``, of length 1."""
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        # The two methods tell models of two towers which one to use, and an empty prompt keeps a model's default one,
        # which most often is the query's, off the passages.
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        vectors = encode(
            list(texts),
            prompt=self._prompts[role],
            batch_size=self._batch_size,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        rows: Vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        # A model kept in half precision normalizes in half precision: lengths of 0.9998.
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit


_SAMPLED_BYTES = 1 << 16
_SAMPLES = 64


def _digest(folder: Path) -> str:
    """Twelve hexadecimal digits of what is in a model's folder, wherever it lies: large files by evenly spaced samples,
    because hashing gigabytes would take longer than loading them.
    """
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.suffix in _DECIDING and file.is_file()):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder).as_posix()} {size}\n".encode())
        with file.open("rb") as opened:
            for place in range(0, size, max(_SAMPLED_BYTES, size // _SAMPLES)):
                opened.seek(place)
                digest.update(opened.read(_SAMPLED_BYTES))
    return digest.hexdigest()[:12]


def _prompt(role: Role, stored: dict[str, str], name: str) -> str:
    for key in _PROMPTS[role]:
        if key in stored:
            return stored[key]
    if "e5-" in name.lower() and "instruct" not in name.lower():
        return _E5_PROMPTS[role]
    return ""


_RUNTIMES: dict[Backend, str] = {"onnx": "onnxruntime", "openvino": "openvino"}
_WEIGHTS: dict[Backend, str] = {"openvino": "openvino/*.xml", "onnx": "onnx/*.onnx"}


def _require(backend: Backend) -> None:
    """Raises `EncoderError`, saying what to install, where ``backend`` was asked for and its runtime is absent."""
    runtime = _RUNTIMES.get(backend)
    missing = [name for name in ("optimum", runtime) if name and not find_spec(name)] if runtime else []
    if missing:
        raise EncoderError(
            f"the backend {backend} needs {' and '.join(missing)}, which is not installed: pip install "
            f"'sentence-transformers[{backend}]', or leave the backend out to use torch"
        )


def _load_best(folder: Path, load: Callable[[Backend], Any]) -> Any:
    """The model on ONNX or OpenVINO where the folder carries such weights and the runtime takes them, else on torch.

    That a runtime is installed does not say that it fits the installed transformers, so torch stands behind it,
    whatever is raised: sentence_transformers raises a bare Exception, ONNX Runtime its own.
    """
    for backend, weights in _WEIGHTS.items():
        if find_spec("optimum") and find_spec(_RUNTIMES[backend]) and any(folder.glob(weights)):
            try:
                return load(backend)
            except Exception as error:  # noqa: BLE001
                _log.warning("%s can't be loaded on %s (%s): torch takes its place", folder, backend, error)
    return load("torch")
