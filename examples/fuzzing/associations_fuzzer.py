"""A fuzz target: ClusterFuzzLite and OSS-Fuzz run it day and night, and pytest runs it as a test."""

from __future__ import annotations

import sys
from dataclasses import replace

import atheris
from hypothesis import given, settings
from hypothesis import strategies as st

from contractfuzz import Case, Contract, assert_honours
from contractfuzz.running.fuzzing import SIMPLEST, mutate

# Only what is imported here is watched: the code under test, and none of the code that tests it.
with atheris.instrument_imports():
    from associations.reading import associated_ids

contract = Contract.named("batch_association_response")


def harmless(case: Case) -> Case:
    """Of what breaks the contract a tolerant reader may accept what it does not look at."""
    return replace(case, expectation="survives")


CASES = st.one_of(
    contract.cases("valid"),
    contract.hostile(),
    contract.invalid().map(harmless),
    contract.incoherent(),
    contract.malformed(),
)


@settings(deadline=None)
@given(CASES)
def test_the_reader_does_what_it_should(case: Case) -> None:
    assert_honours(associated_ids, case)


def main() -> None:
    feed = test_the_reader_does_what_it_should.hypothesis.fuzz_one_input
    atheris.Setup(sys.argv, lambda data: feed(data + SIMPLEST), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
