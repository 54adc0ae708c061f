"""Fixtures of the tests of dialects."""

import pytest


@pytest.fixture
def sampled():
    """Return a function that samples a contract: some valid payloads, and one case for each violation."""

    def of(contract, valid=60):
        payloads = [case.payload for case in contract.sample(valid)]
        return payloads, list(contract.sample(len(contract.violations()), "invalid"))

    return of
