"""Violations applied to a recorded payload: true labels, and nothing else of the payload changes."""

from __future__ import annotations

import pickle
import random

import pytest
from hypothesis import find, settings
from payload_judges import LabelJudge, different_places, is_within, rust_says
from random_schemas import random_schema
from shaped_contracts import PAYLOADS, shaped_contract

from contractfuzz import Contract, ContractError

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


EXPECTED_LEFT_OUT = {
    # The whole payload is another branch.
    "tagged root": {
        f"(user.deleted)/id:{end}"
        for end in (
            *("minimum.beyond", "minimum.far", "required.missing", "type.array", "type.boolean", "type.fractional"),
            *("type.null", "type.number", "type.numeric-string", "type.object", "type.string", "type.wrapped"),
        )
    },
}


def judge_all(contract, base, count=40):
    """Judge the case of each label and some random cases; return the labels, and the number of cases with a known twin."""
    judge, is_valid = LabelJudge(contract.schema), rust_says(contract.schema)
    labels = contract.labels("invalid", base=base)
    twins = 0
    for case in contract.sample(len(labels) + count, "invalid", base=base) if labels else ():
        assert judge.objections(case) == [], (base, case.payload)
        assert not is_valid(case.payload), case.label
        twin = case.twin()
        if twin is not None:
            twins += 1
            assert is_valid(twin.payload), case.label
    return labels, twins


@pytest.mark.parametrize("name", PAYLOADS)
def test_labels_are_true_for_each_shape(name):
    contract, base = shaped_contract(name), PAYLOADS[name]
    labels, twins = judge_all(contract, base)
    left_out = set(contract.labels()) - set(labels)
    assert len(labels) > 3
    assert twins >= len(labels)
    assert left_out == EXPECTED_LEFT_OUT.get(name, set())
    notes = contract.with_faults(base=base).notes
    if left_out:
        assert len(notes) == 1
        assert notes[0].startswith(
            f"{len(left_out)} of {len(contract.labels())} violations cannot be applied to the base"
        )
    else:
        assert notes == ()


@pytest.mark.parametrize("name", PAYLOADS)
def test_only_the_fault_and_a_place_that_is_missing_differ_from_the_base(name):
    contract, base = shaped_contract(name), PAYLOADS[name]
    seen = at_its_place = 0
    for case in contract.sample(200, "invalid", base=base):
        seen += 1
        twin = case.twin().payload
        places = list(different_places(case.payload, twin))
        assert places
        # Another property is added, which requires the missing one.
        assert "dependentRequired" in case.label or all(is_within(place, case.pointer) for place in places), case.label
        at_its_place += twin == base
    assert seen == 200
    assert at_its_place > 60


def test_the_branch_that_the_base_shows_is_used_and_others_are_added_where_they_fit():
    contract = shaped_contract("events")
    [case] = contract.sample(1, "invalid", base=PAYLOADS["events"], only="/*(user.deleted)/id:minimum.beyond")
    assert case.pointer == "/1/id"
    assert case.payload == [PAYLOADS["events"][0], {"type": "user.deleted", "id": 0}]
    contract = shaped_contract("event")
    [case] = contract.sample(1, "invalid", base=PAYLOADS["event"], only="/event(user.deleted)/id:minimum.beyond")
    assert case.payload == {"event": {"type": "user.deleted", "id": 0}}


@pytest.mark.parametrize(
    ("label", "pointer", "value"),
    [
        ("/status:enum.case", "/status", "paid"),
        ("/status:enum.padded", "/status", "PAID "),
        ("/id:type.wrapped", "/id", ["QX-7781"]),
        ("/lines/*/count:type.numeric-string", "/lines/0/count", "15"),
        ("/lines/*/count:type.fractional", "/lines/0/count", 15.5),
        ("/placed:format.date-only", "/placed", "2024-05-06"),
        ("/lines:type.stringified", "/lines", '[{"sku": "A-17", "count": 15}, {"sku": "B-99"}]'),
        ("/lines:maxItems.many", "/lines", [{"sku": "A-17", "count": 15}, {"sku": "B-99"}, {"sku": ""}, {"sku": ""}]),
        ("/lines:minItems.few", "/lines", []),
    ],
)
def test_faulty_values_are_made_from_those_of_the_base(label, pointer, value):
    base = PAYLOADS["order"]
    [case] = shaped_contract("order").sample(1, "invalid", base=base, only=label)
    found = case.payload
    for token in pointer.split("/")[1:]:
        found = found[int(token) if isinstance(found, list) else token]
    assert (case.pointer, found) == (pointer, value)
    assert case.twin().payload == base


def test_a_leap_second_of_the_base_is_no_obstacle():
    base = {**PAYLOADS["order"], "placed": "2016-12-31T23:59:60Z"}
    assert "/placed:format.epoch-seconds" in shaped_contract("order").labels("invalid", base=base)


def test_near_misses_of_a_pattern_are_made_from_the_string_of_the_base():
    contract, base = shaped_contract("order"), PAYLOADS["order"]
    cases = list(contract.sample(200, "invalid", base=base, only="/id:pattern.*"))
    near = [case for case in cases if {*"7781"} & {*case.payload["id"]}]
    assert len(near) > 50


