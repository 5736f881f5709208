"""Learns the ranking: ``python -m qa.learn_rank --set STORE QUESTIONS [TIMES] --set …``.

Every question gives a list of candidates, some of them right. A weight for each feature, begun from those set by hand
in ``qa/data/rank_network.json``, and the hidden units of a small network are moved so that the right ones get the
larger share of a softmax over scores (a listwise loss, Cao et al. 2007). A set may count several ``TIMES``: a few
questions of the sort that matters beside thousands of another. Writes the file, and prints how often the first clause
is right, also by a network that was learned without the question (folds).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import StoreError
from index.protocol import PolicyStore
from index.store import Store
from index.types import Filters
from qa.conversation import understand_turn
from qa.features import NAMES, feature_matrix
from qa.gather import gather
from qa.learn_network import Case, fit_network
from qa.learning import lessons
from qa.library import Library
from qa.network import FILE, Network

_FOLDS = 4
_LEAD = 2.4
"""The median lead, which sets the score's unit: thresholds elsewhere (how near is level, how far clear) are in it."""


def cases(store: PolicyStore, questions: Path) -> list[Case]:
    """For each answerable question whose answer is among the candidates: their features, and which are right."""
    shelf = Library(store).shelf()
    found: list[Case] = []
    for lesson in lessons(store, questions):
        asked = understand_turn(lesson.question, lesson.history, store, shelf, Filters())
        candidates = gather(asked, store, shelf, Filters())
        right = np.asarray([c.view.clause.clause_id in lesson.clauses for c in candidates], dtype=bool)
        if right.any():
            found.append((feature_matrix(asked, shelf, candidates), right))
    return found


def first_right(found: Sequence[Case], network: Network) -> float:
    """The share of cases whose best candidate is right, 0 to 1."""
    firsts = [right[int(network.scores(features).argmax())] for features, right in found]
    return float(np.mean(firsts)) if firsts else 0.0


def lead(found: Sequence[Case], network: Network) -> float:
    """By how much the best candidate leads the second one, the median over the cases."""
    scores = [np.sort(network.scores(features)) for features, _ in found]
    leads = [float(one[-1] - one[-2]) for one in scores if len(one) > 1]
    return float(np.median(leads)) if leads else 1.0


def cross_validated(
    sets: Sequence[Sequence[Case]], times: Sequence[int], by_hand: npt.NDArray[np.float64], folds: int
) -> list[float]:
    """`first_right` for each set, every case judged by a network that was learned without its fold."""
    totals = [0.0] * len(sets)
    orders = [np.random.default_rng(0).permutation(len(found)) for found in sets]
    for fold in range(folds):
        parts = [set(order[fold::folds].tolist()) for order in orders]
        seen = [[c for i, c in enumerate(found) if i not in part] for found, part in zip(sets, parts, strict=True)]
        network = fit_network([c for some, n in zip(seen, times, strict=True) for c in some * n], by_hand)
        for number, (found, part) in enumerate(zip(sets, parts, strict=True)):
            totals[number] += len(part) * first_right([found[i] for i in sorted(part)], network)
    return [total / max(1, len(found)) for total, found in zip(totals, sets, strict=True)]


def main(arguments: list[str] | None = None) -> int:
    """Learns, writes the file, and prints for each set how often the first clause is right, as JSON lines.

    0, or 2 where a store or a question file is not what it should be.
    """
    parser = argparse.ArgumentParser(prog="python -m qa.learn_rank", description=__doc__)
    parser.add_argument("--set", nargs="+", action="append", required=True, metavar="STORE QUESTIONS [TIMES]")
    parser.add_argument("--folds", type=int, default=_FOLDS, help="0 to leave that out (default: 4)")
    given = parser.parse_args(arguments)
    table = json.loads(FILE.read_text(encoding="utf-8"))
    by_hand = np.asarray([table["by_hand"][name] for name in NAMES], dtype=np.float64)
    sets: list[list[Case]] = []
    times: list[int] = []
    try:
        for folder, questions, *rest in given.set:
            with Store.open(Path(folder)) as store:
                sets.append(cases(store, Path(questions)))
            times.append(int(*rest) if rest else 1)
    except (StoreError, OSError, ValueError, TypeError) as error:
        sys.stderr.write(f"--set STORE QUESTIONS [TIMES]: {error}\n")
        return 2
    found = [case for one, n in zip(sets, times, strict=True) for case in one * n]
    network = fit_network(found, by_hand)
    network = network.scaled(_LEAD / lead([case for one in sets for case in one], network))
    alone = Network.of_weights(by_hand)
    table["network"] = network.table()
    table["learned_from"] = [
        {"questions": Path(questions).name, "cases": len(one), "times": n}
        for (_, questions, *_), one, n in zip(given.set, sets, times, strict=True)
    ]
    FILE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    left_out = cross_validated(sets, times, by_hand, given.folds) if given.folds else [None] * len(sets)
    for told, one, share in zip(table["learned_from"], sets, left_out, strict=True):
        line = {**told, "by_hand": first_right(one, alone), "left_out": share, "fitted": first_right(one, network)}
        sys.stdout.write(json.dumps(line) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
