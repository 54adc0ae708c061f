"""Inheritance in JSON Structure: `$extends`."""

from core_documents import ANIMALS, holding

from contractfuzz import Contract


def test_the_first_of_two_base_types_takes_precedence():
    other = {"type": "object", "properties": {"name": {"type": "int8"}, "age": {"type": "int8"}}, "required": ["age"]}
    both = {"type": "object", "$extends": ["#/definitions/Animal", "#/definitions/Aged"]}
    contract = Contract.load(holding(both, definitions={**ANIMALS, "Aged": other}))
    assert contract.is_valid({"it": {"name": "n", "age": 3}})
    assert [error.pointer for error in contract.errors({"it": {"name": 1, "age": 3}})] == ["/it/name"]
    assert not contract.is_valid({"it": {"name": "n"}})


def test_a_type_inherits_from_the_base_types_of_its_base_type():
    owl = {"type": "object", "$extends": "#/definitions/Bird", "properties": {"hoots": {"type": "boolean"}}}
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": owl}))
    assert list(contract.schema["$defs"]["Owl"]["properties"]) == ["name", "wings", "hoots"]
    assert contract.schema["$defs"]["Owl"]["required"] == ["name", "wings"]


def test_a_type_without_additional_properties_allows_inherited_ones():
    owl = {"type": "object", "$extends": "#/definitions/Bird", "additionalProperties": False}
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": owl}))
    assert contract.is_valid({"it": {"name": "n", "wings": 2}})
    assert not contract.is_valid({"it": {"name": "n", "wings": 2, "x": 1}})


def test_a_type_may_contain_a_type_that_extends_it():
    node = {
        "type": "object",
        "properties": {
            "v": {"type": "int8"},
            "child": {"type": "object", "$extends": "#/definitions/Node", "additionalProperties": False},
        },
    }
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Node"}}, definitions={"Node": node}))
    assert contract.is_valid({"it": {"child": {"child": {"v": 2}}}})
    assert not contract.is_valid({"it": {"child": {"child": {"child": {"v": "x"}}}}})
