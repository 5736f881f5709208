"""The ranking's network: hidden units add what features say together, and several networks are one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa.features import NAMES
from qa.learn_network import Case, fit_network
from qa.network import Network, network


def some_network(seed: int, hidden: int = 5) -> Network:
    chance = np.random.default_rng(seed)
    shapes = [(len(NAMES),), (len(NAMES), hidden), (hidden,), (hidden,)]
    return Network(*(chance.normal(size=shape).astype(np.float32) for shape in shapes))


def some_features(seed: int, rows: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, len(NAMES))).astype(np.float32)


@given(st.integers(0, 99))
def test_network_is_the_same_after_it_was_written(seed: int) -> None:
    before = some_network(seed)
    after = Network.of(before.table())
    assert np.allclose(before.scores(some_features(seed)), after.scores(some_features(seed)), atol=1e-3)


@given(st.integers(0, 99), st.integers(1, 4))
def test_networks_side_by_side_score_their_mean(seed: int, count: int) -> None:
    several = [some_network(seed + n) for n in range(count)]
    mean = np.mean([one.scores(some_features(seed)) for one in several], axis=0)
    assert np.allclose(Network.beside(several).scores(some_features(seed)), mean, atol=1e-3)


@given(st.integers(0, 99), st.floats(0.1, 10))
def test_scaled_scores_are_as_many_times_as_large(seed: int, factor: float) -> None:
    scores = some_network(seed).scores(some_features(seed))
    assert np.allclose(some_network(seed).scaled(factor).scores(some_features(seed)), scores * factor, rtol=1e-3)


def test_without_hidden_units_each_feature_has_its_weight() -> None:
    weights = np.arange(len(NAMES), dtype=np.float64)
    scores = Network.of_weights(weights).scores(np.eye(len(NAMES), dtype=np.float32))
    assert scores.tolist() == weights.tolist()


def test_fitted_network_learns_what_no_weight_alone_can_say() -> None:
    chance = np.random.default_rng(0)

    def case() -> Case:
        features = chance.uniform(-1, 1, size=(6, 2)).astype(np.float32)
        right = np.zeros(6, dtype=bool)
        right[int((features[:, 0] * features[:, 1]).argmax())] = True
        return features, right

    def first_right(network: Network, cases: list[Case]) -> float:
        return float(np.mean([right[network.scores(features).argmax()] for features, right in cases]))

    fitted = fit_network([case() for _ in range(600)], np.zeros(2))
    assert first_right(fitted, [case() for _ in range(200)]) > 0.8


def test_bundled_network_knows_every_feature() -> None:
    assert network().inward.shape[0] == len(NAMES) == len(network().linear)
    assert network().bias.shape == network().outward.shape
