"""The user's own values are used in half of the draws at their locations, and every label stays true."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from payload_judges import LabelJudge, python_says, rust_says

from contractfuzz import Contract, ContractError
from contractfuzz.bulk.job import make_job

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ORDER = {
    "$schema": DRAFT,
    "type": "object",
    "required": ["id", "lines", "pair"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]{4}$"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "maxItems": 4},
        "pair": {
            "type": "array",
            "prefixItems": [{"type": "string"}, {"type": "integer"}],
            "items": {"type": "boolean"},
        },
        "notes": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "properties": {"first": {"type": "integer"}},
        },
        "parent": {"$ref": "#"},
        "a/b~c": {"type": "string"},
    },
    "$defs": {
        "Line": {
            "type": "object",
            "required": ["sku"],
            "properties": {
                "sku": {"type": "string"},
                "count": {"type": "integer", "minimum": 1},
                "id": {"type": "string"},
            },
        }
    },
}
VALUES = {
    "/id": ["3345", "9999"],
    "/lines/*/sku": ["SKU-1"],
    "/lines/*/count": [7],
    "/pair/0": ["left"],
    "/notes/*": ["a note"],
    "/parent/id": ["1234"],
    "/a~1b~0c": ["slash"],
}


def contract_of(values=None, **keywords):
    return Contract.load({"$schema": DRAFT, **keywords}, values=values)


def load_order(values):
    return Contract.load(ORDER, values=values)


def payloads_of(contract, n=600, **options):
    return [case.payload for case in contract.sample(n, **options)]


def shares(payloads):
    """Return for each location of ``VALUES`` the values that payloads have there."""
    lines = [line for payload in payloads for line in payload["lines"]]
    return {
        "/id": [payload["id"] for payload in payloads],
        "/lines/*/sku": [line["sku"] for line in lines],
        "/lines/*/count": [line["count"] for line in lines if "count" in line],
        "/pair/0": [payload["pair"][0] for payload in payloads if payload["pair"]],
        "/notes/*": [
            text for payload in payloads for name, text in payload.get("notes", {}).items() if name != "first"
        ],
        "/parent/id": [payload["parent"]["id"] for payload in payloads if "parent" in payload],
        "/a~1b~0c": [payload["a/b~c"] for payload in payloads if "a/b~c" in payload],
    }


@pytest.mark.parametrize("profile", ["broad", "closed"])
def test_half_of_the_values_at_a_location_are_the_users_own(profile):
    contract = load_order(VALUES)
    payloads = payloads_of(contract, profile=profile)
    for location, found in shares(payloads).items():
        share = sum(value in VALUES[location] for value in found) / len(found)
        assert 0.38 < share < 0.62, location
    assert {"3345", "9999"} <= {payload["id"] for payload in payloads}
    assert all(map(rust_says(contract.schema), payloads))


def test_a_value_is_used_at_its_location_only():
    payloads = payloads_of(load_order({"/a~1b~0c": ["own value"]}))
    assert sum(payload.get("a/b~c") == "own value" for payload in payloads) > 20
    assert not any("own value" in json.dumps({**payload, "a/b~c": ""}) for payload in payloads)


def test_labels_stay_true_by_both_validators():
    contract, plain = load_order(VALUES), Contract.load(ORDER)
    assert contract.violations() == plain.violations()
    cases = list(contract.sample(len(contract.violations()) + 400, "invalid"))
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    assert [objection for case in cases for objection in judge.objections(case)] == []
    assert [case for case in cases if rust(case.payload)] == []
    assert sum("SKU-1" in str(case.payload) for case in cases) > 80


GUARDED = [
    ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, {"/*": [5]}),
    ({"type": "array", "items": {"type": "integer"}, "contains": {"const": 3}}, {"/*": [5]}),
    ({"type": "object", "properties": {"a": {"type": "string"}}, "not": {"required": ["b"]}}, {"/a": ["own"]}),
    (
        {
            "type": "object",
            "required": ["kind"],
            "oneOf": [
                {"properties": {"kind": {"const": "a"}, "x": {"type": "string"}}},
                {"properties": {"kind": {"const": "b"}, "x": {"type": "integer"}}},
            ],
        },
        {"/x": ["own", 77]},
    ),
    (
        {
            "type": "object",
            "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
            "if": {"properties": {"a": {"minimum": 5}}, "required": ["a"]},
            "then": {"required": ["b"]},
        },
        {"/a": [50], "/b": ["own"]},
    ),
    ({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer"}]}, {"": ["own", 77]}),
]


@pytest.mark.parametrize(("keywords", "values"), GUARDED, ids=str)
def test_values_that_other_keywords_compare_are_used_only_where_the_payload_stays_valid(keywords, values):
    contract = contract_of(values, **keywords)
    payloads = payloads_of(contract, 400)
    own = [str(value) for listed in values.values() for value in listed]
    assert all(any(value in str(payload) for payload in payloads) for value in own)
    for judge in (python_says(contract.schema), rust_says(contract.schema)):
        assert all(map(judge, payloads))
        assert not any(judge(case.payload) for case in contract.sample(200, "invalid"))


@pytest.mark.parametrize("kind", ["invalid", "malformed", "hostile"])
def test_every_kind_uses_the_values(kind):
    cases = list(load_order({"/lines/*/sku": ["SKU-1"]}).sample(600, kind))
    assert sum(b"SKU-1" in case.body for case in cases) > 60


def test_realistic_payloads_use_the_values(hubspot):
    contract = hubspot.with_values({"/results/*/from/id": ["33451"]})
    found = [
        result["from"]["id"]
        for payload in payloads_of(contract, 1000, profile="realistic")
        for result in payload["results"]
    ]
    assert 0.4 < found.count("33451") / len(found) < 0.6


@pytest.mark.parametrize(
    ("values", "is_used"),
    [
        (
            {"": [{"id": "0001", "lines": [], "pair": []}]},
            lambda payload: payload == {"id": "0001", "lines": [], "pair": []},
        ),
        ({"/lines": [[{"sku": "whole"}]]}, lambda payload: payload["lines"] == [{"sku": "whole"}]),
        ({"/lines/*": [{"sku": "whole"}]}, lambda payload: {"sku": "whole"} in payload["lines"]),
        ({"*/sku": ["glob"]}, lambda payload: any(line["sku"] == "glob" for line in payload["lines"])),
        ({"/pair/*": [True]}, lambda payload: True in payload["pair"][2:]),
    ],
    ids=lambda value: "is_used" if callable(value) else str(value),
)
def test_globs_and_whole_objects_are_placed(values, is_used):
    payloads = payloads_of(load_order(values))
    assert sum(map(is_used, payloads)) > 45
    assert all(map(python_says(ORDER), payloads))


def test_a_value_inside_another_one_is_placed_in_it():
    payloads = payloads_of(load_order({"/lines/*/sku": ["inner"], "/lines": [[{"sku": "outer"}]]}))
    found = [payload["lines"] for payload in payloads]
    assert found.count([{"sku": "outer"}]) > 60
    assert found.count([{"sku": "inner"}]) > 60


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"/idd": ["3345"]}, "unknown location '/idd': did you mean '/id'?"),
        ({"/lines/*/skus": ["a"]}, "unknown location '/lines/*/skus': did you mean '/lines/*/sku'?"),
        ({"/id": ["3345", "x"]}, 'the value "x" at /id breaks the schema: '),
        (
            {"/lines/*/count": [0]},
            "the value 0 at /lines/*/count breaks the schema: 0 is less than the minimum of 1; correct or remove it",
        ),
        ({"": [5]}, "the value 5 at the root breaks the schema: "),
        ({"/id": []}, "the values at /id are not a list of values: write at least one value in a list"),
        ({"/id": "3345"}, "the values at /id are not a list of values: write at least one value in a list"),
        ({"/id": [float("nan")]}, "the value nan at /id is not a JSON value: correct or remove it"),
        ({"/id": [{1}]}, "the value {1} at /id is not a JSON value: correct or remove it"),
        ({5: ["a"]}, "values must be an object of lists by location"),
        (["/id"], "values must be an object of lists by location"),
    ],
    ids=lambda value: "is_used" if callable(value) else str(value),
)
def test_values_that_cannot_be_used_are_refused_in_one_line(values, message):
    with pytest.raises(ContractError) as refusal:
        load_order(values)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_with_values_replaces_the_values_of_a_copy():
    first = load_order({"/id": ["3345"]})
    second = first.with_values({"/pair/0": ["left"]})
    assert (first.values, second.values) == ({"/id": ["3345"]}, {"/pair/0": ["left"]})
    assert (second.name, second.loaded_from) == (first.name, first.loaded_from)
    assert sum(payload["id"] == "3345" for payload in payloads_of(second)) < 6
    assert payloads_of(second.with_values({})) == payloads_of(Contract.load(ORDER))


def test_a_pickled_contract_makes_the_same_cases():
    contract = load_order(VALUES)
    kinds = ("valid", "invalid", "malformed", "hostile")
    before = [[case.body for case in contract.sample(100, kind, seed=3)] for kind in kinds]
    contract.is_valid({})
    copy = pickle.loads(pickle.dumps(contract))
    assert [[case.body for case in copy.sample(100, kind, seed=3)] for kind in kinds] == before
    assert [[case.body for case in load_order(VALUES).sample(100, kind, seed=3)] for kind in kinds] == before


def test_a_job_for_other_processes_carries_the_values(hubspot):
    for contract in (load_order(VALUES), hubspot.with_values({"/results/*/from/id": ["33451"]})):
        job = pickle.loads(pickle.dumps(make_job(contract, 50)))
        assert [case.body for case in job.cases(0, 50)] == [case.body for case in contract.sample(50)]
    assert make_job(load_order(VALUES), 5).digest != make_job(Contract.load(ORDER), 5).digest


def test_hypothesis_draws_the_values_and_shrinks_to_none_of_them():
    contract = load_order({"/id": ["3345"], "/lines/*/sku": ["SKU-1", "SKU-2"]})
    seen = []

    @settings(max_examples=200, database=None, suppress_health_check=list(HealthCheck))
    @given(contract.valid())
    def draw(payload):
        seen.append(payload["id"])

    draw()
    assert seen.count("3345") > 20
    options = settings(database=None, max_examples=3000, phases=[Phase.generate, Phase.shrink])
    assert find(contract.valid(), lambda _: True, settings=options) == {"id": "0000", "lines": [], "pair": ["", 0]}
    found = find(contract.valid(), lambda p: any(line["sku"] == "SKU-2" for line in p["lines"]), settings=options)
    assert found == {"id": "0000", "lines": [{"sku": "SKU-2"}], "pair": ["", 0]}


def test_payloads_do_not_share_the_values():
    contract = load_order({"/lines": [[{"sku": "whole"}]]})
    cases = [case for case in contract.sample(200) if case.payload["lines"] == [{"sku": "whole"}]]
    cases[0].payload["lines"].append("changed")
    assert json.loads(cases[1].body)["lines"] == [{"sku": "whole"}]
    assert next(case for case in contract.sample(200) if "whole" in str(case.payload)).payload["lines"] == [
        {"sku": "whole"}
    ]


@pytest.mark.parametrize(("keywords", "values"), [(ORDER, VALUES), *GUARDED], ids=str)
def test_the_twin_of_an_invalid_case_has_the_same_values(keywords, values):
    contract = contract_of(values, **{key: value for key, value in keywords.items() if key != "$schema"})
    own = [str(value) for listed in values.values() for value in listed]
    seen = changed = 0
    for case in contract.sample(len(contract.labels()) + 60, "invalid"):
        twin = case.twin()
        if twin is not None:
            seen += 1
            changed += any(value in str(twin.payload) for value in own)
            assert contract.is_valid(twin.payload), case.label
    assert seen > 10
    assert changed > 3 or keywords is not ORDER


EVENT = {
    "type": "object",
    "required": ["event", "tags"],
    "properties": {
        "event": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["type", "email"],
                    "properties": {"type": {"const": "user.created"}, "email": {"type": "string"}},
                },
                {
                    "type": "object",
                    "required": ["type", "email"],
                    "properties": {"type": {"const": "user.moved"}, "email": {"type": "string", "maxLength": 5}},
                },
            ]
        },
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}


@pytest.mark.parametrize("location", ["/event/email", "/event(user.created)/email", "*/email"])
def test_values_inside_branches_are_used_where_they_are_valid(location):
    contract = contract_of({location: ["ann@example.com"], "/tags/*": ["own"]}, **EVENT)
    emails = {"user.created": [], "user.moved": []}
    for payload in payloads_of(contract):
        emails[payload["event"]["type"]].append(payload["event"]["email"])
        assert rust_says(contract.schema)(payload)
    assert 0.35 < emails["user.created"].count("ann@example.com") / len(emails["user.created"]) < 0.65
    assert "ann@example.com" not in emails["user.moved"]
    assert contract.labels() == contract_of(None, **EVENT).labels()
    cases = list(contract.sample(len(contract.labels()) + 100, "invalid"))
    assert not any(contract.is_valid(case.payload) or rust_says(contract.schema)(case.payload) for case in cases)
    inside = [case for case in cases if "(" in case.label]
    assert len(inside) > 20
    assert sum("own" in str(case.payload.get("tags")) for case in inside if isinstance(case.payload, dict)) > 3
