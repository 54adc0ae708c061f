"""Contracts whose types contain each other: planned if their payloads can end, otherwise refused in one line."""

from __future__ import annotations

import pytest
from jsonschema_specifications import REGISTRY
from payload_judges import LabelJudge, rust_says

from contractfuzz import Contract, ContractError

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def test_an_array_whose_first_item_may_be_such_an_array_ends():
    contract = Contract.load({"$schema": DRAFT, "type": "array", "prefixItems": [{"$ref": "#"}]})
    payloads = [case.payload for case in contract.sample(100)]
    assert len(payloads) == 100
    assert all(map(contract.is_valid, payloads))
    assert contract.violations()


def test_a_ref_inside_an_annotation_is_not_followed():
    contract = Contract.load({"$schema": DRAFT, "type": "string", "x-note": {"$ref": "#/nowhere"}})
    assert contract.violations()


NULL = {"type": "null"}
NODE = {
    "type": "object",
    "properties": {"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/Node"}, NULL]}},
}
OPERATOR = {
    "type": "object",
    "properties": {"op": {"const": "add"}, "left": {"$ref": "#/$defs/E"}, "right": {"$ref": "#/$defs/E"}},
    "required": ["op", "left", "right"],
}
NUMBER = {
    "type": "object",
    "properties": {"op": {"const": "number"}, "value": {"type": "number"}},
    "required": ["op", "value"],
}
GROUP = {"type": "object", "properties": {"inner": {"$ref": "#/$defs/E"}}, "additionalProperties": False}
LEFT = {**GROUP, "properties": {"left": {"$ref": "#/$defs/E"}}, "required": ["left"]}
NAMED = {"name": {"type": "string"}}

RECURSIVE = {
    "anyOf": {"type": "object", "properties": {"r": {"anyOf": [NULL, {"$ref": "#"}]}}},
    "Optional of pydantic": {"$ref": "#/$defs/Node", "$defs": {"Node": {**NODE, "required": ["value"]}}},
    "oneOf in a required property": {
        "type": "object",
        "properties": {"r": {"oneOf": [{"$ref": "#"}, NULL]}},
        "required": ["r"],
    },
    "allOf": {"type": "object", "properties": {**NAMED, "r": {"allOf": [{"$ref": "#"}]}}},
    "allOf with more": {
        "type": "object",
        "properties": {**NAMED, "r": {"allOf": [{"$ref": "#"}, {"required": ["name"]}]}},
    },
    "if": {"type": "object", "properties": {"r": {"if": NULL, "then": True, "else": {"$ref": "#"}}}},
    "if next to the reference": {
        "type": "object",
        "properties": {"r": {"$ref": "#"}, "k": NULL},
        "if": {"required": ["r"]},
        "then": {"required": ["k"]},
    },
    "an expression": {
        "$ref": "#/$defs/E",
        "$defs": {
            "E": {"oneOf": [{"$ref": "#/$defs/Add"}, {"$ref": "#/$defs/Number"}]},
            "Add": OPERATOR,
            "Number": NUMBER,
        },
    },
    "branches that all recur": {
        "$ref": "#/$defs/E",
        "$defs": {"E": {"anyOf": [{"$ref": "#/$defs/L"}, {"$ref": "#/$defs/G"}]}, "L": LEFT, "G": GROUP},
    },
    "two types merged": {
        "$ref": "#/$defs/X",
        "$defs": {
            "X": {"type": "object", "properties": {"r": {"$ref": "#/$defs/X"}}, "anyOf": [{"$ref": "#/$defs/Y"}, {}]},
            "Y": {"type": "object", "properties": {"r": {"$ref": "#/$defs/Y"}, "q": {"$ref": "#/$defs/X"}}},
        },
    },
    "an optional item": {"type": "array", "prefixItems": [{"anyOf": [{"$ref": "#"}, {"$ref": "#", "minItems": 1}]}]},
    "minProperties": {
        "type": "object",
        "minProperties": 1,
        "properties": {"a": {"$ref": "#"}, "b": {"type": "string"}},
    },
    "values of several types that recur": {
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/$defs/V"}, NULL]},
        "$defs": {"V": {"type": ["array", "boolean", "string"], "items": {"anyOf": [{"$ref": "#/$defs/V"}, NULL]}}},
    },
    "an item that any value matches": {"type": "array", "items": {"anyOf": [{"$ref": "#"}, {"type": "string"}]}},
}


