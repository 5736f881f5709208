"""The small transformer: its tokenizer, its shape, and the sentence-transformers folder that it ends in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, processors
from torch import Tensor, nn
from torch.nn import functional

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