def test_a_missing_place_is_added_with_the_valid_value_in_the_twin():
    base = {"id": "QX-7781", "placed": "2024-05-06T07:08:09Z", "lines": [{"sku": "A-17"}]}
    [case] = shaped_contract("order").sample(1, "invalid", base=base, only="/lines/*/count:minimum.beyond")
    assert case.payload == {**base, "lines": [{"sku": "A-17", "count": 0}]}
    assert case.twin().payload == {**base, "lines": [{"sku": "A-17", "count": 5}]}
    [case] = shaped_contract("order").sample(1, "invalid", base=base, only="/customer/name:type.null")
    assert case.payload == {**base, "customer": {"name": None}}


def test_the_base_stays_as_it_is():
    base = {"id": "root", "child": {"id": "leaf"}}
    for case in shaped_contract("tree").sample(50, "invalid", base=base):
        if isinstance(case.payload, dict):
            case.payload.clear()
        assert base == {"id": "root", "child": {"id": "leaf"}}


def test_labels_are_true_for_random_schemas(nightly):
    made = applied = total = twins = 0
    for seed in range(600 if nightly else 60):
        rng = random.Random(seed)
        try:
            contract = Contract.load(DRAFT | random_schema(rng, rng.randint(1, 3)), name="random")
            base = list(contract.sample(6))[-1].payload
            labels, known = judge_all(contract, base, 10)
        except ContractError:
            continue
        made += 1
        total += len(contract.labels())
        applied, twins = applied + len(labels), twins + known
    assert made > 30
    assert applied > 300
    assert applied > 0.9 * total
    assert twins > applied


def test_the_published_contract_keeps_its_ids(batch_association_response):
    contract = batch_association_response
    base = list(contract.sample(6, profile="realistic"))[-1].payload
    labels, _ = judge_all(contract, base, 20)
    assert labels == contract.labels()
    same = sum(
        case.payload.get("results") == base["results"]
        for case in contract.sample(423, "invalid", base=base)
        if isinstance(case.payload, dict)
    )
    assert same > 100


# --- sources of choices ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("only", ["/lines/*/sku:type.null", "/status:enum.case", "/note:type.boolean"])
def test_shrinking_ends_with_the_base_and_the_smallest_fault(only):
    contract, base = shaped_contract("order"), PAYLOADS["order"]
    [smallest] = contract.sample(1, "invalid", base=base, only=only)
    found = find(contract.invalid(only, base=base), lambda case: True, settings=settings(database=None))
    assert found.payload == smallest.payload


def test_the_same_seed_gives_the_same_cases():
    base = PAYLOADS["order"]
    runs = [
        [(case.label, case.body) for case in shaped_contract("order").sample(200, "invalid", seed=3, base=base)]
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
    whole = list(shaped_contract("order").sample(200, "invalid", base=base))
    later = list(shaped_contract("order").sample(20, "invalid", base=base, start=180))
    assert [case.body for case in whole[180:]] == [case.body for case in later]


def test_contracts_and_cases_with_a_base_can_be_pickled():
    contract = shaped_contract("order").with_faults(base=PAYLOADS["order"])
    [case] = contract.sample(1, "invalid", only="/status:enum.case")
    assert pickle.loads(pickle.dumps(contract)).labels() == contract.labels()
    copy = pickle.loads(pickle.dumps(case))
    assert (copy.payload, copy.twin().payload) == (case.payload, case.twin().payload)


# --- refusals --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ([], "the base is not valid: type at the root: [] is not of type 'object'; correct it"),
        (
            {"id": 5, "child": {}},
            "the base is not valid: type at /id: 5 is not of type 'string', and 1 more error; correct",
        ),
        (None, "the base is not valid: type at the root"),
        ({"id": float("nan")}, "the base is not a JSON value: give the parsed payload"),
        ({"id": "\ud800"}, "the base is not a JSON value"),
        ({"id": "a", "more": (1,)}, "the base is not a JSON value"),
        ({"id": "a", "more": {1: 2}}, "the base is not a JSON value"),
        ({"id": "a", "more": {1}}, "the base is not a JSON value"),
    ],
)
def test_an_invalid_base_is_refused(base, message):
    contract = shaped_contract("tree")
    for use in (
        lambda: contract.invalid(base=base),
        lambda: contract.sample(1, "invalid", base=base),
        lambda: contract.cases("invalid", base=base),
        lambda: contract.labels("invalid", base=base),
    ):
        with pytest.raises(ContractError) as refusal:
            use()
        assert str(refusal.value).startswith(message)
        assert "\n" not in str(refusal.value)


def test_a_deep_base_is_refused_in_one_line():
    base = {"id": "a"}
    for _ in range(3000):
        base = {"id": "a", "child": base}
    with pytest.raises(ContractError, match="the base is nested too deep to be checked: give a smaller payload"):
        shaped_contract("tree").invalid(base=base)


@pytest.mark.parametrize("kind", ["valid", "malformed", "incoherent", "hostile"])
def test_other_kinds_have_no_base(kind):
    with pytest.raises(ContractError, match=f"base goes with invalid cases only: leave it out for {kind} ones"):
        shaped_contract("tree").cases(kind, base={"id": "a"})
