"""The bundled reranker's network: trained from an encoder's transformer, written out for ONNX Runtime in eight bits.

`index.reranker` runs what `export` writes. ``qa.learn_reranker`` says what it is trained on.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from index.reranker import IS_PASSAGE, IS_QUESTION, put_together
from index.script_fold import fold
from index.training.sources import TrainingDataError

_LONGEST = 128
_LISTS_AT_ONCE, _PAIRS_AT_ONCE = 8, 12
_UNANSWERED = 3
"""How many passages of a question that nothing answers are read at a time."""
_KEPT_TOKENS = 4
"""``<s> <pad> </s> <unk>``, which XLM-R's tokenizers have first."""
_PAD = 1
Pair = tuple[list[int], list[int]]
"""The token numbers of a question and a passage put together, and which of the two each belongs to."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, passages that answer it (none where nothing does), and passages of which the search thought so."""

    question: str
    right: tuple[str, ...]
    others: tuple[str, ...]


class CrossEncoder(nn.Module):
    """Scores by how near the question's and the passage's outputs come to each other once they have read each other."""

    def __init__(self, bert: Any) -> None:
        super().__init__()
        self.bert = bert
        self.scale = nn.Parameter(torch.tensor(12.0))
        self.bias = nn.Parameter(torch.tensor(-10.0))
        self.head = nn.Linear(2 * bert.config.hidden_size, 1, bias=False)
        nn.init.zeros_(self.head.weight)

    def forward(self, ids: torch.Tensor, parts: torch.Tensor) -> torch.Tensor:
        """Log odds, float32 ``[batch]``, of int64 ``[batch, tokens]`` each."""
        outputs = self.bert(input_ids=ids, attention_mask=(ids != _PAD).long()).last_hidden_state.float()
        question, passage = (_mean(outputs, parts == which) for which in (IS_QUESTION, IS_PASSAGE))
        near = (question * passage).sum(1) / torch.sqrt((question**2).sum(1) * (passage**2).sum(1))
        spoken = self.head(torch.cat([question, passage], dim=1)).squeeze(1)
        scores: torch.Tensor = self.scale * near + self.bias + spoken
        return scores


def _mean(outputs: torch.Tensor, where: torch.Tensor) -> torch.Tensor:
    weights = where.float().unsqueeze(-1)
    return (outputs * weights).sum(1) / weights.sum(1)


