"""References: resolved within the document, or among the documents that were given."""

import json

import pytest
from core_documents import holding

from contractfuzz import Contract

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
CITY = {"$id": "https://example.org/types/city.json", "name": "City", "type": "string", "maxLength": 40}


def target_of(document, components=()):
    """Load an object with a reference as its property `it`, and return the schema that it leads to."""
    schema = Contract.load(document, components).schema
    reference = schema["properties"]["it"]["$ref"]
    assert reference.startswith("#/$defs/")
    return schema["$defs"][reference.removeprefix("#/$defs/")]


def document(reference, **others):
    return {
        "name": "Document",
        "$id": "https://example.org/types/document.json",
        "type": "object",
        "properties": {"it": {"$ref": reference}},
        **others,
    }


@pytest.mark.parametrize(
    "reference",
    ["#/$defs/Town", "#/definitions/Town", "#/components/schemas/Town", "#/properties/other", "#/allOf/0/items"],
)
def test_a_reference_may_be_a_pointer_within_the_document(reference):
    town = {"type": "string", "maxLength": 7}
    [keyword, *_, name] = reference.removeprefix("#/").split("/")
    others = {
        "$defs": {"$defs": {name: town}},
        "definitions": {"definitions": {name: town}},
        "components": {"components": {"schemas": {name: town}}},
        "properties": {"properties": {"it": {"$ref": reference}, name: town}},
        "allOf": {"allOf": [{"items": town}]},
    }[keyword]
    assert target_of(document(reference, **others)) == town


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/City",
        "#/definitions/City",
        "#/$defs/City",
        "City",
        "https://example.org/types/city.json",
        "https://example.org/types/city.json#",
        "city.json",
        "../types/city.json#",
    ],
)
def test_a_reference_may_be_the_name_or_the_id_of_a_component(reference):
    assert target_of(document(reference), [CITY]) == {"type": "string", "maxLength": 40}


def test_a_reference_may_lead_to_a_location_within_a_component():
    town = {"$id": "https://example.org/types/town.json", "name": "Town", "definitions": {"Zip": {"type": "int32"}}}
    for reference in ("town.json#/definitions/Zip", "Town#/definitions/Zip"):
        assert target_of(document(reference), [town])["maximum"] == 2**31 - 1


def test_a_reference_may_be_the_relative_path_of_a_file(tmp_path):
    (tmp_path / "api").mkdir()
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "city.json").write_text(json.dumps({"type": "string", "maxLength": 40}))
    path = tmp_path / "api" / "document.json"
    path.write_text(json.dumps({"type": "object", "properties": {"it": {"$ref": "../types/city.json"}}}))
    assert target_of(path, [tmp_path / "types"])["maxLength"] == 40


def test_a_path_to_a_file_may_contain_parent_folders(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "city.json").write_text('{"type": "string", "maxLength": 40}')
    (tmp_path / "document.json").write_text('{"type": "object", "properties": {"it": {"$ref": "city.json"}}}')
    indirect = tmp_path / "inner" / ".."
    assert target_of(indirect / "document.json", [indirect])["maxLength"] == 40


@pytest.mark.parametrize("reference", ["#/$defs/a~1b~01c", "#/%24defs/a%7e1b%7E01c"])
def test_escapes_of_pointers_and_of_uris_are_decoded(reference):
    assert target_of(document(reference, **{"$defs": {"a/b~1c": {"type": "string"}}})) == {"type": "string"}


def test_a_reference_may_be_an_anchor():
    town = {"$anchor": "town", "type": "string"}
    assert target_of({"$schema": DRAFT_2020_12, **document("#town", **{"$defs": {"Town": town}})}) == {"type": "string"}


@pytest.mark.parametrize(
    "others",
    [
        {"definitions": {"Town": {"$id": "#town", "type": "string"}}},
        {"items": [True, {"$id": "#town", "type": "string"}]},
    ],
)
def test_a_reference_may_be_an_anchor_of_draft_7(others):
    assert target_of({"$schema": DRAFT_7, **document("#town", **others)}) == {"type": "string"}


def test_a_pointer_starts_from_the_nearest_id_around_the_reference():
    inner = {
        "$id": "inner.json",
        "properties": {"deep": {"$ref": "#/$defs/Town"}},
        "$defs": {"Town": {"type": "string"}},
    }
    schema = Contract.load({"$schema": DRAFT_2020_12, **document("inner.json", **{"$defs": {"inner": inner}})}).schema
    assert schema["$defs"] == {
        "inner": {"properties": {"deep": {"$ref": "#/$defs/Town"}}},
        "Town": {"type": "string"},
    }