@pytest.mark.parametrize("name", RECURSIVE)
def test_recursion_through_branches_ends(name):
    contract = Contract.load({"$schema": DRAFT, **RECURSIVE[name]})
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    valid = list(contract.sample(200))
    assert len({case.body for case in valid}) >= (1 if name == "an optional item" else 4)
    assert all(contract.is_valid(case.payload) and rust(case.payload) for case in valid)
    labels = contract.labels("invalid")
    assert labels
    for case in contract.sample(3 * len(labels), "invalid"):
        assert judge.objections(case) == []
        assert not rust(case.payload), case.label


def test_a_union_with_the_type_itself_in_json_structure_ends():
    document = {
        "$schema": "https://json-structure.org/meta/core/v0/#",
        "$id": "https://example.com/node",
        "name": "Node",
        "type": "object",
        "properties": {"value": {"type": "string"}, "next": {"type": [{"$ref": "#"}, "null"]}},
    }
    contract = Contract.load(document)
    payloads = [case.payload for case in contract.sample(100)]
    assert any(isinstance(payload.get("next"), dict) for payload in payloads)
    assert all(map(contract.is_valid, payloads))
    assert contract.violations()


@pytest.mark.parametrize("draft", ["draft-04", "draft-06", "draft-07"])
def test_the_metaschemas_have_payloads(draft):
    metaschemas = {uri: resource.contents for uri, resource in REGISTRY.items()}
    contract = Contract.load(next(metaschemas[uri] for uri in metaschemas if draft in uri))
    rust = rust_says(contract.schema)
    cases = list(contract.sample(20))
    assert len({case.body for case in cases}) > 5
    assert all(contract.is_valid(case.payload) and rust(case.payload) for case in cases)


def test_planning_a_long_loop_of_types_does_not_recur():
    count = 2_000
    definitions = {
        f"T{i}": {
            "type": "object",
            "properties": {"n": {"type": "array", "items": {"$ref": f"#/$defs/T{(i + 1) % count}"}}},
        }
        for i in range(count)
    }
    contract = Contract.load({"$schema": DRAFT, "$ref": "#/$defs/T0", "$defs": definitions})
    assert len({case.body for case in contract.sample(100)}) > 5


@pytest.mark.parametrize(
    "schema",
    [
        {
            "$ref": "#/$defs/T0",
            "$defs": {
                f"T{i}": {"type": "object", "required": ["n"], "properties": {"n": {"$ref": f"#/$defs/T{i + 1}"}}}
                for i in range(300)
            }
            | {"T300": {"type": "string"}},
        },
    ],
    ids=["300 levels"],
)
def test_a_contract_that_cannot_be_planned_is_refused_in_one_line(schema):
    with pytest.raises(ContractError, match="no payload can be planned") as caught:
        Contract.load({"$schema": DRAFT, **schema}).violations()
    assert "\n" not in str(caught.value)


IMPOSSIBLE_WITHIN = {
    "required": ({"properties": {"p": {"$ref": "#/$defs/N", "required": ["p"]}}}, "properties/p"),
    "minProperties": ({"additionalProperties": {"$ref": "#/$defs/N", "minProperties": 1}}, "additionalProperties"),
    "minItems": ({"type": "array", "items": {"$ref": "#/$defs/N", "minItems": 1}}, "items"),
    "contains": ({"type": "array", "items": {"$ref": "#/$defs/N", "contains": True}}, "items"),
    "allOf": ({"properties": {"p": {"allOf": [{"$ref": "#/$defs/N"}, {"required": ["p"]}]}}}, "properties/p"),
    "anyOf": (
        {"properties": {"p": {"$ref": "#/$defs/N", "anyOf": [{"required": ["p"]}, {"required": ["p", "q"]}]}}},
        "properties/p",
    ),
}