def begin(start: Path, texts: Sequence[str], least: int) -> tuple[CrossEncoder, Tokenizer]:
    """The network and tokenizer of an encoder with XLM-R's tokens (multilingual-e5-small), cut down to what is needed.

    Those tokens stay that occur ``least`` times in ``texts``, and all of one character. Raises TrainingDataError.
    """
    from transformers import BertModel

    try:
        whole = Tokenizer.from_file(str(start / "tokenizer.json"))
        load: Any = BertModel.from_pretrained
        bert = load(
            start,
            add_pooling_layer=False,
            attn_implementation="eager",  # on a CPU its backward pass is the faster one
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    except Exception as error:  # tokenizers raises nothing narrower
        raise TrainingDataError(f"{start} holds no BERT encoder with a tokenizer.json: {error}") from error
    counts = np.zeros(whole.get_vocab_size(), dtype=np.int64)
    for encoding in whole.encode_batch([fold(text) for text in texts], add_special_tokens=False):
        np.add.at(counts, encoding.ids, 1)
    told = json.loads(whole.to_str())
    vocabulary = told["model"]["vocab"]
    kept = [
        number
        for number, (token, _) in enumerate(vocabulary)
        if number < _KEPT_TOKENS or counts[number] >= least or len(token.lstrip("▁")) <= 1
    ]
    told["model"]["vocab"] = [vocabulary[number] for number in kept]
    rows = bert.embeddings.word_embeddings.weight.data[torch.tensor(kept)].clone()
    bert.embeddings.word_embeddings = _frozen(rows)
    bert.config.vocab_size = len(kept)
    return CrossEncoder(bert), Tokenizer.from_str(json.dumps(told))


def _frozen(rows: torch.Tensor) -> nn.Embedding:
    """The token table, which keeps what it learned from far more text than there is here."""
    table = nn.Embedding(rows.shape[0], rows.shape[1], padding_idx=_PAD)
    table.weight.data.copy_(rows)
    table.weight.requires_grad_(False)
    return table


def train(
    model: CrossEncoder,
    tokenizer: Tokenizer,
    readings: Sequence[Reading],
    *,
    minutes: float = math.inf,
    rate: float = 1.2e-4,
    others: int = 5,
    seed: int = 3,
    note: Callable[[int, int, float], None] = lambda step, steps, loss: None,
) -> None:
    """One pass; ends early after ``minutes``.

    Each question picks a right passage out of some ``others`` (a softmax over the list), and every passage is told by
    itself whether it answers (a logistic loss, half as much), which is all that a question without answer teaches.
    """
    rng = random.Random(seed)
    texts = {text for one in readings for text in (one.question, *one.right, *one.others)}
    ordered = sorted(texts)
    encoded = tokenizer.encode_batch([fold(text) for text in ordered], add_special_tokens=False)
    ids = {text: list(encoding.ids) for text, encoding in zip(ordered, encoded, strict=True)}
    batches = list(_batches(len(readings), rng))
    optimizer = torch.optim.AdamW(_groups(model), lr=rate, weight_decay=0.01, betas=(0.9, 0.98))
    bases = [group["lr"] for group in optimizer.param_groups]
    model.train()
    started = time.monotonic()
    for step, rows in enumerate(batches):
        gone = max(step / len(batches), (time.monotonic() - started) / (60 * minutes))
        if gone >= 1:
            break
        for group, base in zip(optimizer.param_groups, bases, strict=True):
            group["lr"] = base * min(1.0, (step + 1) / 40) * max(0.02, 1 - gone)
        pairs: list[Pair] = []
        sizes: list[int] = []
        wanted: list[float] = []
        for row in rows:
            one = readings[row]
            right = [rng.choice(one.right)] if one.right else []
            beside = rng.sample(one.others, min(others if right else _UNANSWERED, len(one.others)))
            pairs += [put_together(ids[one.question], ids[text], _LONGEST) for text in (*right, *beside)]
            sizes.append(len(right) + len(beside))
            wanted += [1.0] * len(right) + [0.0] * len(beside)
        scores = _scores(model, pairs)
        choices = [
            -torch.log_softmax(part, 0)[0]
            for row, part in zip(rows, torch.split(scores, sizes), strict=True)
            if readings[row].right
        ]
        choice = torch.stack(choices).mean() if choices else torch.zeros(())
        loss = choice + 0.5 * functional.binary_cross_entropy_with_logits(scores, torch.tensor(wanted))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        note(step + 1, len(batches), float(choice.detach()))


def _groups(model: CrossEncoder) -> list[dict[str, Any]]:
    """The scale and bias are single numbers far from where they end: a hundred times the rate of the rest."""
    alone = [model.scale, model.bias]
    rest = [p for p in model.parameters() if p.requires_grad and not any(p is one for one in alone)]
    return [{"params": rest}, {"params": alone, "lr": 1.2e-2, "weight_decay": 0.0}]


def _batches(count: int, rng: random.Random) -> Iterator[list[int]]:
    rows = list(range(count))
    rng.shuffle(rows)
    for start in range(0, count, _LISTS_AT_ONCE):
        yield rows[start : start + _LISTS_AT_ONCE]


def _scores(model: CrossEncoder, pairs: Sequence[Pair]) -> torch.Tensor:
    """Scores in the order of ``pairs``, computed with those of like length side by side."""
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]))
    found = []
    for start in range(0, len(order), _PAIRS_AT_ONCE):
        some = [pairs[at] for at in order[start : start + _PAIRS_AT_ONCE]]
        # few different lengths: the library compiles its products anew for each
        width = -(-max(len(ids) for ids, _ in some) // 16) * 16
        ids = torch.tensor([ids + [_PAD] * (width - len(ids)) for ids, _ in some])
        parts = torch.tensor([parts + [0] * (width - len(parts)) for _, parts in some])
        with torch.autocast("cpu", torch.bfloat16):
            found.append(model(ids, parts))
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(found).float()[back]


def export(model: CrossEncoder, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes ``model.onnx`` and ``tokenizer.json``, which `index.reranker.Reranker` reads.

    The matrices are kept in eight bits, a scale for each column (each row of the token table), and multiplied in full
    precision: scores differ by less than a tenth. Raises TrainingDataError where the package onnx is missing.
    """
    try:
        import onnx  # type: ignore[import-not-found,unused-ignore]
        from onnx import helper, numpy_helper  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise TrainingDataError("writing the network out needs the package onnx: pip install onnx") from error
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    file = folder / "model.onnx"
    ids, parts = (torch.tensor([numbers]) for numbers in put_together([5, 6, 7], [8, 9], _LONGEST))
    axes = {0: "batch", 1: "tokens"}
    model.eval()
    torch.onnx.export(
        model,
        (ids, parts),
        str(file),
        input_names=["ids", "parts"],
        output_names=["score"],
        dynamic_axes={"ids": axes, "parts": axes, "score": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )
    network = onnx.load(str(file))
    graph = network.graph
    tensors, nodes = [], []
    for tensor in graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != np.float32 or weights.ndim != 2:
            tensors.append(tensor)
            continue
        axis = 0 if "embedding" in tensor.name else 1
        scale = (np.abs(weights).max(axis=1 - axis, keepdims=True) / 127).astype(np.float32)
        scale[scale == 0] = 1
        small = np.rint(weights / scale).astype(np.int8)
        names = [f"{tensor.name}_small", f"{tensor.name}_scale"]
        tensors += [numpy_helper.from_array(small, names[0]), numpy_helper.from_array(scale.ravel(), names[1])]
        nodes.append(helper.make_node("DequantizeLinear", names, [tensor.name], axis=axis))
    nodes += graph.node
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(tensors)
    graph.node.extend(nodes)
    onnx.checker.check_model(network)
    onnx.save(network, str(file))
