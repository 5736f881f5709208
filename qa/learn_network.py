"""Fits the ranking's hidden units on what the linear weights leave; `qa.learn_rank` is the command."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from qa.network import Matrix, Network

Case = tuple[Matrix, npt.NDArray[np.bool_]]
"""The features of one question's candidates ``[candidates, features]``, and which are right."""

_HIDDEN = 48
_SEEDS = 2
_ROUNDS, _AT_ONCE = 30, 128
_RATE, _LINEAR_RATE, _DECAY = 3e-3, 1e-2, 0.1
_MOST = 64
"""Candidates of a question that are learned from: the first by the linear weights, and what is right."""


def fit_network(found: Sequence[Case], linear: npt.NDArray[np.float64]) -> Network:
    """The network that ranks right candidates first, begun from ``linear`` alone; always the same result.

    A listwise loss: minus the log of the share that right candidates have in a softmax over the scores. Several of the
    same kind, begun differently, are put side by side: their mean errs less than any of them.
    """
    features, right, beside = _side_by_side([_first(case, linear) for case in found])
    rows = features[beside == 0]
    mean, spread = rows.mean(dim=0), rows.std(dim=0) + 1e-3
    return Network.beside([_fit(features, right, beside, linear, mean, spread, seed) for seed in range(_SEEDS)])


def _fit(
    features: torch.Tensor,
    right: torch.Tensor,
    beside: torch.Tensor,
    linear: npt.NDArray[np.float64],
    mean: torch.Tensor,
    spread: torch.Tensor,
    seed: int,
) -> Network:
    chance = torch.Generator().manual_seed(seed)
    inward, outward = nn.Linear(features.shape[2], _HIDDEN), nn.Linear(_HIDDEN, 1, bias=False)
    bound = features.shape[2] ** -0.5
    for parameter in inward.parameters():
        nn.init.uniform_(parameter, -bound, bound, generator=chance)
    nn.init.zeros_(outward.weight)
    weights = nn.Parameter(torch.tensor(linear, dtype=torch.float32))
    groups = [
        {"params": [*inward.parameters(), *outward.parameters()], "weight_decay": _DECAY},
        {"params": [weights], "lr": _LINEAR_RATE, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=_RATE)
    rates = [group["lr"] for group in optimizer.param_groups]
    steps = max(1, _ROUNDS * len(features) // _AT_ONCE)
    for step in range(steps):
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * (1 - step / steps)
        some = torch.randint(0, len(features), (_AT_ONCE,), generator=chance)
        hidden = torch.relu(inward((features[some] - mean) / spread))
        scores = features[some] @ weights + outward(hidden).squeeze(-1) + beside[some]
        shares = torch.log_softmax(scores, dim=1).masked_fill(~right[some], -torch.inf)
        loss = -torch.logsumexp(shares, dim=1).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        within = inward.weight / spread
        bias = inward.bias - within @ mean
        return Network(*(part.numpy().copy() for part in (weights, within.T, bias, outward.weight[0])))


def _first(case: Case, linear: npt.NDArray[np.float64]) -> Case:
    features, right = case
    order = np.argsort(-(features @ linear), kind="stable")
    kept = [at for place, at in enumerate(order) if place < _MOST or right[at]]
    return features[kept], right[kept]


def _side_by_side(found: Sequence[Case]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """All cases in one table ``[cases, candidates, features]``, which candidates are right, and minus infinity where
    there is none.
    """
    longest = max(len(right) for _, right in found)
    features = torch.zeros(len(found), longest, found[0][0].shape[1])
    right = torch.zeros(len(found), longest, dtype=torch.bool)
    beside = torch.full((len(found), longest), -1e9)
    for i, (matrix, answers) in enumerate(found):
        features[i, : len(answers)] = torch.from_numpy(np.ascontiguousarray(matrix, dtype=np.float32))
        right[i, : len(answers)] = torch.from_numpy(answers)
        beside[i, : len(answers)] = 0
    return features, right, beside
