"""OpenAPI files: as the document, with one component as the contract, and as components."""

import json

import pytest
from click.testing import CliRunner

from contractfuzz import Contract, ContractError
from contractfuzz.cli.sample import sample

OPENAPI = """\
openapi: 3.1.0
info: {title: Shop, version: 2025-03-15}
paths:
  /orders:
    get: {responses: {200: {description: ok}}}
components:
  schemas:
    Order:
      type: object
      required: [id, state, parts]
      properties:
        id: {type: integer, format: int64, example: 7}
        state: {type: string, enum: [on, off, yes, no]}
        since: {type: string, format: date, example: 2025-03-15}
        parts:
          type: array
          items: {$ref: '#/components/schemas/Part'}
    Part:
      type: object
      additionalProperties: {type: [string, 'null']}
"""


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(OPENAPI)
    return path


def of_3_0(schema, **others):
    return {"openapi": "3.0.3", "components": {"schemas": {"It": schema, **others}}}


def test_a_component_of_a_yaml_file_is_a_contract(shop, assert_self_contained):
    contract = Contract.load(shop, name="Order")
    assert_self_contained(contract.schema)
    assert contract.name == "Order"
    assert contract.is_valid({"id": 7, "state": "on", "parts": [{"a": None}]})
    assert not contract.is_valid({"id": 7, "state": True, "parts": []})
    assert not contract.is_valid({"id": 2**63, "state": "on", "parts": []})


def test_a_component_of_a_json_file_is_a_contract(tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(of_3_0({"type": "string"})))
    assert Contract.load(path, name="It").schema["type"] == "string"


def test_the_only_component_needs_no_name():
    assert Contract.load(of_3_0({"type": "string"})).schema["type"] == "string"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, "shop.yaml#Order): its components are Order, Part"),
        ("Ordr", 'has no component "Ordr"; did you mean "Order"?; its components are Order, Part'),
    ],
)
def test_the_error_for_an_unknown_component_lists_the_known_ones(shop, name, problem):
    with pytest.raises(ContractError) as caught:
        Contract.load(shop, name=name)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"type": "string", "nullable": True}, ["x", None], [1]),
        ({"type": "string", "nullable": False}, ["x"], [None]),
        ({"nullable": True, "minLength": 1}, ["x", 1, None], [""]),
        ({"type": "number", "minimum": 0, "exclusiveMinimum": True}, [1], [0]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1], [2**31]),
        ({"type": "integer", "format": "int64", "maximum": 5}, [5], [6]),
        ({"$ref": "#/components/schemas/Other", "maxLength": 1}, ["xx"], [1]),
        ({"type": "object", "discriminator": {"propertyName": "a"}, "xml": {"name": "b"}}, [{}], [[]]),
    ],
)
def test_a_schema_of_openapi_3_0_follows_its_specification(schema, valid, invalid):
    contract = Contract.load(of_3_0(schema, Other={"type": "string"}), name="It")
    assert [payload for payload in valid if not contract.is_valid(payload)] == []
    assert [payload for payload in invalid if contract.is_valid(payload)] == []


def test_an_example_becomes_one_of_examples():
    assert Contract.load(of_3_0({"type": "string", "example": "x"})).schema["examples"] == ["x"]


def test_the_command_line_names_a_component_after_a_number_sign(shop):
    done = CliRunner().invoke(sample, ["--contract", f"{shop}#Part", "-n", "3"], standalone_mode=False)
    assert done.exception is None
    assert [type(json.loads(line)) for line in done.output.splitlines()] == [dict] * 3


# --- as components ------------------------------------------------------------------------------------------------------

REFERRING = {
    "$schema": "https://json-structure.org/meta/core/v0/#",
    "name": "Basket",
    "type": "object",
    "properties": {"order": {"$ref": "#/components/schemas/Order"}},
}


