"""Depth and environment of the tests. Hypothesis' profiles are ``ci`` (the default) and ``nightly``.

``pytest --hypothesis-profile=nightly`` or ``HYPOTHESIS_PROFILE=nightly pytest`` chooses the deep one; the option has the
last word.
"""

from __future__ import annotations

import os
import sys

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
    """Skip the tests with the marker ``deep``, except in the deep run."""
    if settings.default is not None and settings.default.max_examples > 100:
        return
    for item in items:
        if item.get_closest_marker("deep"):
            item.add_marker(pytest.mark.skip(reason="only in the deep run: make deep"))


@pytest.fixture(scope="session")
def nightly() -> bool:
    """Return True in the deep run, for tests that count their cases themselves."""
    return settings.default is not None and settings.default.max_examples > 100
