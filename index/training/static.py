"""Training the static encoder: data, stages, checkpoints, and the finished folder."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from index.training.align import FixedPassages, align_step, english_tokens
from index.training.batches import assemble, schedule
from index.training.english import extended, missing_words
from index.training.evaluation import StatuteBench, held_out_hits, load_statutes
from index.training.export import export, finished_table
from index.training.glosses import PREFIX, glossed, load_glosses
from index.training.journal import Journal
from index.training.loss import train_step
from index.training.mining import draw, mine
from index.training.pairs import PairSet, Texts, build_pairs, held_out_share
from index.training.recipe import Recipe, Stage, view_of
from index.training.sources import read_rows, texts_of
from index.training.table import TokenTable, parts_in
from index.training.views import VIEW_BY_NAME
from index.training.vocabulary import build_tokenizer, count_words

_WARM_UP = 20
_FELT = 40
"""Batches of which a table that was finished before only feels the gradients, before it moves."""
_SETTLED = 8.0
_NOTED_EVERY = 25
_MINED = ("statutes", "statute_answers")
_COMPARED = (
    "policy",
    "law_en_sentence",
    "law_en_words",
    "glossed_policy",
    "tatoeba",
    "consultations",
    "web",
    "squad",
    "citizen_mail",
    "cmrc",
    "drcd",
    "abstracts",
    "news",
)


@dataclass(frozen=True, slots=True)
class Job:
    """What to train, from where to where.

    ``full`` trains on the held-out rows too, once a recipe is chosen; ``stop_after`` ends the run after so many stages,
    to be taken up again later; ``start`` is a finished model's folder to train on from, with its tokenizer.
    """

    recipe: Recipe
    data: Path
    out: Path
    statutes: Path | None
    seed: int = 1
    full: bool = False
    stop_after: int | None = None
    quiet: bool = False
    start: Path | None = None


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
        table.start_from(_extended_start(job)[1])
    first_stage, first_step = 0, 0
    if restored := journal.restore():
        state, first_stage, first_step = restored
        table.load_state(state)
    for number, stage in enumerate(job.recipe.stages[: job.stop_after][first_stage:], start=first_stage):
        begin = first_step if number == first_stage else 0
        _run_stage(job, stage, number, begin, table, sets, journal)
        _evaluate(table, stage.name, bench, sets, journal)
        journal.save(table.state(), number + 1, 0, force=True)
    folder = job.out / "model"
    export(tokenizer, table.folded(), folder)
    if bench:
        journal.note("report", **_rounded(bench.recall(table.folded(), "dev")))
    journal.draw()
    return folder


def tokenizer_for(job: Job) -> Tokenizer:
    """The tokenizer in the run's folder, built from the recipe's sources where it isn't there yet."""
    file = job.out / "tokenizer.json"
    if not file.is_file():
        if job.start:
            _extended_start(job)[0].save(str(file))
        else:
            words = count_words(_sampled_texts(job))
            build_tokenizer(words, job.recipe.vocabulary).save(str(file))
    return Tokenizer.from_file(str(file))


def _extended_start(job: Job) -> tuple[Tokenizer, npt.NDArray[np.float32]]:
    """The tokenizer and table of the model to start from, with the words that the recipe adds."""
    if job.start is None:
        raise ValueError("this job starts from nothing")
    tokenizer = Tokenizer.from_file(str(job.start / "tokenizer.json"))
    words = missing_words(job.data, tokenizer, job.recipe.more_english) if job.recipe.more_english else []
    return extended(tokenizer, finished_table(job.start), words)


def load_sets(job: Job, tokenizer: Tokenizer) -> list[PairSet]:
    """The pairs of every view that some stage uses."""
    names = sorted({name for stage in job.recipe.stages for name, times in stage.repeats.items() if times > 0})
    built: dict[str, PairSet] = {}
    for plain in dict.fromkeys(name.removeprefix(PREFIX) for name in names):
        built[plain] = build_pairs(
            VIEW_BY_NAME[plain],
            job.data,
            tokenizer,
            seed=job.seed,
            share=held_out_share(plain),
            cache=job.out / "cache",
        )
    if any(name.startswith(PREFIX) for name in names):
        glosses = load_glosses(job.data, tokenizer)
        for name in names:
            if name.startswith(PREFIX):
                built[name] = glossed(built[name.removeprefix(PREFIX)], glosses, tokenizer, job.seed)
    return [built[name] for name in names]


def new_table(job: Job, tokenizer: Tokenizer, sets: list[PairSet]) -> TokenTable:
    """An untrained table, its word weights set from the counts in ``sets``."""
    counts = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)
    for pairs in sets:
        for texts in (pairs.queries, pairs.passages):
            counts += np.bincount(texts.ids, minlength=len(counts))
    recipe = job.recipe
    return TokenTable(counts, parts_in(tokenizer), dim=recipe.dim, share=recipe.share, seed=job.seed)


def plan_of(job: Job, stage: Stage, number: int, sets: list[PairSet]) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """All batches of a stage as (index of the set, rows), the same for the same seed and stage number."""
    rng = np.random.default_rng([job.seed, number])
    repeats = {pairs.name: stage.repeats.get(pairs.name, 0.0) for pairs in sets}
    plan: list[tuple[int, npt.NDArray[np.int64]]] = []
    left = stage.passes
    while left > 0:
        one = schedule(sets, repeats, stage.batch, rng, held_out=not job.full)
        plan += one[: max(1, round(len(one) * min(left, 1.0)))]
        left -= 1
    return plan


def _sampled_texts(job: Job) -> Iterator[str]:
    used = {view_of(name).source for stage in job.recipe.stages for name in stage.repeats}
    for name in sorted(used):
        rows = list(read_rows(job.data, name))
        random.Random(job.seed).shuffle(rows)
        total = 0
        for text in itertools.chain.from_iterable(texts_of(row) for row in rows):
            yield text
            total += len(text)
            if total > job.recipe.counted_characters:
                break


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
    tokenizer, fixed = _extended_start(job)
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


def _evaluate(table: TokenTable, stage: str, bench: StatuteBench | None, sets: list[PairSet], journal: Journal) -> None:
    folded = table.folded()
    scores = bench.recall(folded, "choose") if bench else {}
    scores |= {pairs.name: held_out_hits(folded, pairs) for pairs in sets if pairs.name in _COMPARED}
    journal.note("evaluation", stage=stage, **_rounded(scores))


def _rounded(scores: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in scores.items()}
