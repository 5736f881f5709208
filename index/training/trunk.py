"""The small transformer: its tokenizer, its shape, and the sentence-transformers folder that it ends in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, processors
from torch import Tensor, nn
from torch.nn import functional

from index.training.pairs import Ids, Texts

_SPECIALS = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")
_BASE = "sentence_transformers"
_MODULES = [
    ("", f"{_BASE}.base.modules.transformer.Transformer"),
    ("1_Pooling", f"{_BASE}.sentence_transformer.modules.pooling.Pooling"),
    ("2_Normalize", f"{_BASE}.base.modules.normalize.Normalize"),
]


@dataclass(frozen=True, slots=True)
class Shape:
    """How big the network is; ``longest`` counts tokens."""

    layers: int = 6
    width: int = 384
    heads: int = 12
    longest: int = 256


def with_specials(tokenizer: Tokenizer) -> Any:
    """The static model's tokenizer with padding, masking and sentence marks, as transformers wants it."""
    from transformers import PreTrainedTokenizerFast

    again = Tokenizer.from_str(tokenizer.to_str())
    again.add_special_tokens(list(_SPECIALS))
    first, last = again.token_to_id("[CLS]"), again.token_to_id("[SEP]")
    again.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", first), ("[SEP]", last)],
    )
    roles = {"pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]", "unk": "[UNK]"}
    build: Any = PreTrainedTokenizerFast
    return build(tokenizer_object=again, **{f"{role}_token": token for role, token in roles.items()})


def configuration(vocabulary: int, shape: Shape, padding: int) -> Any:
    """A BERT of that shape, untrained."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=shape.longest,
        pad_token_id=padding,
    )


def mean_vectors(model: nn.Module, inputs: dict[str, Tensor]) -> Tensor:
    """Mean of the last layer over each text's tokens, of length 1: ``[texts, width]``."""
    states = model(**inputs).last_hidden_state
    mask = inputs["attention_mask"][..., None].to(states.dtype)
    return functional.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1), dim=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """How token ids are laid out for the network: between marks, filled up to the longest of a batch."""

    pad: int
    first: int
    last: int
    longest: int

    @classmethod
    def of(cls, tokenizer: Any, longest: int) -> Frame:
        """The frame with the marks of ``tokenizer``."""
        return cls(tokenizer.pad_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id, longest)

    def single(self, texts: Sequence[Ids]) -> dict[str, Tensor]:
        """Inputs for texts by themselves, each cut to fit."""
        return self._grid([[self.first, *ids[: self.longest - 2].tolist(), self.last] for ids in texts], None)

    def pairs(self, questions: Sequence[Ids], passages: Sequence[Ids]) -> dict[str, Tensor]:
        """Inputs for a question and a passage each, read together; a question gets at most a third of the room."""
        heads = [[self.first, *ids[: self.longest // 3].tolist(), self.last] for ids in questions]
        rooms = [self.longest - len(head) - 1 for head in heads]
        tails = [[*ids[:room].tolist(), self.last] for ids, room in zip(passages, rooms, strict=True)]
        return self._grid([head + tail for head, tail in zip(heads, tails, strict=True)], [len(head) for head in heads])

    def _grid(self, rows: list[list[int]], heads: list[int] | None) -> dict[str, Tensor]:
        width = max((len(row) for row in rows), default=2)
        grid = torch.tensor([row + [self.pad] * (width - len(row)) for row in rows], dtype=torch.long)
        inputs = {"input_ids": grid, "attention_mask": (grid != self.pad).long()}
        if heads is not None:
            inputs["token_type_ids"] = (torch.arange(width)[None, :] >= torch.tensor(heads)[:, None]).long()
        return inputs


@torch.no_grad()
def encode_texts(model: nn.Module, frame: Frame, texts: Texts, *, at_once: int = 256) -> Tensor:
    """One row of length 1 for each text, on the CPU; texts of about equal length are encoded together."""
    device, half = device_and_type()
    was_training = model.training
    model.eval()
    order = np.argsort(np.diff(texts.ends), kind="stable")
    pieces: list[Tensor] = []
    for start in range(0, len(order), at_once):
        ids, lengths = texts.take(order[start : start + at_once])
        inputs = frame.single(np.split(ids, np.cumsum(lengths)[:-1]))
        with torch.autocast(device.type, half, enabled=half is not None):
            pieces.append(mean_vectors(model, {name: grid.to(device) for name, grid in inputs.items()}).float().cpu())
    model.train(was_training)
    return torch.cat(pieces)[torch.from_numpy(np.argsort(order))]


def device_and_type() -> tuple[torch.device, torch.dtype | None]:
    """Where to train, and the half precision to do it in (None: full precision, where there is no GPU)."""
    if torch.cuda.is_available():
        return torch.device("cuda"), torch.bfloat16
    return torch.device("cpu"), None


def export_transformer(model: Any, tokenizer: Any, shape: Shape, folder: Path) -> None:
    """Writes a folder that ``SentenceTransformer(folder)`` reads without code of ours, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    model.to(torch.float16).save_pretrained(folder)
    model.to(torch.float32)
    tokenizer.model_max_length = shape.longest
    tokenizer.save_pretrained(folder)
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": kind} for number, (path, kind) in enumerate(_MODULES)
    ]
    pooling = {"embedding_dimension": shape.width, "pooling_mode": "mean", "include_prompt": True}
    normalize = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    contents: dict[str, object] = {
        "modules.json": modules,
        "sentence_bert_config.json": {"transformer_task": "feature-extraction"},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": {"query": "", "document": ""},
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": pooling,
        "2_Normalize/config.json": normalize,
    }
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