def test_a_reference_leads_to_a_component_of_an_openapi_file(shop):
    contract = Contract.load(REFERRING, [shop])
    assert contract.is_valid({"order": {"id": 7, "state": "on", "parts": [{"a": "b"}]}})
    assert not contract.is_valid({"order": {"id": 7, "state": "on", "parts": [{"a": 1}]}})


def test_a_document_takes_precedence_over_a_component_of_an_openapi_file(shop):
    sibling = {"name": "Order", "type": "string"}
    assert Contract.load(REFERRING, [shop, sibling]).is_valid({"order": "x"})


def write(folder, **contents):
    for name, content in contents.items():
        (folder / f"{name.replace('_', '-')}-structure.json").write_text(json.dumps({"name": "Order", **content}))
    return folder


def test_a_document_of_the_same_api_takes_precedence(tmp_path):
    write(
        tmp_path,
        shop_api_basket={**REFERRING},
        shop_api_order={"type": "string"},
        crm_api_order={"type": "int32"},
        bank_api_order={"type": "boolean"},
    )
    contract = Contract.load(tmp_path / "shop-api-basket-structure.json", [tmp_path])
    assert contract.is_valid({"order": "x"})


def test_a_document_of_the_same_dialect_takes_precedence_within_an_api(tmp_path):
    from_openapi = {"$schema": "https://json-structure.org/draft/2020-12/schema"}
    strict = {"$schema": REFERRING["$schema"]}
    write(
        tmp_path,
        shop_api_basket={**REFERRING},
        shop_api_order={**from_openapi, "type": "string"},
        shop_api_order_2={**strict, "type": "boolean"},
    )
    contract = Contract.load(tmp_path / "shop-api-basket-structure.json", [tmp_path])
    assert contract.is_valid({"order": True})


def test_the_error_for_different_candidates_lists_them(tmp_path, shop):
    write(tmp_path, shop_api_basket=REFERRING, crm_api_order={"type": "int32"}, bank_api_order={"type": "boolean"})
    with pytest.raises(ContractError) as caught:
        Contract.load(tmp_path / "shop-api-basket-structure.json", [tmp_path, shop])
    assert "could lead to several documents that differ" in str(caught.value)
    assert "bank-api-order-structure.json" in str(caught.value)
    assert "crm-api-order-structure.json" in str(caught.value)


def test_a_folder_without_json_files_stands_for_its_yaml_files(shop):
    assert Contract.load(REFERRING, shop.parent).is_valid({"order": {"id": 1, "state": "off", "parts": []}})


# --- Swagger 2.0 --------------------------------------------------------------------------------------------------------

SWAGGER = {
    "swagger": "2.0",
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer", "format": "int32", "minimum": 0, "exclusiveMinimum": True},
                "tag": {"type": "string", "x-nullable": True},
                "owner": {"$ref": "#/definitions/Owner"},
            },
        },
        "Owner": {"type": "object", "properties": {"name": {"type": "string", "nullable": True, "const": "x"}}},
    },
}


def test_a_definition_of_swagger_2_0_is_a_contract(assert_self_contained):
    contract = Contract.load(SWAGGER, name="Pet")
    assert_self_contained(contract.schema)
    assert contract.is_valid({"id": 1, "tag": None, "owner": {"name": "Ada"}})
    invalid = [{"id": 0}, {"id": 2**31}, {"id": 1, "tag": 1}, {"id": 1, "owner": {"name": None}}]
    assert not any(map(contract.is_valid, invalid))


def test_definitions_of_swagger_2_0_are_components():
    contract = Contract.load({"properties": {"pet": {"$ref": "#/definitions/Pet"}}}, [SWAGGER])
    assert [contract.is_valid({"pet": {"id": number}}) for number in (1, 0)] == [True, False]


def test_a_missing_definition_of_swagger_2_0_lists_the_others():
    with pytest.raises(ContractError, match='has no component "Pat"; did you mean "Pet"'):
        Contract.load(SWAGGER, name="Pat")
