"""The examples in the measures' docstrings are true."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

from eval import metrics

MODULES = sorted(m.name for m in pkgutil.iter_modules(metrics.__path__, "eval.metrics."))


@pytest.mark.parametrize("name", [*MODULES, "eval.sentences"])
def test_the_examples_of_a_module_hold(name: str) -> None:
    results = doctest.testmod(import_module(name))
    assert results.failed == 0
