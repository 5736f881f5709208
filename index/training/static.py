"""Training the static encoder: data, stages, checkpoints, and the finished folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from index.training.align import FixedPassages, align_step, english_tokens
from index.training.batches import assemble
from index.training.evaluation import encode, evaluate, load_statutes
from index.training.export import export
from index.training.glosses import PREFIX
from index.training.job import Job, extended_start, load_sets, plan_of, tokenizer_for
from index.training.journal import Journal
from index.training.loss import train_step
from index.training.mining import draw, mine
from index.training.pairs import PairSet, Texts, held_out_share
from index.training.recipe import Stage
from index.training.table import TokenTable, parts_in

_WARM_UP = 20
_FELT = 40
"""Batches of which a table that was finished before only feels the gradients, before it moves."""
_SETTLED = 8.0
_NOTED_EVERY = 25
_MINED = ("statutes", "statute_answers")


def train_static(job: Job) -> Path:
    """Runs all stages from where the folder ``job.out`` stands and returns the finished model's folder.

    The same job and seed give the same model on the same machine and thread count, however often it was interrupted.
    """
    job.out.mkdir(parents=True, exist_ok=True)
    (job.out / "recipe.json").write_text(json.dumps(job.recipe.as_json(), indent=1) + "\n", encoding="utf-8")
    journal = Journal(job.out, job.quiet)
    tokenizer = tokenizer_for(job)
    sets = load_sets(job, tokenizer)
    table = new_table(job, tokenizer, sets)
    bench = load_statutes(job.statutes, tokenizer, share=held_out_share("statutes")) if job.statutes else None
    if job.start:
        table.start_from(extended_start(job)[1])
    first_stage, first_step = 0, 0
    if restored := journal.restore():
        state, first_stage, first_step = restored
        table.load_state(state)
    for number, stage in enumerate(job.recipe.stages[: job.stop_after][first_stage:], start=first_stage):
        begin = first_step if number == first_stage else 0
        _run_stage(job, stage, number, begin, table, sets, journal)
        evaluate(partial(encode, table.folded()), stage.name, bench, sets, journal)
        journal.save(table.state(), number + 1, 0, force=True)
    folder = job.out / "model"
    export(tokenizer, table.folded(), folder)
    if bench:
        journal.note("report", **bench.recall(partial(encode, table.folded()), "dev"))
    journal.draw()
    return folder


def new_table(job: Job, tokenizer: Tokenizer, sets: list[PairSet]) -> TokenTable:
    """An untrained table, its word weights set from the counts in ``sets``."""
    counts = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)
    for pairs in sets:
        for texts in (pairs.queries, pairs.passages):
            counts += np.bincount(texts.ids, minlength=len(counts))
    recipe = job.recipe
    return TokenTable(counts, parts_in(tokenizer), dim=recipe.dim, share=recipe.share, seed=job.seed)


def _run_stage(
    job: Job, stage: Stage, number: int, begin: int, table: TokenTable, sets: list[PairSet], journal: Journal
) -> None:
    plan = plan_of(job, stage, number, sets)
    train = _alignment(job, stage, table, sets) if stage.only_english else _contrast(job, stage, table, sets)
    recent: list[float] = []
    started = time.monotonic()
    felt = _FELT if job.start and number == 0 else 0
    for step in range(begin, len(plan)):
        index, rows = plan[step]
        rng = np.random.default_rng([job.seed, number, step])
        if felt and step == felt:
            table.settle(_SETTLED)
        warm = min(1.0, (step + 1 - felt) / _WARM_UP) if step >= felt else 0.0
        rate = stage.rate * warm * max(0.02, 1 - step / len(plan))
        recent.append(train(index, rows, rng, rate))
        if len(recent) == _NOTED_EVERY or step + 1 == len(plan):
            loss, seconds = round(float(np.mean(recent)), 4), round(time.monotonic() - started, 1)
            journal.note("loss", stage=stage.name, step=step + 1, steps=len(plan), loss=loss, seconds=seconds)
            recent = []
            journal.save(table.state(), number, step + 1)


_Train = Callable[[int, npt.NDArray[np.int64], np.random.Generator, float], float]
"""One step: index of the set, its rows, chance, rate -> the loss."""


def _contrast(job: Job, stage: Stage, table: TokenTable, sets: list[PairSet]) -> _Train:
    negatives = _Negatives(stage, table, sets) if stage.mined_negatives else None

    def train(index: int, rows: npt.NDArray[np.int64], rng: np.random.Generator, rate: float) -> float:
        batch = assemble(
            sets[index],
            rows,
            rng,
            overlap_dropout=stage.overlap_dropout,
            token_dropout=stage.token_dropout,
            negatives=negatives.for_batch(index, rows, rng) if negatives else None,
        )
        return train_step(table, batch, rate=rate, temperature=stage.temperature, dims=job.recipe.matryoshka)

    return train


def _alignment(job: Job, stage: Stage, table: TokenTable, sets: list[PairSet]) -> _Train:
    tokenizer, fixed = extended_start(job)
    table.frozen = torch.from_numpy(~english_tokens(tokenizer))
    passages: dict[int, FixedPassages] = {}

    def train(index: int, rows: npt.NDArray[np.int64], rng: np.random.Generator, rate: float) -> float:
        if index not in passages:
            passages[index] = FixedPassages.of(sets[index], fixed)
        how = {"temperature": stage.temperature, "token_dropout": stage.token_dropout}
        return align_step(table, sets[index], passages[index], rows, rng, rate=rate, **how)

    return train


class _Negatives:
    """What a stage's views take wrongly for answers, mined once when the stage begins."""

    def __init__(self, stage: Stage, table: TokenTable, sets: list[PairSet]) -> None:
        self._count = stage.mined_negatives
        self._pool: Texts = next(pairs.passages for pairs in sets if pairs.name == "law_titled")
        folded = table.folded()
        self._mined = {
            index: mine(folded, pairs, self._pool)
            for index, pairs in enumerate(sets)
            if pairs.name.removeprefix(PREFIX) in _MINED and stage.repeats.get(pairs.name)
        }

    def for_batch(
        self, index: int, rows: npt.NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[Texts, npt.NDArray[np.int64]] | None:
        if index not in self._mined:
            return None
        return self._pool, draw(self._mined[index], rows, self._count, rng)
