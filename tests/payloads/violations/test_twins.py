"""The twin of an invalid case is valid, and differs from it in the fault alone."""

import itertools
import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payload_judges import different_places, is_within, rust_says
from random_schemas import random_schema
from shaped_contracts import PAYLOADS, shaped_contract

from contractfuzz import Contract, ContractError

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def test_the_twin_of_each_violation_is_valid_and_differs_at_its_pointer(batch_association_response):
    contract = batch_association_response
    is_valid = rust_says(contract.schema)
    cases = list(contract.sample(4 * len(contract.labels()), "invalid"))
    for case in cases:
        twin = case.twin()
        assert (twin.kind, twin.label, twin.expectation) == ("valid", None, "accepts")
        assert is_valid(twin.payload), (case.label, twin.payload)
        places = list(different_places(case.payload, twin.payload))
        assert places, case.label
        assert all(is_within(place, case.pointer) for place in places), (case.label, places)
    assert {case.label for case in cases} == set(contract.labels())


def test_twins_of_random_schemas_are_valid():
    twins = unknown = 0
    for seed in range(60):
        rng = random.Random(seed)
        try:
            contract = Contract.load(DRAFT | random_schema(rng, rng.randint(1, 3)), name="random")
            cases = list(itertools.islice(contract.sample(10**6, "invalid"), 3 * len(contract.labels())))
        except ContractError:
            continue
        is_valid = rust_says(contract.schema)
        for case in cases:
            twin = case.twin()
            if twin is None:
                unknown += 1
            else:
                twins += 1
                assert is_valid(twin.payload), (seed, case.label, case.payload, twin.payload)
    assert twins > 500
    assert unknown < twins / 20


@settings(deadline=None)
@given(st.data())
def test_cases_that_hypothesis_draws_have_twins(batch_association_response, data):
    case = data.draw(batch_association_response.invalid())
    twin = case.twin()
    assert batch_association_response.is_valid(twin.payload)
    assert all(is_within(place, case.pointer) for place in different_places(case.payload, twin.payload))


@pytest.mark.parametrize(
    ("schema", "label", "length"),
    [
        ({"type": "array", "items": {"type": "string"}, "minItems": 3}, ":minItems.few", 3),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 3}, ":maxItems.many", 3),
        ({"type": "array", "items": {"type": "string"}}, ":type.unwrapped", 1),
    ],
)
def test_the_twin_of_a_wrong_number_of_items_has_the_nearest_right_number(schema, label, length):
    contract = Contract.load(DRAFT | schema, name="items")
    cases = list(contract.sample(20, "invalid", only=label))
    assert [len(case.twin().payload) for case in cases] == [length] * len(cases)


def test_a_case_has_the_same_twin_after_pickling(batch_association_response):
    for case in batch_association_response.sample(50, "invalid"):
        assert pickle.loads(pickle.dumps(case)).twin().payload == case.twin().payload


def test_the_twin_is_a_copy(batch_association_response):
    [case] = batch_association_response.sample(1, "invalid", only="/status:enum.unknown")
    case.twin().payload["status"] = None
    assert case.twin().payload["status"] == "PENDING"


def test_cases_of_other_kinds_have_no_twin(batch_association_response):
    for kind in ("valid", "malformed", "incoherent", "hostile"):
        [case] = batch_association_response.sample(1, kind)
        assert case.twin() is None


@pytest.mark.parametrize("name", PAYLOADS)
def test_twins_are_valid_for_contracts_of_all_shapes(name):
    contract = shaped_contract(name)
    is_valid = rust_says(contract.schema)
    twins = [case.twin() for case in contract.sample(3 * len(contract.labels()), "invalid")]
    assert all(is_valid(twin.payload) for twin in twins if twin is not None)
    assert twins.count(None) < 0.1 * len(twins)
