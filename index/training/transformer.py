"""The transformer recipe: masked words on all the text, then the contrastive stages of the static recipe.

Written for a GPU (an hour on a recent one); on a CPU it runs, at tiny sizes only, which is how it is tested.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from index.training.batches import Batch, assemble
from index.training.evaluation import evaluate, load_statutes
from index.training.job import Job, load_sets, plan_of, tokenizer_for
from index.training.journal import Journal
from index.training.loss import info_nce, no_negatives
from index.training.pairs import Ids, PairSet, held_out_share
from index.training.recipe import Stage
from index.training.trunk import (
    Frame,
    Shape,
    configuration,
    device_and_type,
    encode_texts,
    export_transformer,
    mean_vectors,
    with_specials,
)

_T = TypeVar("_T")
_MASKED = 0.15
_NOTED_EVERY = 50


def train_transformer(job: Job) -> Path:
    """Masked-word training, then every stage of the recipe; returns the finished model's folder.

    Carries on after the last finished stretch when it is started again in the same folder.
    """
    from transformers import BertForMaskedLM

    if job.recipe.transformer is None:
        raise ValueError(f"the recipe {job.recipe.name} has no transformer shape")
    job.out.mkdir(parents=True, exist_ok=True)
    journal, shape = Journal(job.out, job.quiet), job.recipe.transformer
    plain = tokenizer_for(job)
    tokenizer, sets = with_specials(plain), load_sets(job, plain)
    torch.manual_seed(job.seed)
    model: Any = BertForMaskedLM(configuration(len(tokenizer), shape, tokenizer.pad_token_id))
    device, _ = device_and_type()
    model.to(device)
    done = -1
    if restored := journal.restore():
        model.load_state_dict(restored[0], strict=False)  # the output layer is the embedding, stored once
        done = restored[1]
    bench = load_statutes(job.statutes, plain, share=held_out_share("statutes")) if job.statutes else None
    frame = Frame.of(tokenizer, shape.longest)
    stages: list[Stage | None] = [None, *job.recipe.stages]  # None stands for the masked-word stretch
    for number, stage in enumerate(stages[: job.stop_after]):
        if number <= done:
            continue
        run = _Run(job, shape, tokenizer, model, journal, number)
        if stage is None:
            run.learn_masked_words(sets)
        else:
            run.learn_pairs(stage, sets)
            evaluate(partial(encode_texts, model.bert, frame), stage.name, bench, sets, journal)
        weights = {
            name: tensor
            for name, tensor in model.state_dict().items()
            if not name.startswith("cls.predictions.decoder")
        }
        journal.save(weights, number, 0, force=True)
    folder = job.out / "model"
    if bench:
        journal.note("report", **bench.recall(partial(encode_texts, model.bert, frame), "dev"))
    export_transformer(model.bert.cpu(), tokenizer, shape, folder)
    journal.draw()
    return folder


class _Run:
    """One stretch of training with its optimiser, warm-up over the first twentieth and linear decay."""

    def __init__(self, job: Job, shape: Shape, tokenizer: Any, model: Any, journal: Journal, number: int) -> None:
        self._job, self._shape, self._model, self._journal = job, shape, model, journal
        self._frame = Frame.of(tokenizer, shape.longest)
        self._pad, self._mask = tokenizer.pad_token_id, tokenizer.mask_token_id
        self._first, self._last = tokenizer.cls_token_id, tokenizer.sep_token_id
        self._vocabulary = len(tokenizer)
        self._device, self._type = device_and_type()
        self._rng = np.random.default_rng([job.seed, 77, number])

    def learn_masked_words(self, sets: list[PairSet]) -> None:
        """Hides 15 in 100 tokens of each passage, eight tenths of them behind the mask, and learns to tell them."""
        batches = list(self._passages(sets))
        optimizer = torch.optim.AdamW(self._model.parameters(), lr=5e-4, weight_decay=0.01)
        passes = self._job.recipe.masked_passes
        steps = [batch for _ in range(passes) for batch in (batches[n] for n in self._rng.permutation(len(batches)))]
        for step, lists in enumerate(self._progress("masked words", steps)):
            inputs = self._inputs(lists)
            ids, hidden = inputs["input_ids"], torch.rand(inputs["input_ids"].shape, device=self._device) < _MASKED
            hidden &= (ids != self._pad) & (ids != self._first) & (ids != self._last)
            labels = ids.masked_fill(~hidden, -100)
            dice = torch.rand(ids.shape, device=self._device)
            ids = ids.masked_fill(hidden & (dice < 0.8), self._mask)
            other = torch.randint(1, self._vocabulary, ids.shape, device=self._device)
            ids = torch.where(hidden & (dice >= 0.9), other, ids)
            with torch.autocast(self._device.type, self._type, enabled=self._type is not None):
                loss = self._model(input_ids=ids, attention_mask=inputs["attention_mask"], labels=labels).loss
            self._descend(optimizer, loss, 5e-4, step, len(steps))

    def learn_pairs(self, stage: Stage, sets: list[PairSet]) -> None:
        """The static recipe's stage on this network: same pairs, same withheld words, same loss."""
        model = self._model.bert
        optimizer = torch.optim.AdamW(model.parameters(), lr=stage.transformer_rate, weight_decay=0.01)
        plan = plan_of(self._job, stage, 1, sets)
        for step, (index, rows) in enumerate(self._progress(stage.name, plan)):
            rng = np.random.default_rng([self._job.seed, step])
            batch = assemble(sets[index], rows, rng, overlap_dropout=stage.overlap_dropout / 2)
            with torch.autocast(self._device.type, self._type, enabled=self._type is not None):
                queries = mean_vectors(model, self._inputs(_split(batch.query_ids, batch.query_lengths)))
                passages = mean_vectors(model, self._inputs(_split(batch.passage_ids, batch.passage_lengths)))
            loss = info_nce(queries.float(), passages.float(), self._same(batch), stage.temperature)
            self._descend(optimizer, loss, stage.transformer_rate, step, len(plan))

    def _same(self, batch: Batch) -> Tensor:
        return no_negatives(batch).to(self._device)

    def _descend(self, optimizer: Any, loss: Tensor, rate: float, step: int, steps: int) -> None:
        warm = max(1, steps // 20)
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / warm) * max(0.02, 1 - step / steps)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        optimizer.step()
        self._losses.append(float(loss.detach()))

    def _progress(self, stage: str, steps: list[_T]) -> Iterator[_T]:
        self._losses: list[float] = []
        started = time.monotonic()
        for number, item in enumerate(steps, start=1):
            yield item
            if number % _NOTED_EVERY == 0 or number == len(steps):
                loss, seconds = round(float(np.mean(self._losses)), 4), round(time.monotonic() - started, 1)
                self._journal.note("loss", stage=stage, step=number, steps=len(steps), loss=loss, seconds=seconds)
                self._losses = []

    def _passages(self, sets: list[PairSet], size: int = 128) -> Iterator[list[Ids]]:
        """All passages in batches of about equal length, so that little is padding."""
        for pairs in sets:
            lengths = np.diff(pairs.passages.ends)
            order = np.argsort(lengths)[np.searchsorted(np.sort(lengths), 4) :]
            for start in range(0, len(order), size):
                rows: npt.NDArray[np.int64] = order[start : start + size]
                yield _split(*pairs.passages.take(rows))

    def _inputs(self, lists: list[Ids]) -> dict[str, Tensor]:
        return {name: grid.to(self._device) for name, grid in self._frame.single(lists).items()}


def _split(ids: Ids, lengths: npt.NDArray[np.int64]) -> list[Ids]:
    return np.split(ids, np.cumsum(lengths)[:-1])
