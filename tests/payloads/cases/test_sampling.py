"""Bulk sampling: the same seed makes the same cases, whatever is asked for beside them."""

from __future__ import annotations

import itertools

import pytest

from contractfuzz import ContractError

KINDS = ["valid", "invalid", "malformed", "incoherent"]


def seen(cases):
    return [(case.label, case.pointer, case.body if len(case.body) < 10_000 else len(case.body)) for case in cases]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_cases(hubspot, kind):
    assert seen(hubspot.sample(500, kind, seed=7)) == seen(hubspot.sample(500, kind, seed=7))


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_depends_on_the_seed_and_its_number_alone(hubspot, kind):
    first_600 = seen(hubspot.sample(600, kind, seed=3))
    assert seen(hubspot.sample(450, kind, seed=3)) == first_600[:450]


def test_another_seed_makes_other_cases(hubspot):
    one, other = (seen(hubspot.sample(100, seed=seed)) for seed in (1, 2))
    # The first case is the smallest payload for every seed.
    assert one[0] == other[0]
    assert all(a != b for a, b in zip(one[1:], other[1:], strict=True))


def test_the_first_pass_meets_every_violation_once_in_its_smallest_payload(hubspot):
    labels = hubspot.labels("invalid")
    first = list(hubspot.sample(len(labels), "invalid"))
    assert [case.label for case in first] == list(labels)
    again = hubspot.sample(len(labels), "invalid", seed=9)
    assert [case.body for case in first] == [case.body for case in again]


def test_cases_are_made_when_they_are_asked_for(hubspot):
    endless = hubspot.sample(10**12)
    assert len(list(itertools.islice(endless, 3))) == 3


def test_a_payload_shares_nothing_with_the_next(hubspot):
    for kind in ("valid", "invalid"):
        one, other = (list(hubspot.sample(450, kind)) for _ in range(2))
        for case in one:
            if isinstance(case.payload, dict):
                case.payload["changed by the consumer"] = True
        again = list(hubspot.sample(450, kind))
        assert [case.body for case in again] == [case.body for case in other]


def test_a_negative_number_is_refused(hubspot):
    with pytest.raises(ContractError, match="-1"):
        hubspot.sample(-1)
