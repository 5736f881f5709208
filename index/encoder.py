"""Sentence encoders: what one is, and how to get one by name, by folder, or the one that comes with the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.errors import StoreError

Role = Literal["query", "passage"]
Backend = Literal["torch", "onnx", "openvino"]
Vectors = npt.NDArray[np.float32]

BUNDLED_NAME = "static-zh-en-512"
_MODELS = Path(__file__).parent / "models"


class EncoderError(StoreError):
    """An encoder could not be loaded, so no store can be used with it; ``str(error)`` says which and what to do."""


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into vectors whose dot product is their cosine similarity."""

    @property
    def name(self) -> str:
        """What the encoder can be asked for by again: a hub name (``BAAI/bge-m3``), a folder's full path, or
        `BUNDLED_NAME`."""
        ...

    @property
    def dim(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def revision(self) -> str:
        """Changes whenever the vectors would; vectors of two revisions must never meet in one index."""
        ...

    def encode(self, texts: Sequence[str], role: Role) -> Vectors:
        """One row per text, float32 ``[len(texts), dim]``, each of length 1.

        A text in which the encoder knows nothing (empty, punctuation only) may come back as zeros: its cosine with
        everything is 0. ``role`` says which side of the search a text is on; encoders with instructions use it.
        """
        ...


def bundled_folder() -> Path:
    """The sentence-transformers folder that comes with the package."""
    return _MODELS / BUNDLED_NAME


def load_encoder(
    name_or_folder: str | Path | None = None,
    *,
    device: str | None = None,
    batch_size: int | None = None,
    backend: Backend | None = None,
    offline: bool = False,
) -> Encoder:
    """The encoder of that name: ``None`` or `BUNDLED_NAME` is the bundled one, a folder or a hub name is any
    sentence-transformers model.

    A folder that holds static token embeddings (as the bundled one does) is read with numpy alone, which takes a
    tenth of a second; anything else goes through sentence_transformers, on the GPU where there is one. ``device``,
    ``batch_size`` and ``backend`` (``torch``, ``onnx``, ``openvino``) are chosen automatically where they are None;
    ``offline`` forbids asking the model hub. Raises `EncoderError` where the model is neither a folder nor to be had.
    """
    from index.encoder_static import StaticEncoder, is_static_folder

    if name_or_folder is None or str(name_or_folder) == BUNDLED_NAME:
        if not is_static_folder(bundled_folder()):
            raise EncoderError(f"the bundled encoder is missing from {bundled_folder()}: install the package again")
        return StaticEncoder(bundled_folder())
    folder = Path(name_or_folder).expanduser()
    if is_static_folder(folder):
        return StaticEncoder(folder)
    if not folder.is_dir() and (folder.is_absolute() or str(name_or_folder).startswith(".")):
        raise EncoderError(f"there is no encoder folder {folder}: give the folder where the model lies now")
    from index.encoder_transformer import SentenceTransformerEncoder

    name = str(folder.resolve()) if folder.is_dir() else str(name_or_folder)
    return SentenceTransformerEncoder(name, device=device, batch_size=batch_size, backend=backend, offline=offline)


def recorded_encoder(name: str) -> Encoder:
    """The encoder that a store was built with, by the name that the store keeps of it.

    It was there when the store was built, so the model hub isn't asked: a laptop without a network must not wait for
    it.
    Raises `EncoderError` where the folder has moved or the model has left the cache.
    """
    return load_encoder(name, offline=True)
