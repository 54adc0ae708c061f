"""The assertions, `check` and the marker take `base` and `faults`."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from shaped_contracts import PAYLOADS, shaped_contract

from contractfuzz import ContractError, assert_rejects, check
from contractfuzz.running.messages import explain

pytestmark = pytest.mark.usefixtures("repeatable")
ORDER = shaped_contract("order")


def exact(payload):
    if not ORDER.is_valid(payload):
        raise ValueError("not valid")


def looks_up(payload):
    """Accept wrong statuses of the one order that it knows."""
    if not isinstance(payload, dict) or payload.get("id") != "QX-7781":
        raise ValueError("an unknown id")
    if not ORDER.is_valid({**payload, "status": "OPEN"}):
        raise ValueError("not valid")


@pytest.mark.parametrize(
    "options", [{"base": PAYLOADS["order"]}, {"faults": 2}, {"base": PAYLOADS["order"], "faults": 2}]
)
def test_a_correct_consumer_rejects_them(options):
    assert_rejects(exact, ORDER, **options)
    report = check(exact, ORDER, examples=30, **options)
    assert report.ok
    assert set(report.labels["invalid"]) == set(ORDER.labels(**options))


def test_a_bug_after_a_look_up_is_found_with_a_base_only():
    assert_rejects(looks_up, ORDER)
    with pytest.raises(AssertionError) as failure:
        assert_rejects(looks_up, ORDER, base=PAYLOADS["order"])
    assert "/status:enum." in str(failure.value)
    report = check(looks_up, ORDER, base=PAYLOADS["order"], examples=50)
    invalid = [finding for finding in report.findings if finding.kind == "invalid"]
    assert invalid
    assert all(" at /status, accepted" in finding.cause for finding in invalid)


def test_a_message_names_both_places():
    def careless(payload):
        if ORDER.is_valid(payload):
            raise ValueError

    report = check(careless, ORDER, faults=2, examples=5)
    finding = next(finding for finding in report.findings if finding.kind == "invalid" and finding.case.second)
    text = explain(finding)
    assert finding.case.label in text
    assert f"{finding.case.pointers[0] or 'the payload itself'} and {finding.case.pointers[1]}" in text


@pytest.mark.parametrize("base", [{"id": 5}, [], float("nan")])
def test_an_invalid_base_is_refused(base):
    for use in (assert_rejects, check):
        with pytest.raises(ContractError, match="the base is not "):
            use(exact, ORDER, base=base)


@settings(max_examples=50, deadline=None, database=None)
@given(ORDER.invalid(base=PAYLOADS["order"], faults=2))
def test_hypothesis_draws_pairs_of_a_base(case):
    assert len(case.labels) == 2
    assert not ORDER.is_valid(case.payload)


@pytest.mark.contract_cases(ORDER, only="/status:enum.*", base=PAYLOADS["order"])
def test_the_marker_takes_a_base(case):
    assert {**case.payload, "status": "PAID"} == PAYLOADS["order"]


@pytest.mark.contract_cases(ORDER, faults=2, n=10)
def test_the_marker_takes_a_number_of_faults(case):
    assert len(case.pointers) == 2
