"""Ranges of a sample: case i depends only on the seed and i, so any range can be made anywhere."""

from __future__ import annotations

import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.payloads.cases.case import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_adjacent_ranges_contain_the_same_cases_as_the_whole_sample(kind):
    contract = Contract.named("batch_association_response")

    whole = [(case.label, case.body) for case in contract.sample(60, kind, seed=7)]
    ranges = [
        (case.label, case.body) for start in (0, 20, 40) for case in contract.sample(20, kind, seed=7, start=start)
    ]

    assert len(whole) == 60
    assert ranges == whole


def test_a_negative_start_is_an_error():
    with pytest.raises(ContractError, match="there is no case -1"):
        Contract.named("batch_association_response").sample(1, start=-1)
