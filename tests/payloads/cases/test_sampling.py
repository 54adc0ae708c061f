"""Sampling: a case depends only on the seed and its index, and payloads are not shared."""

from __future__ import annotations

import itertools

import pytest

from contractfuzz import ContractError
from contractfuzz.payloads.cases.case import KINDS


def signatures(cases):
    return [(case.label, case.pointer, case.body if len(case.body) < 10_000 else len(case.body)) for case in cases]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_cases(hubspot, kind):
    assert signatures(hubspot.sample(500, kind, seed=7)) == signatures(hubspot.sample(500, kind, seed=7))


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_depends_only_on_the_seed_and_its_index(hubspot, kind):
    first_600 = signatures(hubspot.sample(600, kind, seed=3))
    assert signatures(hubspot.sample(450, kind, seed=3)) == first_600[:450]


def test_another_seed_makes_other_cases(hubspot):
    one, other = (signatures(hubspot.sample(100, seed=seed)) for seed in (1, 2))
    assert len(one) == 100
    # The first case is the smallest payload for every seed.
    assert one[0] == other[0]
    assert all(a != b for a, b in zip(one[1:], other[1:], strict=True))


def test_a_sample_begins_with_every_violation_in_its_smallest_payload(hubspot):
    labels = hubspot.labels("invalid")
    first = list(hubspot.sample(len(labels), "invalid"))
    assert [case.label for case in first] == list(labels)
    again = hubspot.sample(len(labels), "invalid", seed=9)
    assert [case.body for case in first] == [case.body for case in again]


@pytest.mark.parametrize("seed", [0, 1, -5, 10**20])
def test_the_random_cases_of_a_sample_have_every_violation_in_turn(hubspot, counter, seed):
    for contract in (hubspot, counter):
        labels = contract.labels("invalid")
        cases = contract.sample(2 * len(labels), "invalid", seed=seed, start=len(labels))
        made = [case.label for case in cases]
        for round_of_labels in (made[: len(labels)], made[len(labels) :]):
            assert sorted(round_of_labels) == sorted(labels)


def test_few_random_cases_are_spread_over_all_locations(hubspot):
    labels = hubspot.labels("invalid")
    made = {case.label.rpartition(":")[0] for case in hubspot.sample(100, "invalid", start=len(labels))}
    assert len(made) >= 0.9 * len({label.rpartition(":")[0] for label in labels})


def test_cases_are_made_on_demand(hubspot):
    endless = hubspot.sample(10**12)
    assert len(list(itertools.islice(endless, 3))) == 3


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_payloads_share_no_objects(hubspot, kind):
    one, other = (list(hubspot.sample(450, kind)) for _ in range(2))
    objects = [case.payload for case in one if isinstance(case.payload, dict)]
    assert len(objects) > 400
    for payload in objects:
        payload["changed by the consumer"] = True
    again = list(hubspot.sample(450, kind))
    assert [case.body for case in again] == [case.body for case in other]


def test_a_negative_number_of_cases_is_an_error(hubspot):
    with pytest.raises(ContractError, match="-1"):
        hubspot.sample(-1)
