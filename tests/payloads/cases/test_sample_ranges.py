"""Any range of the cases can be made anywhere: case i depends on the seed and i alone."""

from __future__ import annotations

import pytest

from contractfuzz import Contract, ContractError


@pytest.mark.parametrize("kind", ["valid", "invalid", "malformed", "incoherent"])
def test_ranges_side_by_side_hold_the_same_cases_as_one_run(kind):
    contract = Contract.named("batch_association_response")

    whole = [(case.label, case.body) for case in contract.sample(60, kind, seed=7)]
    ranges = [
        (case.label, case.body) for start in (0, 20, 40) for case in contract.sample(20, kind, seed=7, start=start)
    ]

    assert ranges == whole


def test_a_range_before_the_first_case_is_refused():
    with pytest.raises(ContractError, match="there is no case -1"):
        Contract.named("batch_association_response").sample(1, start=-1)
