"""Parts of a schema that no value satisfies are left out of the plan; only schemas without any value are refused."""

from __future__ import annotations

import pytest
from payload_judges import LabelJudge, rust_says

from contractfuzz import Contract, ContractError
from contractfuzz.json_values import json_type

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
INTEGER, STRING, BOOLEAN = {"type": "integer"}, {"type": "string"}, {"type": "boolean"}
TOO_MANY = {"contains": {"const": 1}, "minContains": 3, "maxContains": 1}

POSSIBLE = {
    "one of two number types": ({"type": ["integer", "number"], "minimum": 1.2, "maximum": 1.9}, {"number"}),
    "null instead of an array": ({"type": ["array", "null"], "items": False, "minItems": 1}, {"null"}),
    "a string instead of an integer": ({"type": ["integer", "string"], "minimum": 3, "maximum": 1}, {"string"}),
    "no property names": ({"propertyNames": False}, {"object"}),
    "no name of a property": ({"type": "object", "propertyNames": False, "properties": {"a": INTEGER}}, {"object"}),
    "a property without a name": (
        {"propertyNames": False, "required": ["a"]},
        {"null", "string", "array", "integer", "number", "boolean"},
    ),
    "only what a branch does not describe": (
        {"minItems": 1, "oneOf": [True, {"minProperties": 1}]},
        {"object"},
    ),
    "a list that repeats without end": (
        {"prefixItems": [{"$ref": "#"}], "minItems": 1},
        {"null", "string", "array", "object", "integer", "number", "boolean"},
    ),
    "something to contain that has none": (
        {"contains": {"type": "integer", "oneOf": [True, {"$ref": "#"}]}},
        {"null", "string", "object", "integer", "number", "boolean"},
    ),
    "content that its schema does not allow": (
        {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "null", "const": 1}},
        {"string"},
    ),
    "nothing to contain": ({"contains": False}, {"null", "string", "object", "integer", "number", "boolean"}),
    "more than fit": (TOO_MANY, {"null", "string", "object", "integer", "number", "boolean"}),
    "no string of any length": (
        {"minLength": 3, "maxLength": 2},
        {"null", "object", "array", "integer", "number", "boolean"},
    ),
    "prefixes of branches": (
        {
            "type": "array",
            "prefixItems": [INTEGER],
            "anyOf": [{"prefixItems": [True, STRING]}, {"prefixItems": [True, True, BOOLEAN]}],
            "unevaluatedItems": False,
        },
        {"array"},
    ),
    "prefixes of parts": (
        {"type": "array", "minItems": 2, "allOf": [{"prefixItems": [INTEGER]}, {"prefixItems": [True, STRING]}]},
        {"array"},
    ),
    "lists of items in draft-07": (
        {
            "$schema": DRAFT_7,
            "allOf": [
                {"type": "array", "items": [INTEGER, STRING]},
                {"items": [{"minimum": 3}], "additionalItems": {"minLength": 2}},
            ],
            "minItems": 2,
        },
        {"array"},
    ),
    "a closed list of items in draft-07": (
        {
            "$schema": DRAFT_7,
            "allOf": [
                {"type": "array", "items": [INTEGER, STRING], "additionalItems": False},
                {"items": [INTEGER, {"const": "x"}, INTEGER]},
            ],
            "minItems": 2,
        },
        {"array"},
    ),
}


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_is_possible_is_planned(name):
    schema, types = POSSIBLE[name]
    contract = Contract.load({"$schema": DRAFT, **schema})
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    payloads = [case.payload for case in contract.sample(300)]
    assert all(contract.is_valid(payload) and rust(payload) for payload in payloads)
    assert {json_type(payload) for payload in payloads} == types
    for case in contract.sample(3 * len(contract.labels("invalid")), "invalid"):
        assert judge.objections(case) == []
        assert not rust(case.payload), case.label


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["integer", "number"], "minimum": 3, "maximum": 1},
        {"type": "object", "propertyNames": False, "required": ["a"]},
        {"type": "array", "contains": False},
        {"type": "array", **TOO_MANY},
        {"type": "array", "contains": INTEGER, "minContains": 1_000_000_000},
    ],
    ids=str,
)
def test_what_is_impossible_is_refused_in_one_line(schema):
    with pytest.raises(ContractError) as caught:
        Contract.load({"$schema": DRAFT, **schema}).violations()
    assert "\n" not in str(caught.value)


# --- budgets ---------------------------------------------------------------------------------------------------------------


def chain(length, link, leaf):
    """Return a schema of definitions, each made from a reference to the next one."""
    links = {f"d{n}": link({"$ref": f"#/$defs/d{n + 1}"}) for n in range(length)}
    return {"$schema": DRAFT, "$ref": "#/$defs/d0", "$defs": {**links, f"d{length}": leaf}}


def twice(*, required=False):
    more = {"required": ["a", "b"]} if required else {}
    return lambda reference: {"type": "object", "properties": {"a": reference, "b": reference}, **more}


def nested_arrays(levels, count):
    schema = INTEGER
    for _ in range(levels):
        schema = {"type": "array", "minItems": count, "items": schema}
    return {"$schema": DRAFT, **schema}


@pytest.mark.parametrize(
    ("schema", "location"),
    [
        (chain(12, lambda reference: {"allOf": [reference, reference]}, INTEGER), r"#/\$defs/d3"),
        (chain(60, lambda reference: {"anyOf": [reference, reference]}, INTEGER), r"#/\$defs/d51"),
        (chain(40, twice(required=True), INTEGER), r"more than 100,000 values at .*#/\$defs/d25"),
        (nested_arrays(4, 1_000), "more than 100,000 values at .*minItems"),
    ],
    ids=["allOf", "anyOf", "properties", "minItems"],
)
def test_a_contract_beyond_the_budget_is_refused_with_its_location(schema, location):
    with pytest.raises(ContractError, match=location) as caught:
        Contract.load(schema, name="large").violations()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "schema",
    [
        chain(6, lambda reference: {"anyOf": [reference, reference]}, {"type": "object", "properties": {"a": INTEGER}}),
        chain(6, lambda reference: {"allOf": [reference, reference]}, {"type": "object", "properties": {"a": INTEGER}}),
        chain(40, twice(), INTEGER),
        {"$schema": DRAFT, "enum": [f"v{number}" for number in range(30_000)], "pattern": "^v"},
    ],
    ids=["anyOf", "allOf", "properties", "enum"],
)
def test_a_contract_within_the_budget_is_planned(schema):
    contract = Contract.load(schema, name="large")
    payloads = [case.payload for case in contract.sample(30)]
    assert all(map(contract.is_valid, payloads))
    assert contract.violations()
