"""OpenAPI files: one of their components as the contract, or all of them as what a document refers to."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Contract, ContractError

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


def test_a_component_of_a_yaml_file_is_a_contract(shop, assert_whole):
    contract = Contract.load(shop, name="Order")
    assert_whole(contract.schema)
    assert contract.name == "Order"
    assert contract.is_valid({"id": 7, "state": "on", "parts": [{"a": None}]})
    assert not contract.is_valid({"id": 7, "state": True, "parts": []})
    assert not contract.is_valid({"id": 2**63, "state": "on", "parts": []})


def test_a_component_of_a_json_file_is_one_as_well(tmp_path):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(of_3_0({"type": "string"})))
    assert Contract.load(path, name="It").schema["type"] == "string"


def test_the_only_component_needs_no_name():
    assert Contract.load(of_3_0({"type": "string"})).schema["type"] == "string"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (None, "choose a component with name=: its components are Order, Part"),
        ("Ordr", 'has no component "Ordr"; did you mean "Order"?; its components are Order, Part'),
    ],
)
def test_a_component_that_is_not_there_is_told_with_those_that_are(shop, name, said):
    with pytest.raises(ContractError) as caught:
        Contract.load(shop, name=name)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
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
def test_a_schema_of_openapi_3_0_means_what_its_specification_says(schema, right, wrong):
    contract = Contract.load(of_3_0(schema, Other={"type": "string"}), name="It")
    assert [payload for payload in right if not contract.is_valid(payload)] == []
    assert [payload for payload in wrong if contract.is_valid(payload)] == []


def test_an_example_is_carried_over():
    assert Contract.load(of_3_0({"type": "string", "example": "x"})).schema["examples"] == ["x"]


def test_the_command_line_names_a_component_behind_a_number_sign(shop):
    from click.testing import CliRunner

    from contractfuzz.cli.sample import sample

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


def test_a_document_of_that_name_comes_before_it(shop):
    sibling = {"name": "Order", "type": "string"}
    assert Contract.load(REFERRING, [shop, sibling]).is_valid({"order": "x"})


def write(folder, **contents):
    for name, content in contents.items():
        (folder / f"{name.replace('_', '-')}-structure.json").write_text(json.dumps({"name": "Order", **content}))
    return folder


def test_a_document_of_the_same_api_comes_before_all_others(tmp_path):
    write(
        tmp_path,
        shop_api_basket={**REFERRING},
        shop_api_order={"type": "string"},
        crm_api_order={"type": "int32"},
        bank_api_order={"type": "boolean"},
    )
    contract = Contract.load(tmp_path / "shop-api-basket-structure.json", [tmp_path])
    assert contract.is_valid({"order": "x"})


def test_of_the_same_api_a_document_of_the_same_language_comes_first(tmp_path):
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


def test_where_others_differ_the_candidates_are_listed(tmp_path, shop):
    write(tmp_path, shop_api_basket=REFERRING, crm_api_order={"type": "int32"}, bank_api_order={"type": "boolean"})
    with pytest.raises(ContractError) as caught:
        Contract.load(tmp_path / "shop-api-basket-structure.json", [tmp_path, shop])
    assert "could lead to several documents that differ" in str(caught.value)
    assert "bank-api-order-structure.json" in str(caught.value)
    assert "crm-api-order-structure.json" in str(caught.value)


def test_a_folder_without_json_files_is_one_of_yaml_files(shop):
    assert Contract.load(REFERRING, shop.parent).is_valid({"order": {"id": 1, "state": "off", "parts": []}})


# --- YAML ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "is not YAML with a JSON value"),
        ("a: 1\na: 2", "'a' is there twice"),
        ("{[1]: 2}", "a name is not a string"),
        ("a: &a [*a]", "an alias contains itself"),
        ("a: !!python/object:os.system x", "is not YAML with a JSON value"),
        ("a: !!bool x", "is not YAML with a JSON value"),
        ("a: !!timestamp 2025-03-15", "a date is not a JSON value; convert it to one"),
        ("a: [" + "[" * 5000, "is not YAML with a JSON value"),
        ("- 1", "must be a JSON object at its root, not [1]"),
        ("", "is empty; it must hold an object"),
        (
            "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"a{i}: &a{i} [{','.join(['*a' + str(i - 1)] * 10)}]\n" for i in range(1, 12)),
            "its aliases stand for more than 1,000,000 values",
        ),
    ],
)
def test_a_text_that_is_no_json_in_yaml_is_refused(tmp_path, text, said):
    path = tmp_path / "it.yml"
    path.write_text(text)
    with pytest.raises(ContractError) as caught:
        Contract.load(path)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("2025-03-15", "2025-03-15"),
        ("12:30:00", "12:30:00"),
        ("010", 10),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'7'", "7"),
    ],
)
def test_a_word_of_yaml_stands_for_what_json_can_say(tmp_path, text, value):
    path = tmp_path / "it.yaml"
    path.write_text(f"const: {text}\n")
    found = Contract.load(path).schema["const"]
    assert (found, type(found)) == (value, type(value))


def test_aliases_and_merges_are_written_out(tmp_path):
    path = tmp_path / "it.yaml"
    path.write_text(
        "$defs: {a: &a {type: string}}\nproperties:\n  b: *a\n  c: {<<: *a, maxLength: 3}\n  d: {<<: *a, type: integer}\n"
    )
    assert Contract.load(path).schema["properties"] == {
        "b": {"type": "string"},
        "c": {"type": "string", "maxLength": 3},
        "d": {"type": "integer"},
    }


def test_without_pyyaml_the_remedy_is_told(shop, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(
        ContractError, match=r"shop.yaml: is YAML, and PyYAML is not installed; install contractfuzz\[yaml\]"
    ):
        Contract.load(shop, name="Order")


@given(at=st.integers(0, len(OPENAPI)), cut=st.integers(0, 9), put=st.text(":-{}[]&*!|>'\"#%@, \nab1", max_size=4))
def test_a_yaml_file_with_some_characters_replaced_is_read_or_refused(tmp_path_factory, at, cut, put):
    path = tmp_path_factory.getbasetemp() / "mutated.yaml"
    path.write_text(OPENAPI[:at] + put + OPENAPI[at + cut :])
    try:
        schema = Contract.load(path, name="Order").schema
    except ContractError as error:
        told = str(error)
    else:
        assert json.dumps(schema)
        return
    assert told.isprintable()