@pytest.mark.parametrize(("definition", "location"), IMPOSSIBLE_WITHIN.values(), ids=IMPOSSIBLE_WITHIN)
def test_a_reference_with_keywords_that_no_finite_payload_satisfies_is_refused_by_its_location(definition, location):
    document = {"$schema": DRAFT, "$ref": "#/$defs/N", "$defs": {"N": {"type": "object", **definition}}}
    with pytest.raises(
        ContractError, match=f"^document at /[$]defs/N/{location}: .* no finite payload can satisfy"
    ) as caught:
        Contract.load(document)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "more",
    [
        {"minProperties": 1},
        {"minProperties": 2},
        {"not": {"maxProperties": 0}},
        {"type": "object"},
    ],
    ids=str,
)
def test_keywords_next_to_a_reference_are_planned_if_payloads_end(more):
    definition = {"type": "object", "properties": {"p": {"$ref": "#/$defs/N", **more}}}
    contract = Contract.load({"$schema": DRAFT, "$ref": "#/$defs/N", "$defs": {"N": definition}})
    payloads = [case.payload for case in contract.sample(50)]
    assert all(map(contract.is_valid, payloads))
    assert any("p" in payload for payload in payloads)
    assert not any(contract.is_valid(case.payload) for case in contract.sample(30, "invalid"))


@pytest.mark.parametrize(
    "more", [{"if": True, "then": {"required": ["p"]}}, {"required": ["a"], "dependentRequired": {"a": ["p"]}}], ids=str
)
def test_an_optional_property_that_only_the_plan_finds_to_be_endless_is_left_out(more):
    definition = {"type": "object", "properties": {"p": {"$ref": "#/$defs/N", **more}}}
    contract = Contract.load({"$schema": DRAFT, "$ref": "#/$defs/N", "$defs": {"N": definition}})
    payloads = [case.payload for case in contract.sample(100)]
    assert all(map(contract.is_valid, payloads))
    assert not any("p" in payload for payload in payloads)
    assert contract.violations()


@pytest.mark.parametrize("error", [RecursionError, type("PanicException", (BaseException,), {})])
def test_a_full_stack_within_the_oracle_is_refused_in_one_line(error, monkeypatch):
    def overflow(*_):
        raise error

    monkeypatch.setattr("contractfuzz.oracle.Oracle.is_valid", overflow)
    contract = Contract.load({"$schema": DRAFT, "type": "array", "uniqueItems": True, "minItems": 1})
    with pytest.raises(ContractError, match="no payload can be planned for document: its types contain each other"):
        contract.violations()


PART = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        "spare": {"anyOf": [{"$ref": "#/$defs/Part"}, NULL]},
        "maker": {"$ref": "#/$defs/Maker"},
    },
    "required": ["id", "parts"],
}
MAKER = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "best": {"$ref": "#/$defs/Part"}, "owner": {"$ref": "#/$defs/Maker"}},
    "required": ["name"],
}
MACHINE = {
    "$schema": DRAFT,
    "type": "object",
    "properties": {"root": {"$ref": "#/$defs/Part"}},
    "required": ["root"],
    "$defs": {"Part": PART, "Maker": MAKER},
}


def test_every_step_back_to_a_type_is_followed_once():
    contract = Contract.load(MACHINE)
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    labels = contract.labels("invalid")
    steps_back = {"/root/parts/*", "/root/spare", "/root/maker/best", "/root/maker/owner"}
    assert {f"{step}:type.array" for step in steps_back} < set(labels)
    assert {f"{step}/id:minimum.beyond" for step in steps_back - {"/root/maker/owner"}} < set(labels)
    assert {
        f"{step}/{name}:required.missing" for step, name in (("/root/parts/*", "id"), ("/root/maker/owner", "name"))
    } < set(labels)
    # What is inside a type comes once per type, not once per path.
    assert not [label for label in labels if label.count("parts") > 2 or label.startswith("/root/spare/spare/")]
    cases = list(contract.sample(3 * len(labels), "invalid"))
    assert {case.label for case in cases} == set(labels)
    for case in cases:
        assert judge.objections(case) == []
        assert not rust(case.payload), case.label


def test_labels_of_recursive_types_grow_linearly():
    counts = []
    for count in (4, 8, 16):
        names = [f"T{number}" for number in range(count)]
        properties = {name.lower(): {"$ref": f"#/$defs/{name}"} for name in names[:1]}
        types = {
            name: {
                "type": "object",
                "properties": {"n": {"type": "integer"}, **properties, "next": {"$ref": f"#/$defs/{after}"}},
            }
            for name, after in zip(names, [*names[1:], names[0]], strict=True)
        }
        contract = Contract.load(
            {"$schema": DRAFT, "type": "object", "properties": {"t": {"$ref": "#/$defs/T0"}}, "$defs": types}
        )
        counts.append(len(contract.violations()))
    assert 0 < counts[2] - counts[1] < 2.5 * (counts[1] - counts[0])
