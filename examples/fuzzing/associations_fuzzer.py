"""Fuzz target for ClusterFuzzLite and OSS-Fuzz. Pytest runs it as a test."""

from __future__ import annotations

import sys
from dataclasses import replace

import atheris
from hypothesis import given, settings
from hypothesis import strategies as st

from contractfuzz import Case, Contract, assert_honours
from contractfuzz.running.fuzzing import ZERO_PADDING, mutate

# Only modules imported here are instrumented: the code under test, not the code that tests it.
with atheris.instrument_imports():
    from associations.reading import associated_ids

contract = Contract.named("batch_association_response")


def tolerated(case: Case) -> Case:
    """Allow the reader to accept a violation: it may be in a property that the reader ignores."""
    return replace(case, expectation="survives")


CASES = st.one_of(
    contract.cases("valid"),
    contract.hostile(),
    contract.invalid().map(tolerated),
    contract.incoherent(),
    contract.malformed(),
)


@settings(deadline=None)
@given(CASES)
def test_the_reader_honours_the_contract(case: Case) -> None:
    assert_honours(associated_ids, case)


def main() -> None:
    feed = test_the_reader_honours_the_contract.hypothesis.fuzz_one_input
    atheris.Setup(sys.argv, lambda data: feed(data + ZERO_PADDING), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
