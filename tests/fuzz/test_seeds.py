from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import SEEDS, TARGETS

CASES = [(name, seed) for name in TARGETS for seed in sorted((SEEDS / name).iterdir())]


def test_every_target_has_seeds() -> None:
    assert {name for name, _ in CASES} == set(TARGETS)


@pytest.mark.parametrize(("name", "seed"), CASES, ids=lambda value: getattr(value, "name", value))
def test_seeds_break_no_promise(name: str, seed: Path) -> None:
    TARGETS[name](seed.read_bytes())
