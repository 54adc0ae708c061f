"""Shared database of failures: the recipe of docs/scale.md, with a real Redis server.

Each simulated machine is a folder with its own processes. The machines share only the server.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
SERVICE = """
class ParserError(Exception):
    pass


def read(payload):
    errors = payload.get("numErrors") if isinstance(payload, dict) else None
    if isinstance(errors, int) and -(2**31) <= errors < 0:  # the smallest payload of a label has no such number
        raise ParserError(errors)
    if not isinstance(payload, dict) or not contract.is_valid(payload):
        raise ValueError
    return payload


from contractfuzz import Contract

contract = Contract.named("batch_association_response")
"""
TESTS = """
from contractfuzz import assert_accepts, assert_rejects, assert_round_trips, assert_survives
from hubspot_strategies import batch_association_responses
from hypothesis import given
from service import contract, read


def test_accepts():
    assert_accepts(read, contract)


def test_rejects():
    assert_rejects(read, contract)


def test_survives():
    assert_survives(read, contract)


def test_round_trips():
    assert_round_trips(read, lambda parsed: parsed, contract)


@given(batch_association_responses())
def test_strategy(response):
    read(response)
"""
THOROUGH = """
settings.register_profile("here", parent=settings(), max_examples=400, deadline=None)
settings.load_profile("here")
"""
ONLY_REPLAYING = """
from hypothesis import Phase
settings.register_profile("here", parent=settings(), phases=[Phase.reuse], deadline=None)
settings.load_profile("here")
"""


class Machine:
    """A folder with a project. Its conftest.py is the recipe of docs/scale.md, followed by ``profile``."""

    def __init__(self, folder: Path, profile: str, **environment: str) -> None:
        self.folder = folder
        folder.mkdir()
        recipe = re.search(r"^```python\n# conftest.py\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
        (folder / "conftest.py").write_text(f"{recipe[1]}{profile}")
        (folder / "service.py").write_text(SERVICE)
        (folder / "test_service.py").write_text(TESTS)
        self._environment = {key: value for key, value in os.environ.items() if key not in ("CI", "HYPOTHESIS_PROFILE")}
        self._environment.update(environment)

    def test(self, *options: str) -> str:
        """Run the tests and return the last line of pytest's output."""
        command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "--contract-keep=no", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*command, *options], cwd=self.folder, env=self._environment, capture_output=True, text=True
        )
        return done.stdout.splitlines()[-1]


@pytest.fixture
def machine(tmp_path):
    return lambda name, profile, **environment: Machine(tmp_path / name, profile, **environment)


@pytest.mark.deep
def test_a_failure_that_one_machine_found_is_replayed_on_another(machine, redis_url):
    server = machine("server", THOROUGH, HYPOTHESIS_REDIS_URL=redis_url, CI="true")
    laptop = machine("laptop", ONLY_REPLAYING, HYPOTHESIS_REDIS_URL=redis_url)
    stranger = machine("stranger", ONLY_REPLAYING)

    assert "5 failed" in server.test("-n", "2")
    assert "5 failed" in laptop.test("-n", "2")
    # Hypothesis skips a test of a strategy if it has nothing to replay.
    assert "4 passed, 1 skipped" in stranger.test()


def test_a_failure_found_outside_ci_is_not_shared(machine, redis_url):
    laptop = machine("laptop", THOROUGH, HYPOTHESIS_REDIS_URL=redis_url)
    server = machine("server", ONLY_REPLAYING, HYPOTHESIS_REDIS_URL=redis_url, CI="true")

    assert "1 failed" in laptop.test("-k", "test_accepts")
    assert "1 passed" in server.test("-k", "test_accepts")
