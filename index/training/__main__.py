"""``python -m index.training --data DIR --out DIR``: from the data folder to a finished encoder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from index.training.job import Job
from index.training.recipe import RECIPES
from index.training.reranker import train_reranker
from index.training.sources import TrainingDataError
from index.training.static import train_static
from index.training.transformer import train_transformer


def main(arguments: list[str] | None = None) -> int:
    """Trains and returns the exit status: 0 where a model was written, 2 where the data is not what it should be."""
    parser = argparse.ArgumentParser(prog="python -m index.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the training files (*.jsonl.gz)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; the same command carries on in it")
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="static", help="what to train (default: static)")
    parser.add_argument("--statutes", type=Path, help="the STARD folder; default: benchmarks/stard beside the data")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    parser.add_argument("--open-data-only", action="store_true", help="leave out sources for research use only")
    parser.add_argument("--full", action="store_true", help="train on the rows that recipes are compared on, too")
    parser.add_argument("--stop-after", type=int, metavar="N", help="end after N stages; a later run takes it up again")
    parser.add_argument(
        "--start",
        type=Path,
        metavar="FOLDER",
        help="a finished model to go on from (english, reranker)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    given = parser.parse_args(arguments)
    if given.threads:
        import torch

        torch.set_num_threads(given.threads)
    recipe = RECIPES[given.recipe]
    if given.open_data_only:
        recipe = recipe.without_research_only()
    beside = given.data.parent / "benchmarks" / "stard"
    statutes = given.statutes or (beside if beside.is_dir() else None)
    job = Job(
        recipe,
        given.data,
        given.out,
        statutes,
        seed=given.seed,
        full=given.full,
        stop_after=given.stop_after,
        quiet=given.quiet,
        start=given.start,
    )
    try:
        if given.recipe == "reranker":
            folder = train_reranker(job)
        else:
            folder = train_transformer(job) if recipe.transformer else train_static(job)
    except TrainingDataError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
