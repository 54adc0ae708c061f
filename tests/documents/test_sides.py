"""Sides: a response has no writeOnly properties, a request no readOnly ones."""

import json

import pytest
from click.testing import CliRunner

from contractfuzz import Contract, ContractError
from contractfuzz.cli.main import cli
from contractfuzz.documents.sides import SIDES

USER = {
    "type": "object",
    "required": ["id", "name", "password"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "name": {"type": "string"},
        "password": {"type": "string", "writeOnly": True},
    },
    "additionalProperties": False,
}
SENT = {"response": {"id", "name"}, "request": {"name", "password"}}


def api(**schemas):
    return {"openapi": "3.0.3", "components": {"schemas": {"User": USER, **schemas}}}


def names_of(schema, **arguments):
    """Return the required and all generated property names of a schema's payloads, which must be valid."""
    contract = Contract.load(schema, **arguments)
    payloads = [case.payload for case in contract.sample(200, profile="closed")]
    assert all(map(contract.is_valid, payloads))
    cases = list(contract.sample(100, "invalid"))
    assert cases
    assert not any(contract.is_valid(case.payload) for case in cases)
    return set.intersection(*map(set, payloads)), set().union(*payloads)


@pytest.mark.parametrize("side", SIDES)
def test_properties_of_the_other_side_are_neither_required_nor_generated(side):
    assert names_of(api(), name="User", side=side) == (SENT[side], SENT[side])


def test_a_contract_is_for_responses_by_default():
    assert Contract.load(api(), name="User").schema == Contract.load(api(), name="User", side="response").schema


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": "#/components/schemas/Open"}, {"required": ["id", "name", "password"]}]},
        {"allOf": [{"$ref": "#/components/schemas/Base"}], "required": ["id", "name", "password"]},
        {"allOf": [{"anyOf": [{"$ref": "#/components/schemas/Open"}]}, {"required": ["id", "name", "password"]}]},
    ],
    ids=["required elsewhere", "a reference to the property", "a branch"],
)
def test_properties_are_found_through_references_and_compositions(side, schema):
    opened = {key: value for key, value in USER.items() if key not in ("additionalProperties", "required")}
    secret = {"type": "string", "writeOnly": True}
    base = {
        **opened,
        "properties": {
            **USER["properties"],
            "password": {"$ref": "#/components/schemas/Secret"},
            "id": {"allOf": [{"$ref": "#/components/schemas/Id"}], "readOnly": True},
        },
    }
    parts = {"Open": opened, "Base": base, "Secret": secret, "Id": {"type": "integer"}}
    required, _ = names_of(api(It={"type": "object", **schema}, **parts), name="It", side=side)
    assert required == SENT[side]


def test_the_side_applies_to_payloads_within_payloads():
    document = {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/User"}}
    for side, names in SENT.items():
        contract = Contract.load(api(It=document), name="It", side=side)
        payloads = [case.payload for case in contract.sample(20)]
        assert all(set(item) == names for payload in payloads for item in payload)


def test_a_recursive_type_keeps_its_other_properties():
    schema = {
        "type": "object",
        "required": ["token", "next"],
        "properties": {
            "token": {"type": "string", "writeOnly": True},
            "next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]},
        },
    }
    contract = Contract.load(schema)
    assert contract.schema["required"] == ["next"]
    assert contract.is_valid({"next": {"next": None}})


def test_names_that_depend_on_others_are_left_out_too():
    schema = {
        "properties": {"a": {}, "b": {"writeOnly": True}, "c": {}},
        "dependentRequired": {"a": ["b", "c"]},
    }
    assert Contract.load(schema).schema["dependentRequired"] == {"a": ["c"]}
    assert Contract.load(schema, side="request").schema["dependentRequired"] == {"a": ["b", "c"]}


def test_a_flag_that_is_data_or_false_has_no_effect():
    schema = {"properties": {"a": {"writeOnly": False}}, "required": ["a"], "const": {"writeOnly": True, "a": 1}}
    loaded = Contract.load(schema).schema
    assert {keyword: loaded[keyword] for keyword in schema} == schema


def test_an_unknown_side_is_an_error():
    with pytest.raises(ContractError, match="unknown side 'respons': did you mean 'response'"):
        Contract.load(USER, side="respons")


@pytest.mark.parametrize("command", [["sample", "-n", "1"], ["violations", "--only", "*:required.missing"]])
def test_commands_take_the_side(command, tmp_path):
    path = tmp_path / "user.json"
    path.write_text(json.dumps(USER))
    outputs = {}
    for side in SIDES:
        result = CliRunner().invoke(cli, [*command, "--contract", str(path), "--side", side])
        assert result.exit_code == 0, result.output
        outputs[side] = {name for name in USER["properties"] if name in result.output}
    assert outputs == SENT
