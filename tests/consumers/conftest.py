"""What the tests of consumers share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from contractfuzz import Contract
from contractfuzz.testing.session import begin

settings.register_profile("repeatable", max_examples=50, derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", settings.get_profile("repeatable"), max_examples=1000)


@pytest.fixture(autouse=True)
def repeatable():
    """Look the same way each time, remember nothing and tell nothing at the end."""
    before, session = settings.get_current_profile_name(), begin(None)
    settings.load_profile("repeatable")
    yield
    settings.load_profile(before)
    begin(session)


@pytest.fixture
def thorough(repeatable):
    """Look long enough for a planted bug to be found."""
    settings.load_profile("thorough")


@pytest.fixture(scope="session")
def counter():
    """A contract so small that a test can say what happens to each of its cases."""
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 0}},
            "required": ["n"],
        },
        name="counter",
    )
