"""Contracts whose types contain each other: planned if their payloads can end, otherwise refused in one line."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    "schema",
    [
        {"contains": {"$ref": "#"}},
        {
            "$ref": "#/$defs/T0",
            "$defs": {
                f"T{i}": {"type": "object", "required": ["n"], "properties": {"n": {"$ref": f"#/$defs/T{i + 1}"}}}
                for i in range(300)
            }
            | {"T300": {"type": "string"}},
        },
    ],
    ids=["contains itself", "300 levels"],
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
def test_recursion_that_only_the_plan_finds_to_be_endless_is_refused_in_one_line(more):
    definition = {"type": "object", "properties": {"p": {"$ref": "#/$defs/N", **more}}}
    contract = Contract.load({"$schema": DRAFT, "$ref": "#/$defs/N", "$defs": {"N": definition}})
    with pytest.raises(
        ContractError, match=r"no payload can be planned for .* make a property in it optional"
    ) as caught:
        contract.violations()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("error", [RecursionError, type("PanicException", (BaseException,), {})])
def test_a_full_stack_within_the_oracle_is_refused_in_one_line(error, monkeypatch):
    def overflow(*_):
        raise error

    monkeypatch.setattr("contractfuzz.oracle.Oracle.is_valid", overflow)
    contract = Contract.load({"$schema": DRAFT, "type": "array", "uniqueItems": True, "minItems": 1})
    with pytest.raises(ContractError, match="no payload can be planned for document: its types contain each other"):
        contract.violations()
