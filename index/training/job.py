"""What a run is asked to do, and the data that every recipe starts from: tokenizer, pairs, the order of batches."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from index.training.batches import schedule
from index.training.english import extended, missing_words
from index.training.export import finished_table
from index.training.glosses import PREFIX, glossed, load_glosses
from index.training.pairs import PairSet, build_pairs, held_out_share
from index.training.recipe import Recipe, Stage, view_of
from index.training.sources import read_rows, texts_of
from index.training.views import VIEW_BY_NAME
from index.training.vocabulary import build_tokenizer, count_words


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


def tokenizer_for(job: Job) -> Tokenizer:
    """The tokenizer in the run's folder, built from the recipe's sources where it isn't there yet."""
    file = job.out / "tokenizer.json"
    if not file.is_file():
        if job.start:
            extended_start(job)[0].save(str(file))
        else:
            words = count_words(_sampled_texts(job))
            build_tokenizer(words, job.recipe.vocabulary).save(str(file))
    return Tokenizer.from_file(str(file))


def extended_start(job: Job) -> tuple[Tokenizer, npt.NDArray[np.float32]]:
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
