"""Fixtures that tests of several folders share."""

from __future__ import annotations

import pytest
from hypothesis import settings

from contractfuzz import Contract
from contractfuzz.testing.session import set_active_session

settings.register_profile("repeatable", max_examples=50, derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", settings.get_profile("repeatable"), max_examples=1000)


@pytest.fixture
def repeatable():
    """Search deterministically, remember nothing, and report nothing at the end of the session."""
    before, session = settings.default, set_active_session(None)
    settings.load_profile("repeatable")
    yield
    # The oldest supported version of Hypothesis cannot return the name of the current profile.
    settings.register_profile("before", before)
    settings.load_profile("before")
    set_active_session(session)


@pytest.fixture
def thorough(repeatable):
    """Search long enough to find a planted bug."""
    settings.load_profile("thorough")


@pytest.fixture(scope="session")
def counter():
    """A contract so small that a test can state the verdict of each case."""
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 0}},
            "required": ["n"],
        },
        name="counter",
    )


@pytest.fixture(scope="session")
def hubspot():
    """HubSpot's contract from the installed pack."""
    return Contract.named("batch_association_response")
