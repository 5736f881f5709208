"""The bundled reranker: a small network that reads a question and a passage together (a cross-encoder).

An encoder makes a vector of each text by itself; this one sees both at once and tells a passage that answers from one
that is about the same thing. It costs about 25 ms a passage on two cores, so it is asked about a few passages only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.encoder import EncoderError
from index.script_fold import fold

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

RERANKER_NAME = "reranker-zh-en-384"
Scores = npt.NDArray[np.float32]
_FOLDER = Path(__file__).parent / "models" / RERANKER_NAME
_QUESTION = 48
_LONGEST = 128
"""Tokens of the question, and of both texts with the marks between them. Trained with 168, which takes a third longer
and orders no better."""
_START, _END, _UNKNOWN = 0, 2, 3
_MARKS = 4
IS_QUESTION, IS_PASSAGE = 1, 2
_THREADS = 2


def put_together(question: list[int], passage: list[int], longest: int) -> tuple[list[int], list[int]]:
    """The tokens ``<s> question </s></s> passage </s>``, ``longest`` at most, and of which text each is.

    `IS_QUESTION`, `IS_PASSAGE`, or 0 for a mark. A text without tokens counts as one that is not known. Training puts
    them together in the same way.
    """
    question = question[:_QUESTION] or [_UNKNOWN]
    passage = passage[: longest - len(question) - _MARKS] or [_UNKNOWN]
    parts = [0, *[IS_QUESTION] * len(question), 0, 0, *[IS_PASSAGE] * len(passage), 0]
    return [_START, *question, _END, _END, *passage, _END], parts


class Reranker:
    """Says how well passages answer a question. Safe from any number of threads; reads its network when first asked."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        self._loaded: tuple[Tokenizer, InferenceSession] | None = None
        self._loading = threading.Lock()

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """One number a passage, float32 ``[len(passages)]``: the log odds that it answers, higher is better.

        A passage is read up to about 180 characters. Raises `EncoderError` where the network's files are missing.
        """
        tokenizer, session = self._ready()
        folded = [fold(text) for text in (question, *passages)]
        asked, *texts = (e.ids for e in tokenizer.encode_batch(folded, add_special_tokens=False))
        # one at a time: put side by side the short ones would be as long as the longest
        return np.asarray([self._score(session, asked, text) for text in texts], dtype=np.float32)

    @staticmethod
    def _score(session: InferenceSession, question: list[int], passage: list[int]) -> float:
        ids, parts = put_together(question, passage, _LONGEST)
        (found,) = session.run(None, {"ids": np.asarray([ids]), "parts": np.asarray([parts])})
        return float(found[0])

    def _ready(self) -> tuple[Tokenizer, InferenceSession]:
        if self._loaded is None:
            with self._loading:
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def _load(self) -> tuple[Tokenizer, InferenceSession]:
        import onnxruntime
        from tokenizers import Tokenizer

        files = [self._folder / name for name in ("tokenizer.json", "model.onnx")]
        for file in files:
            if not file.is_file():
                raise EncoderError(f"the bundled reranker lacks {file}: install the package again")
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        # threads that wait without giving their core back would slow the other questions down
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # the weights lie there in eight bits and are multiplied in full precision: eight-bit products ranked worse
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        session = onnxruntime.InferenceSession(files[1], options, providers=["CPUExecutionProvider"])
        return Tokenizer.from_file(str(files[0])), session