def test_an_id_next_to_a_reference_is_ignored_in_draft_7():
    others = {"it": {"$id": "https://elsewhere.example/", "$ref": "#/definitions/Town"}}
    town = {"definitions": {"Town": {"type": "string"}}}
    assert target_of({"$schema": DRAFT_7, **document("", **town), "properties": others}) == {"type": "string"}


def test_a_definition_in_the_document_takes_precedence_over_a_component():
    inside = {"definitions": {"City": {"type": "boolean"}}}
    assert target_of(document("#/definitions/City", **inside), [CITY]) == {"type": "boolean"}


def test_the_document_itself_takes_precedence_over_a_component():
    for reference in ("document.json", "#/definitions/Document"):
        itself = document(reference)
        other = {"name": "Document", "$id": itself["$id"], "type": "boolean"}
        assert Contract.load(itself, [other]).schema["properties"]["it"] == {"$ref": "#"}


def test_components_may_refer_to_each_other_and_to_the_document():
    street = {"name": "Street", "type": "object", "properties": {"in": {"$ref": "#/components/schemas/City"}}}
    city = {"name": "City", "type": "object", "properties": {"on": {"$ref": "#/components/schemas/Document"}}}
    schema = Contract.load(document("#/components/schemas/Street"), [street, city]).schema
    assert schema["properties"]["it"] == {"$ref": "#/$defs/Street"}
    assert schema["$defs"]["Street"]["properties"]["in"] == {"$ref": "#/$defs/City"}
    assert schema["$defs"]["City"]["properties"]["on"] == {"$ref": "#"}


def test_a_component_may_be_of_another_dialect():
    city = {"$schema": DRAFT_7, "title": "City", "items": [{"type": "string"}]}
    assert target_of(document("#/definitions/City"), [city])["prefixItems"] == [{"type": "string"}]


def test_two_equal_components_with_one_name_are_one():
    again = {**CITY, "$id": "https://example.org/elsewhere/city.json"}
    assert target_of(document("#/components/schemas/City"), [CITY, again])["maxLength"] == 40


def test_different_types_with_one_name_stay_separate():
    def with_own_type(kind):
        return {
            "type": "object",
            "properties": {"zip": {"$ref": "#/definitions/Zip"}},
            "definitions": {"Zip": {"type": kind}},
        }

    towns = [{"name": f"Town{i}", **with_own_type(kind)} for i, kind in enumerate(("boolean", "null"))]
    own = with_own_type("string")
    own["properties"] |= {"one": {"$ref": "Town0"}, "two": {"$ref": "Town1"}}
    contract = Contract.load({"name": "It", **own}, towns)
    assert contract.is_valid({"zip": "x", "one": {"zip": True}, "two": {"zip": None}})
    assert not contract.is_valid({"zip": True})
    assert not contract.is_valid({"one": {"zip": None}})
    assert not contract.is_valid({"two": {"zip": "x"}})


def test_names_in_the_lowered_schema_need_no_escaping():
    schema = Contract.load(document("#/$defs/a b~1ü", **{"$defs": {"a b/ü": {"type": "string"}}})).schema
    assert schema["properties"]["it"]["$ref"] == "#/$defs/a_b__"


def test_unused_definitions_are_left_out():
    assert "$defs" not in Contract.load({**CITY, "$defs": {"Town": {"type": "no type at all"}}}).schema


# --- imports of JSON Structure ------------------------------------------------------------------------------------------

STREETS = {
    "$id": "https://example.org/streets",
    "name": "Street",
    "type": "object",
    "properties": {"zip": {"type": {"$ref": "#/definitions/Zip"}}},
    "definitions": {"Zip": {"type": "string", "maxLength": 5}},
}


@pytest.mark.parametrize(
    ("reference", "definitions", "root", "valid", "invalid"),
    [
        ("#/definitions/Street", {}, {"$import": "https://example.org/streets"}, {"zip": "12345"}, {"zip": "123456"}),
        ("#/definitions/Zip", {}, {"$import": "https://example.org/streets"}, "12345", "123456"),
        ("#/definitions/Zip", {}, {"$importdefs": "https://example.org/streets"}, "12345", "123456"),
        (
            "#/definitions/Town/Zip",
            {"Town": {"$importdefs": "https://example.org/streets"}},
            {},
            "12345",
            "123456",
        ),
        (
            "#/definitions/Zip",
            {"Zip": {"type": "string", "maxLength": 2}},
            {"$importdefs": "https://example.org/streets"},
            "12",
            "123",
        ),
    ],
)
def test_types_are_imported_from_the_given_components(reference, definitions, root, valid, invalid):
    importing = holding({"type": {"$ref": reference}}, definitions=definitions, **root)
    contract = Contract.load(importing, [STREETS])
    assert contract.is_valid({"it": valid})
    assert not contract.is_valid({"it": invalid})
