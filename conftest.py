"""Depth and environment of the tests. Hypothesis' profiles are ``ci`` (the default) and ``nightly``.

``pytest --hypothesis-profile=nightly`` or ``HYPOTHESIS_PROFILE=nightly pytest`` chooses the deep one; the option has the
last word.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# Otherwise, each of the processes that the tests start would compile the package anew: a third of the time of a command.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# pytest-xdist sets it for its workers. Commands would break the lines that they write to a pipe.
os.environ.pop("COLUMNS", None)

# The same examples in every run, so that a change fails for its own faults only. The nightly run looks for new ones.
settings.register_profile("ci", max_examples=50, deadline=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=2000, deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests with the marker ``deep``, and some of those with the marker ``thinned``, except in the deep run."""
    if settings.default is not None and settings.default.max_examples > 100:
        return
    seen: Counter[str] = Counter()
    for item in items:
        thinned = item.get_closest_marker("thinned")
        name = item.nodeid.partition("[")[0]
        if item.get_closest_marker("deep") or (thinned is not None and seen[name] % thinned.args[0]):
            item.add_marker(pytest.mark.skip(reason="only in the deep run: make deep"))
        seen[name] += 1


@pytest.fixture(scope="session")
def nightly() -> bool:
    """Return True in the deep run, for tests that count their cases themselves."""
    return settings.default is not None and settings.default.max_examples > 100
