"""Choices in JSON Structure, tagged and inline, and the branches that their payloads take."""

import pytest
from core_documents import ANIMALS, DOCUMENTS, holding

from contractfuzz import Contract


def test_an_error_in_a_variant_is_reported_at_its_own_location():
    contract = Contract.load(DOCUMENTS["inline choice"])
    labels = set(contract.labels())
    assert {"/it/kind:enum.unknown", "/it(Bird)/wings:type.null", "/it(Fish)/fins:maximum.beyond"} <= labels
    [error] = contract.errors({"it": {"kind": "Cat", "name": "n"}})
    assert (error.pointer, error.keyword) == ("/it/kind", "enum")


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_choice_may_have_any_number_of_variants(count):
    variants = {f"V{i}": {"type": "object", "properties": {f"p{i}": {"type": "int8"}}} for i in range(count)}
    choice = {"type": "choice", "$extends": "#/definitions/Animal", "selector": "kind", "choices": variants}
    contract = Contract.load(holding(choice, definitions=ANIMALS))
    for i in range(count):
        assert contract.is_valid({"it": {"kind": f"V{i}", f"p{i}": 1}})
        assert not contract.is_valid({"it": {"kind": f"V{i}", f"p{i}": "x"}})
    assert {case.payload["it"]["kind"] for case in contract.sample(200)} == set(variants)


def test_a_choice_may_contain_itself():
    terms = {
        "Term": {"abstract": True, "type": "object", "properties": {"note": {"type": "string"}}},
        "Number": {"type": "object", "$extends": "#/definitions/Term", "properties": {"value": {"type": "int8"}}},
        "Sum": {"type": "object", "$extends": "#/definitions/Term", "additionalProperties": False},
    }
    choices = {name: {"type": {"$ref": f"#/definitions/{name}"}} for name in ("Number", "Sum")}
    term = {"type": "choice", "$extends": "#/definitions/Term", "selector": "op", "choices": choices}
    terms["Sum"]["properties"] = {"terms": {"type": "array", "items": term}}
    contract = Contract.load(holding(term, definitions=terms))
    deep = {"op": "Sum", "terms": [{"op": "Number", "value": 1}, {"op": "Sum", "terms": []}]}
    assert contract.is_valid({"it": deep})
    assert not contract.is_valid({"it": {"op": "Sum", "terms": [{"op": "Sum", "terms": [{"op": "Nothing"}]}]}})
    assert all(contract.is_valid(case.payload) for case in contract.sample(50))


@pytest.mark.parametrize("order", [("Number", "Negation"), ("Negation", "Number")])
def test_a_choice_ends_in_a_variant_without_recursion_at_any_position(order):
    term = {"type": {"$ref": "#/definitions/Term"}}
    variants = {
        "Number": {"type": "object", "properties": {"value": {"type": "int8"}}, "required": ["value"]},
        "Negation": {"type": "object", "properties": {"of": term}, "required": ["of"]},
    }
    choices = {name: variants[name] for name in order}
    base = {"abstract": True, "type": "object"}
    definitions = {
        "Base": base,
        "Term": {"type": "choice", "$extends": "#/definitions/Base", "selector": "op", "choices": choices},
    }
    contract = Contract.load(holding(term, definitions=definitions))
    payloads = [case.payload for case in contract.sample(100)]
    assert all(map(contract.is_valid, payloads))
    assert {payload["it"]["op"] for payload in payloads} == {"Number", "Negation"}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)], ids=["leaf last", "leaf first"])
def test_a_payload_ends_in_a_branch_without_recursion_at_any_position(keyword, order):
    branches = [{"type": "object", "properties": {"x": {"$ref": "#"}}, "required": ["x"]}, {"type": "null"}]
    contract = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", keyword: branches[order]})
    payloads = [case.payload for case in contract.sample(50)]
    assert None in payloads
    assert {"x": None} in payloads
