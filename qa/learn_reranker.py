"""Trains the bundled reranker: ``python -m qa.learn_reranker --start ENCODER --set STORE QUESTIONS … --out FOLDER``.

Every question of a set gives a list: what answers it, if anything does, and the nine clauses that search and ranking
put first beside that. ``--lists FILE`` adds lists from elsewhere, JSON lines of ``question``, ``right`` and ``others``.
The model card in ``index/models`` says what the bundled one was trained on. Needs ``pip install onnx``.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

from index.protocol import PolicyStore
from index.store import Store
from index.training.cross_encoder import Reading, begin, export, train
from index.training.sources import TrainingDataError
from index.types import Filters
from qa.conversation import understand_turn
from qa.excerpt import excerpt
from qa.gather import gather
from qa.learning import lessons
from qa.library import Library
from qa.rank import rank
from qa.wordmatch import groups_of

_OTHERS = 9
_RIGHT = 5
_NOTED_EVERY = 25


def readings(store: PolicyStore, questions: Path) -> Iterator[Reading]:
    """A list for each question of the file, but for those whose answer is not among the candidates."""
    shelf = Library(store).shelf()
    for lesson in lessons(store, questions):
        asked = understand_turn(lesson.question, lesson.history, store, shelf, Filters())
        groups = groups_of(asked, shelf)
        views = [one.candidate.view for one in rank(asked, shelf, gather(asked, store, shelf, Filters()))]
        right = [view for view in views if view.clause.clause_id in lesson.clauses][:_RIGHT]
        others = [view for view in views if view.clause.clause_id not in lesson.clauses][:_OTHERS]
        if others and bool(right) == lesson.answerable:
            read = [tuple(excerpt(view, asked, groups, shelf) for view in some) for some in (right, others)]
            yield Reading(asked.standalone, *read)


def from_file(file: Path) -> Iterator[Reading]:
    """The lists of a file. Raises TrainingDataError, which names the line."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            yield Reading(str(row["question"]), tuple(row["right"]), tuple(row["others"]))
        except (ValueError, KeyError, TypeError) as error:
            raise TrainingDataError(f"{file}, line {number}: wanted question, right and others ({error})") from error


def main(arguments: list[str] | None = None) -> int:
    """Trains and writes the folder; 0, or 2 where the data is not what it should be."""
    parser = argparse.ArgumentParser(prog="python -m qa.learn_reranker", description=__doc__)
    parser.add_argument("--start", type=Path, required=True, help="folder of multilingual-e5-small or its like")
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=("STORE", "QUESTIONS"), type=Path)
    parser.add_argument("--lists", action="append", default=[], metavar="FILE", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=math.inf, help="end early after so long")
    parser.add_argument("--least", type=int, default=2, help="how often a token must occur to stay (default: 2)")
    given = parser.parse_args(arguments)
    if not given.set and not given.lists:
        parser.error("nothing to train on: give --set STORE QUESTIONS or --lists FILE")
    found: list[Reading] = []
    try:
        for folder, questions in given.set:
            with Store.open(folder) as store:
                found += readings(store, questions)
        for file in given.lists:
            found += from_file(file)
        texts = [text for one in found for text in (one.question, *one.right, *one.others)]
        model, tokenizer = begin(given.start, texts, given.least)
        train(model, tokenizer, found, minutes=given.minutes, note=_note)
        export(model, tokenizer, given.out)
    except TrainingDataError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{given.out}\n")
    return 0


def _note(step: int, steps: int, loss: float) -> None:
    if step % _NOTED_EVERY == 0 or step == steps:
        sys.stderr.write(json.dumps({"step": step, "steps": steps, "loss": round(loss, 4)}) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())
