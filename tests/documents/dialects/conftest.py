import pytest


@pytest.fixture
def sampled():
    """Return the payloads of a contract: some valid ones, and one case for each violation."""

    def of(contract, valid=60):
        payloads = [case.payload for case in contract.sample(valid)]
        return payloads, list(contract.sample(len(contract.violations()), "invalid"))

    return of


@pytest.fixture(scope="session")
def assert_whole():
    """Assert that a schema passes its metaschema."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator.check_schema
