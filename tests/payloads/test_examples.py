"""Valid examples and defaults of a document are among the payloads without asking; those that break their schema are not."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, settings
from payload_judges import LabelJudge, python_says, rust_says

from contractfuzz import Contract

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def contract_of(**keywords):
    return Contract.load({"$schema": DRAFT, **keywords})


def share_of(contract, value, n=2000):
    return sum(case.payload == value and type(case.payload) is type(value) for case in contract.sample(n)) / n


@pytest.mark.parametrize(
    ("keywords", "value"),
    [
        ({"type": "string", "examples": ["ORD-2025-001"]}, "ORD-2025-001"),
        ({"type": "string", "example": "ORD-2025-001"}, "ORD-2025-001"),
        ({"type": "string", "default": "ORD-2025-001"}, "ORD-2025-001"),
        ({"type": "string", "minLength": 3, "examples": ["ab", "abcd"]}, "abcd"),
        ({"type": "string", "pattern": "^[A-Z]{3}-\\d{9}$", "examples": ["ORD-202500123"]}, "ORD-202500123"),
        ({"type": "string", "format": "date", "examples": ["2025-03-15"]}, "2025-03-15"),
        ({"type": "integer", "minimum": 1, "examples": [33451]}, 33451),
        ({"type": "number", "default": 19.99}, 19.99),
        ({"type": ["string", "null"], "examples": ["ORD-2025-001"]}, "ORD-2025-001"),
        ({"type": "array", "items": {"type": "integer"}, "examples": [[7, 8, 9]]}, [7, 8, 9]),
        (
            {"type": "object", "properties": {"a": {"type": "integer"}}, "examples": [{"a": 77, "b": 1}]},
            {"a": 77, "b": 1},
        ),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}], "examples": ["ORD-2025-001"]}, "ORD-2025-001"),
        ({"$ref": "#/$defs/Id", "$defs": {"Id": {"type": "string", "examples": ["ORD-1"]}}}, "ORD-1"),
        (
            {"$ref": "#/$defs/Id", "examples": ["ORD-2"], "$defs": {"Id": {"type": "string", "examples": ["ORD-1"]}}},
            "ORD-2",
        ),
        ({"allOf": [{"type": "string"}, {"minLength": 2}], "examples": ["ORD-1"]}, "ORD-1"),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "examples": [[7, 8, 9]]}, [7, 8, 9]),
    ],
    ids=str,
)
def test_a_valid_example_is_used_in_a_share_of_the_draws(keywords, value):
    contract = contract_of(**keywords)
    assert 0.02 < share_of(contract, value) < 0.3
    assert all(map(rust_says(contract.schema), (case.payload for case in contract.sample(200))))
    assert value in [case.payload for case in contract.sample(2000, profile="closed")]


@pytest.mark.parametrize(
    ("keywords", "value"),
    [
        ({"type": "string", "maxLength": 5, "examples": ["ORD-2025-001"]}, "ORD-2025-001"),
        ({"type": "string", "examples": [33451]}, 33451),
        ({"type": "integer", "maximum": 10, "default": 33451}, 33451),
        ({"type": "string", "format": "date", "examples": ["15.03.2025"]}, "15.03.2025"),
        ({"type": "string", "format": "date-time", "examples": ["2025-03-15 14:30:00Z"]}, "2025-03-15 14:30:00Z"),
        ({"type": "integer", "examples": [5.0]}, 5.0),
        ({"type": "object", "properties": {"a": {"type": "integer"}}, "examples": [{"a": "x"}]}, {"a": "x"}),
        ({"type": "object", "properties": {"a": {"type": "integer"}}, "examples": [{"a": 1.0}]}, {"a": 1.0}),
        ({"enum": ["a", "b"], "default": "ORD-2025-001"}, "ORD-2025-001"),
        ({"type": "string", "not": {"pattern": "^ORD"}, "default": "ORD-2025-001"}, "ORD-2025-001"),
    ],
    ids=repr,
)
def test_an_example_that_breaks_its_schema_or_is_disputed_is_ignored(keywords, value):
    contract = contract_of(**keywords)
    payloads = [case.payload for case in contract.sample(500)]
    assert len(payloads) == 500
    assert [payload for payload in payloads if repr(payload) == repr(value)] == []
    assert all(map(python_says(contract.schema), payloads))


ORDER = {
    "type": "object",
    "required": ["id", "lines"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$", "examples": ["33451"]},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1, "examples": [[{"sku": "A-1"}]]},
        "next": {"$ref": "#"},
    },
    "$defs": {
        "Line": {
            "type": "object",
            "required": ["sku"],
            "properties": {"sku": {"type": "string", "default": "A-1"}, "count": {"type": "integer", "default": 1}},
            "examples": [{"sku": "A-1", "count": 5}],
        }
    },
    "examples": [{"id": "7", "lines": [{"sku": "whole"}]}],
}


def without_examples(schema):
    if isinstance(schema, list):
        return [without_examples(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: without_examples(part) for key, part in schema.items() if key not in ("examples", "default")}


def test_examples_change_no_label_and_no_label_is_wrong():
    contract, plain = contract_of(**ORDER), contract_of(**without_examples(ORDER))
    assert contract.labels() == plain.labels()
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    cases = list(contract.sample(len(contract.labels()) + 400, "invalid"))
    # In Python, `$` also matches before a line feed at the end.
    judged = [case for case in cases if not case.label.endswith(":pattern.newline")]
    assert [objection for case in judged for objection in judge.objections(case)] == []
    assert [case for case in cases if rust(case.payload)] == []
    text = [str(case.payload) for case in cases]
    assert sum("33451" in one for one in text) > 50


def test_all_points_are_still_covered():
    contract = contract_of(**ORDER)
    assert contract.coverage(contract.sample(1000)).missed == ()


def test_a_payload_with_examples_shrinks_to_the_smallest_one_without():
    options = settings(database=None, max_examples=2000, phases=[Phase.generate, Phase.shrink])
    found = find(contract_of(**ORDER).valid(), lambda payload: len(payload["lines"]) > 1, settings=options)
    assert found == {"id": "0", "lines": [{"sku": ""}, {"sku": ""}]}
    assert "33451" in {case.payload["id"] for case in contract_of(**ORDER).sample(200)}


def test_examples_of_openapi_and_of_json_structure_are_used():
    component = {"type": "string", "example": "ORD-2025-001"}
    openapi = {
        "openapi": "3.0.3",
        "info": {"title": "a", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Id": component}},
    }
    structure = {
        "$schema": "https://json-structure.org/meta/core/v0/#",
        "$id": "https://example.com/id",
        "name": "Id",
        "type": "string",
        "examples": ["ORD-2025-001"],
    }
    for contract in (Contract.load(openapi, name="Id"), Contract.load(structure)):
        assert 0.05 < share_of(contract, "ORD-2025-001") < 0.3


def test_the_minimal_and_the_hostile_profile_use_no_examples():
    contract = contract_of(type="string", examples=["ORD-2025-001"])
    for profile in ("minimal", "hostile"):
        payloads = [case.payload for case in contract.sample(500, profile=profile)]
        assert "ORD-2025-001" not in payloads
        assert len(payloads) == 500
