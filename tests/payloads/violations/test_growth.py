"""The work of listing violations grows with the schema, and what is left out is noted."""

from __future__ import annotations

import pytest
from benchmarks.growth import FAMILIES
from payload_judges import LabelJudge, rust_says

from contractfuzz import Contract
from contractfuzz.oracle import Oracle
from contractfuzz.payloads.plan.node import MAX_LOCATIONS, MAX_STEPS_TO_LOCATION
from contractfuzz.payloads.violations import proof

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def load(family, size):
    return Contract.load({"$schema": DRAFT, **FAMILIES[family](size)}, name=family)


@pytest.fixture
def validations(monkeypatch):
    """Count the validations of payloads by oracles."""
    counts = [0]
    for name in ("is_valid", "find_errors"):
        original = getattr(Oracle, name)

        def counted(*args, _original=original):
            counts[0] += 1
            return _original(*args)

        monkeypatch.setattr(Oracle, name, counted)
    return counts


def test_the_validations_of_a_union_do_not_grow_with_its_branches(validations):
    contract = load("tagged_branches", 300)
    labels = contract.labels("invalid")
    assert {":oneOf.none", "/type:tag.unknown", "(t7)/value:required.missing", "(t299)/value:type.null"} < set(labels)
    assert len(labels) == 20 + 300 * 10
    assert 0 < validations[0] < 120
    before = validations[0]
    cases = list(contract.sample(50))
    assert len({case.body for case in cases}) > 40
    assert validations[0] == before
    assert all(map(contract.is_valid, (case.payload for case in cases)))


def test_the_validations_of_an_expression_tree_do_not_grow_with_its_operators(validations):
    contract = load("expressions", 200)
    labels = contract.labels("invalid")
    assert {":oneOf.none", "/op:tag.unknown", "(op7)/left:required.missing", "(op7)/left:tag.missing"} < set(labels)
    assert 0 < validations[0] < 120


@pytest.mark.parametrize(
    ("branches", "are_checked"),
    [
        ([{"type": "integer"}, {"type": "string"}], False),
        ([{"type": "integer"}, {"type": "number"}], True),
        ([{"const": "a"}, {"const": "b"}], True),
        ([{"type": "object"}, {"type": "null"}], False),
        ([{"type": "object"}, {"required": ["a"]}], True),
    ],
)
def test_values_of_exclusive_branches_are_not_validated(branches, are_checked, validations):
    contract = Contract.load({"$schema": DRAFT, "oneOf": branches})
    cases = list(contract.sample(50))
    assert (validations[0] > 0) is are_checked
    assert len(cases) == 50
    assert all(map(rust_says(contract.schema), (case.payload for case in cases)))


def tagged(value, *, required=True, **more):
    properties = {"kind": {"const": value}, **more}
    return {"type": "object", "properties": properties, "required": ["kind"] if required else []}


@pytest.mark.parametrize(
    "branches",
    [
        [tagged("a"), tagged("b", n={"type": "integer"}), tagged("a", n={"type": "string"})],
        [tagged("a"), tagged("b", required=False)],
        [tagged(1), tagged(1.0), {"type": "null"}],
        [tagged("a"), {**tagged("b"), "type": ["object", "null"]}, {"type": "null"}],
        [tagged("a"), {"properties": {"kind": {"const": "b"}}, "required": ["kind"]}],
    ],
)
def test_branches_that_are_not_exclusive_are_validated(branches):
    contract = Contract.load({"$schema": DRAFT, "oneOf": branches})
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    cases = list(contract.sample(100))
    assert all(rust(case.payload) for case in cases)
    for case in contract.sample(50, "invalid"):
        assert judge.objections(case) == []


def test_paths_to_the_same_types_are_listed_from_the_root_on():
    contract = load("shared_definitions", 16)
    violations = contract.violations()
    assert [note for note in contract.notes if f"{MAX_LOCATIONS} locations" in note]
    locations = {violation.location for violation in violations}
    assert len(locations) == MAX_LOCATIONS
    depths = [location.count("/") for location in locations]
    assert 11 <= max(depths) <= 12
    assert {"/a", "/b", "/a/b/a"} < locations
    assert contract.coverage(case.payload for case in contract.sample(10)).reached


def test_a_loop_of_many_types_is_listed_to_a_depth():
    contract = load("recursion", 500)
    violations = contract.violations()
    assert len([note for note in contract.notes if "violations near the root" in note]) == 1
    assert max(violation.location.count("/") for violation in violations) < MAX_STEPS_TO_LOCATION
    judge = LabelJudge(contract.schema)
    for case in list(contract.sample(len(violations), "invalid"))[-20:]:
        assert judge.objections(case) == []


def test_a_limited_proof_is_noted(monkeypatch):
    branches = [
        {"type": "object", "required": [f"p{n}"], "properties": {f"p{n}": {"type": "integer"}}} for n in range(9)
    ]
    schema = {"$schema": DRAFT, "anyOf": branches}
    whole = Contract.load(schema, name="whole")
    assert "(p8)/p8:type.null" in whole.labels("invalid")
    assert whole.notes == ()
    monkeypatch.setattr(proof, "MAX_PROOF_WORK", 50)
    limited = Contract.load(schema, name="limited")
    assert len(limited.labels("invalid")) < len(whole.labels("invalid"))
    [note] = limited.notes
    assert note.endswith("all unions and conditions of 'limited': some of their violations are not listed")


def test_a_schema_with_few_locations_has_no_notes(hubspot):
    assert hubspot.notes == ()
    assert [note for note in load("shared_definitions", 8).notes if "violations" in note] == []
